/** What an address of the sitting page shows. */
export type Place = { kind: "test"; test: string } | { kind: "result"; attempt: string } | { kind: "link"; link: string };

export function placeOf(path: string): Place | null {
  const [first, second = "", third, ...rest] = path.split("/").slice(1).filter((part, at) => at < 2 || part !== "");
  if (second === "" || rest.length > 0) return null;
  if (first === "t" && third === undefined) return { kind: "link", link: decodeURIComponent(second) };
  if (first !== "sit") return null;
  return third === undefined ? { kind: "test", test: second } : { kind: "result", attempt: third };
}
