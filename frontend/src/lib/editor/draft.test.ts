import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem, type Doc, type LessonDraft } from "$lib/api";
import { dropAllOf, indexedShelf, keptOf } from "$lib/keeping/shelf";
import { joined, plainText } from "$lib/lesson/doc";
import { Draft, type DraftServer } from "./draft.svelte";

vi.mock("$lib/api", async () => await import("$lib/api/problem"));

const text = (words: string): Doc => ({
  type: "doc",
  content: [{ type: "paragraph", content: [{ type: "text", text: words }] }],
});
const words = (doc: Doc) => doc.content?.[0]?.content?.[0]?.text;

function stored(doc: Doc, revision = 1): LessonDraft {
  return {
    id: "l1",
    organisation: { id: "o", name: "Trường", kind: "school", code: null },
    state: "draft",
    revision,
    meta: {
      title: "Bài 1",
      summary: null,
      subject: null,
      grade: null,
      strand: null,
      requirement: null,
      language: "vi",
      licence: "CC-BY-4.0",
      authors: [],
      cover_asset_id: null,
      tags: [],
    },
    doc,
    assets: [],
    saved_at: 0,
    version: null,
    can_publish: true,
  };
}

/** A server of one lesson that behaves as the contract says. */
class School implements DraftServer {
  saves = 0;
  line: "up" | "down" = "up";
  constructor(public draft: LessonDraft) {}
  async read() {
    return structuredClone(this.draft);
  }
  async save(_id: string, sent: { revision: number; meta: LessonDraft["meta"]; doc: Doc }) {
    if (this.line === "down") throw new ApiProblem({ code: "offline" });
    if (sent.revision !== this.draft.revision) throw new ApiProblem({ code: "newer-draft", status: 409 });
    this.saves += 1;
    this.draft = { ...this.draft, ...sent, revision: sent.revision + 1 };
    return { revision: this.draft.revision, saved_at: 5, dropped: [] };
  }
}

let person = 0;
function desk(doc = text("Xin chào")) {
  const school = new School(stored(doc));
  person += 1;
  const local = indexedShelf<{ meta: LessonDraft["meta"]; doc: Doc }>(`p${person}`, "lesson");
  return { school, local, open: async () => Draft.open(await school.read(), school, local) };
}

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => vi.useRealTimers());

describe("writing a lesson", () => {
  it("typing is saved by itself after a pause, once", async () => {
    const { school, open } = desk();
    const draft = await open();
    draft.writeDoc(text("Một"));
    draft.writeDoc(text("Một hai"));
    expect(draft.state).toBe("changed");
    await vi.advanceTimersByTimeAsync(1600);
    await draft.settle();
    expect(draft.state).toBe("saved");
    expect(school.saves).toBe(1);
    expect(words(school.draft.doc)).toBe("Một hai");
  });

  it("without the network everything stays on this device and is there after a reload", async () => {
    const { school, open, local } = desk();
    const draft = await open();
    school.line = "down";
    draft.writeDoc(text("Viết khi mất mạng"));
    expect(await draft.settle()).toBe(false);
    expect(draft.state).toBe("kept");

    const reopened = await open();
    expect(words(reopened.current)).toBe("Viết khi mất mạng");
    school.line = "up";
    expect(await reopened.settle()).toBe(true);
    expect(words(school.draft.doc)).toBe("Viết khi mất mạng");
    expect(await local.read("l1")).toBeNull();
  });

  it("a lesson saved elsewhere asks which to keep, and mine can win", async () => {
    const { school, open } = desk();
    const draft = await open();
    school.draft = stored(text("Của đồng nghiệp"), 9);
    draft.writeDoc(text("Của tôi"));
    await draft.settle();
    expect(draft.state).toBe("split");
    await draft.takeMine();
    expect(draft.state).toBe("saved");
    expect(words(school.draft.doc)).toBe("Của tôi");
  });

  it("taking theirs can be undone", async () => {
    const { school, open } = desk();
    const draft = await open();
    school.draft = stored(text("Của đồng nghiệp"), 9);
    draft.writeDoc(text("Của tôi"));
    await draft.settle();
    const back = await draft.takeTheirs();
    expect(words(draft.current)).toBe("Của đồng nghiệp");
    back();
    await draft.settle();
    expect(words(school.draft.doc)).toBe("Của tôi");
  });

  it("keeping mine can be undone", async () => {
    const { school, open } = desk();
    const draft = await open();
    school.draft = stored(text("Của đồng nghiệp"), 9);
    draft.writeDoc(text("Của tôi"));
    await draft.settle();
    const back = await draft.takeMine();
    back();
    await draft.settle();
    expect(words(school.draft.doc)).toBe("Của đồng nghiệp");
  });

  it("both texts can be kept, one below the other, and the server has both", async () => {
    const { school, open, local } = desk();
    const draft = await open();
    school.draft = stored(text("Của đồng nghiệp"), 9);
    draft.writeDoc(text("Của tôi"));
    await draft.settle();
    await draft.takeBoth((mine, other) => joined(mine, other.doc, "Bản kia"));
    expect(draft.state).toBe("saved");
    expect(school.draft.doc.content?.map(plainText)).toEqual(["Của tôi", "", "Bản kia", "Của đồng nghiệp"]);
    expect(await local.read("l1")).toBeNull();
  });

  it("a split lesson is still split after a reload, with both texts at hand", async () => {
    const { school, open } = desk();
    const draft = await open();
    school.draft = stored(text("Của đồng nghiệp"), 9);
    draft.writeDoc(text("Của tôi"));
    await draft.settle();
    const reopened = await open();
    expect(reopened.state).toBe("split");
    expect(words(reopened.current)).toBe("Của tôi");
    expect(reopened.other && words(reopened.other.doc)).toBe("Của đồng nghiệp");
  });

  it("a file still on its way keeps its place on this device though the server does not get it", async () => {
    const { school, open } = desk();
    const draft = await open();
    const doc = text("Xem video");
    doc.content?.push({ type: "video", attrs: { asset: null, upload: "u1" } });
    draft.writeDoc(doc);
    await draft.settle();
    expect(school.draft.doc.content).toHaveLength(1);
    expect((await open()).current.content).toHaveLength(2);
  });
  it("what is on this device is told apart by person, and one person's can be dropped", async () => {
    const { school, open } = desk();
    const mine = `p${person}`;
    const draft = await open();
    school.line = "down";
    draft.writeDoc(text("Chưa gửi"));
    await draft.settle();
    expect(await keptOf(mine)).toEqual([{ kind: "lesson", id: "l1", title: "Bài 1" }]);
    expect(await keptOf(`${mine}9`)).toEqual([]);
    await dropAllOf(`${mine}9`);
    expect(await keptOf(mine)).toHaveLength(1);
    await dropAllOf(mine);
    expect(await keptOf(mine)).toEqual([]);
  });
});
