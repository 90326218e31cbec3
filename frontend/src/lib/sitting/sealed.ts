import { prepareFormulas } from "$lib/lesson/formula";
import { device, type SealedPaper, type ShownPaper, type Sitting } from "./api";

/** Whether this browser can open what is sealed. Over plain HTTP it has nothing to do it with. */
export const canOpen = (): boolean =>
  typeof crypto !== "undefined" &&
  Boolean(crypto.subtle) &&
  typeof DecompressionStream !== "undefined";

const fetched = new Map<string, Promise<ArrayBuffer>>();

/** Fetches a sealed thing once; a failure is not remembered. */
function bytesOf(url: string): Promise<ArrayBuffer> {
  let asked = fetched.get(url);
  if (!asked) {
    asked = fetch(url, { credentials: "omit" }).then((reply) => {
      if (!reply.ok) throw new Error(String(reply.status));
      return reply.arrayBuffer();
    });
    asked.catch(() => fetched.delete(url));
    fetched.set(url, asked);
  }
  return asked;
}

/** What a lobby says a paper takes. */
export interface Ahead {
  paper: SealedPaper;
  formulas: boolean;
  chemistry: boolean;
  files: number;
}

/** In the lobby already: at the bell only the key is missing. One after another, what is read first comes first. */
export async function fetchAhead({ paper, formulas, chemistry, files }: Ahead): Promise<void> {
  const ignore = () => undefined;
  const sealed = canOpen();
  if (sealed) await bytesOf(paper.url).catch(ignore);
  if (formulas) await prepareFormulas(chemistry ? "chemical" : "plain").catch(ignore);
  for (let number = 1; sealed && number <= files; number++) await bytesOf(fileOf(paper, number)).catch(ignore);
}
const fileOf = (paper: SealedPaper, number: number) => `${paper.url}/files/${number}`;

/** The number of a thing, in twelve bytes, is its nonce; the paper has the number 0. */
export function nonceOf(number: number): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, BigInt(number));
  return nonce;
}

async function unseal(key: string, number: number, sealed: ArrayBuffer): Promise<ArrayBuffer> {
  const secret = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
  const opener = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["decrypt"]);
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: nonceOf(number) }, opener, sealed);
}

/** The paper of a sitting: the sealed one opened here, else as the server opens it. */
export async function openPaper(sitting: Sitting): Promise<ShownPaper> {
  if (canOpen()) {
    try {
      const small = await unseal(sitting.seal_key, 0, await bytesOf(sitting.paper.url));
      const whole = new Blob([small]).stream().pipeThrough(new DecompressionStream("gzip"));
      return (await new Response(whole).json()) as ShownPaper;
    } catch {
      // Broken on its way or by an old browser: the server opens it.
    }
  }
  return device.paper(sitting.token);
}

/** A picture or sound of it. */
export async function openFile(sitting: Sitting, number: number, mime: string): Promise<Blob> {
  if (canOpen()) {
    try {
      const sealed = await bytesOf(fileOf(sitting.paper, number));
      return new Blob([await unseal(sitting.seal_key, number, sealed)], { type: mime });
    } catch {
      // As above.
    }
  }
  return device.file(sitting.token, number);
}

/** The numbers of all files of a paper, with their media types. */
export function filesOf(paper: ShownPaper): Map<number, string> {
  const files = new Map<number, string>();
  for (const { media } of [...paper.items, ...paper.passages])
    for (const { number, mime } of Object.values(media ?? {})) files.set(number, mime);
  return files;
}
