import { inflateRawSync } from "node:zlib";

/** The files of a zip, by the list at its end. */
function unzip(bytes: Buffer): Map<string, string> {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const files = new Map<string, string>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, name, extra, comment, head] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
      bytes.readUInt32LE(at + 42),
    ] as const;
    const from = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28);
    const packed = bytes.subarray(from, from + size);
    const file = method === 0 ? packed : inflateRawSync(packed);
    files.set(bytes.subarray(at + 46, at + 46 + name).toString(), file.toString());
    at += 46 + name + extra + comment;
  }
  return files;
}

/** The cells of each sheet of an XLSX, row by row, as they are shown; and whether there is any formula. */
export function readWorkbook(bytes: Buffer): { sheets: Map<string, string[][]>; formulas: boolean } {
  const files = unzip(bytes);
  const texts = [...(files.get("xl/sharedStrings.xml") ?? "").matchAll(/<si>(.*?)<\/si>/gs)].map(([, inside]) =>
    [...(inside ?? "").matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, text]) => text ?? "").join(""),
  );
  const names = [...(files.get("xl/workbook.xml") ?? "").matchAll(/<sheet name="(.*?)"/g)].map(([, name]) => name ?? "");
  const sheets = new Map<string, string[][]>();
  let formulas = false;
  names.forEach((name, number) => {
    const xml = files.get(`xl/worksheets/sheet${number + 1}.xml`) ?? "";
    formulas ||= xml.includes("<f>") || xml.includes("<f ");
    const rows = [...xml.matchAll(/<row [^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, cells]) =>
      [...(cells ?? "").matchAll(/<c [^>]*?(?:\/>|>(.*?)<\/c>)/gs)].map(([cell, inside]) => {
        const value = /<v>(.*?)<\/v>/.exec(inside ?? "")?.[1] ?? "";
        return /^<c [^>]*t="s"/.test(cell) ? (texts[Number(value)] ?? "") : value;
      }),
    );
    sheets.set(name, rows);
  });
  return { sheets, formulas };
}
