import type { Asset, Doc, LessonMeta } from "$lib/api";
import { attrText, isAssetNode, plainText, walk } from "$lib/lesson/doc";

/** `must` holds the lesson back; `should` is said and left to the writer. */
export interface Check {
  id: "title" | "content" | "licence" | "files_arrived" | "files_sound" | "files_done" | "place" | "alt";
  weight: "must" | "should";
  met: boolean;
}

/** What a lesson needs before the school sees it. The server checks again what it must. */
export function readiness(meta: LessonMeta, doc: Doc, asset: (id: string) => Asset | null): Check[] {
  const blocks = [...walk(doc)].filter((n) => isAssetNode(n.type));
  const files = blocks.map((n) => asset(attrText(n, "asset")));
  const pictures = blocks.filter((n) => n.type === "image");
  const written = blocks.length > 0 || plainText(doc).trim() !== "";
  const checks: Check[] = [
    { id: "title", weight: "must", met: meta.title.trim() !== "" },
    { id: "content", weight: "must", met: written },
    { id: "licence", weight: "must", met: Boolean(meta.licence) },
    { id: "place", weight: "should", met: meta.subject !== null && meta.grade !== null },
  ];
  if (blocks.length > 0) {
    checks.push(
      { id: "files_arrived", weight: "must", met: blocks.every((n) => attrText(n, "asset") !== "") },
      { id: "files_sound", weight: "must", met: files.every((f) => f?.state !== "failed") },
      { id: "files_done", weight: "should", met: files.every((f) => f === null || f.state !== "processing") },
    );
  }
  if (pictures.length > 0) {
    checks.push({
      id: "alt",
      weight: "should",
      met: pictures.every((n) => attrText(n, "alt").trim() !== ""),
    });
  }
  return checks;
}

export const holdsBack = (checks: readonly Check[]): boolean =>
  checks.some((c) => c.weight === "must" && !c.met);
