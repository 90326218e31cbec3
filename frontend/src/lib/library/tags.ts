/** Tags or names as typed: separated by commas, none twice. */
export const tagList = (typed: string): string[] => [
  ...new Set(
    typed
      .split(/[,;\n]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
  ),
];
