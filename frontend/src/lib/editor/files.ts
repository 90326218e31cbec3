import type { AssetNodeType } from "$lib/lesson/doc";

const PICTURES = /\.(jpe?g|png|gif|webp|avif|bmp|svg|heic|heif|tiff?)$/i;
const FILMS = /\.(mp4|m4v|mov|mkv|webm|avi|wmv|flv|mts|m2ts|ts|3gp|mpe?g|ogv)$/i;
const SOUNDS = /\.(mp3|m4a|aac|wav|flac|ogg|oga|opus|wma|amr)$/i;

/** The block for a file, by what the browser or else the name says; the server looks inside later. */
export function blockFor(file: { name: string; type: string }): AssetNodeType {
  if (file.type.startsWith("image/") || PICTURES.test(file.name)) return "image";
  if (file.type.startsWith("audio/") || SOUNDS.test(file.name)) return "audio";
  if (file.type.startsWith("video/") || FILMS.test(file.name)) return "video";
  if (file.type === "application/pdf" || /\.pdf$/i.test(file.name)) return "pdf";
  return "file";
}

const BY_KIND: Record<string, AssetNodeType> = {
  picture: "image",
  video: "video",
  audio: "audio",
  pdf: "pdf",
};

/** The block for what the server found inside the file. */
export const blockForKind = (kind: string): AssetNodeType => BY_KIND[kind] ?? "file";

/** "Bai 12 - Dien tro.pdf" as a title: without its ending. */
export const titleFrom = (filename: string): string =>
  filename.replace(/\.[a-z0-9]{1,5}$/i, "").replace(/[_]+/g, " ");
