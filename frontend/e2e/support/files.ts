import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { crc32 } from "node:zlib";
import type { Page } from "@playwright/test";
import type { Lopmo } from "./server";
import { expect } from "./test";

/** Sends a file over the API as whoever is signed in on the page; gives the asset it became. */
export async function sendFile(
  page: Page,
  lopmo: Lopmo,
  organisation: string,
  path: string,
): Promise<string> {
  const data = readFileSync(path);
  const word = (text: string) => Buffer.from(text).toString("base64");
  const reply = await page.request.post(`${lopmo.address}/api/uploads`, {
    headers: {
      "tus-resumable": "1.0.0",
      "upload-length": String(data.length),
      "upload-metadata": `filename ${word(basename(path))},organisation ${word(organisation)}`,
      "content-type": "application/offset+octet-stream",
    },
    data,
  });
  expect(reply.status(), await reply.text()).toBe(201);
  return reply.headers()["upload-asset"] ?? "";
}

/** Waits until nothing more is to be made of a file. */
export async function expectReady(page: Page, lopmo: Lopmo, asset: string): Promise<void> {
  const state = async () =>
    ((await (await page.request.get(`${lopmo.address}/api/assets/${asset}`)).json()) as { state: string })
      .state;
  await expect.poll(state, { timeout: 180_000 }).toBe("ready");
}

/** A published lesson over the API: words, and a film when there is one. Gives its id. */
export async function publishLesson(
  page: Page,
  lopmo: Lopmo,
  organisation_id: string,
  title: string,
  content: object[],
): Promise<string> {
  const api = `${lopmo.address}/api/lessons`;
  const made = await page.request.post(api, {
    data: { organisation_id, meta: { title, licence: "CC-BY-4.0" } },
  });
  expect(made.status(), await made.text()).toBe(201);
  const draft = (await made.json()) as { id: string; revision: number; meta: object };
  const saved = await page.request.put(`${api}/${draft.id}/draft`, {
    data: { revision: draft.revision, meta: draft.meta, doc: { type: "doc", content } },
  });
  expect(saved.status(), await saved.text()).toBe(200);
  const { revision } = (await saved.json()) as { revision: number };
  const published = await page.request.post(`${api}/${draft.id}/publish`, { data: { revision, note: null } });
  expect(published.status(), await published.text()).toBe(200);
  return draft.id;
}

export const paragraph = (text: string) => ({ type: "paragraph", content: [{ type: "text", text }] });

/** A Word file of these paragraphs, as small as Word still opens it. */
export function wordFile(paragraphs: string[]): Buffer {
  const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const types = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
  const body = paragraphs.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join("");
  return archive({
    "[Content_Types].xml": `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${types}"/></Types>`,
    "_rels/.rels": `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/document.xml": `${xml}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
  });
}

/** A zip archive of texts and bytes, stored without compression. */
export function archive(files: Record<string, string | Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, bytes] = [Buffer.from(name), Buffer.isBuffer(text) ? text : Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, path, bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, rest, path]));
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entries, end]);
}
