/** Tags as typed: parted by commas, no word twice. */
export const tagList = (typed: string): string[] => [
  ...new Set(
    typed
      .split(/[,;\n]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
  ),
];
