/** The longer side of a photo as it is sent, in pixels: a page of A4 in which handwriting is read. */
const LONGEST_SIDE = 2000;
const QUALITY = 0.82;
/** Most photos of an answer. */
export const MOST_PHOTOS = 10;

/** What went wrong with some of the photos that were chosen. */
export type PhotoTrouble = "too_many" | "unreadable" | "failed";

/** What this browser cannot read as a picture. */
export class NoPicture extends Error {}

/**
 * A photo as it is sent: upright, no larger than it needs to be, without the place where it was taken. So it takes
 * a tenth of what a telephone makes, which matters on its line.
 */
export async function prepare(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) throw new NoPicture();
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  if (!pen) throw new NoPicture();
  // Paper is white where a picture is transparent.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new NoPicture();
  return blob;
}

const hashes = () => import("@noble/hashes/sha2.js");
const hasSubtle = () => typeof crypto !== "undefined" && Boolean(crypto.subtle);

/** While there is a line: what the browser has not itself could not be fetched when a photo is taken without one. */
export function prepareNames(): void {
  if (!hasSubtle()) void hashes().catch(() => undefined);
}

/** What a photo is called: SHA-256 of its bytes, which over plain HTTP a browser does not work out itself. */
export async function nameOf(photo: Blob): Promise<string> {
  const bytes = new Uint8Array(await photo.arrayBuffer());
  const digest = hasSubtle() ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)) : (await hashes()).sha256(bytes);
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
