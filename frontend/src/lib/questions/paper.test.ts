// @vitest-environment jsdom
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiProblem } from "$lib/api/problem";
import { indexedShelf, keptOf } from "$lib/keeping/shelf";
import type { Paper, PaperDraft } from "./api";
import { pieces } from "./cut";
import { markOption, settled } from "./keys";
import { PaperDesk, type PaperWritten } from "./paper.svelte";
import { richFromHtml } from "./rich";
import { emptyQuestion, type Entry, type Question } from "./types";

const asked = (number: number, right: number | null): Question =>
  settled({
    ...emptyQuestion("single_choice"),
    address: { part: 1, number, paragraph: number * 5 },
    stem: richFromHtml(`<p>Câu ${number}</p><p>Hỏi?</p>`),
    options: ["A", "B"].map((label, i) => ({
      label,
      content: richFromHtml(label),
      correct: right === null ? null : i === right,
      credit: null,
    })),
  });
const missing: Entry = {
  severity: "warning",
  code: "key-missing",
  message: "",
  address: { part: 1, number: 2, paragraph: 10 },
  source_type: null,
};
const paper = (): Paper => ({
  revision: 3,
  questions: [asked(1, 0), asked(2, null), asked(3, 1)],
  passages: [],
  media: [{ id: "img1", file: "img1.png", mime: "image/png", bytes: 1, url: "/u" }],
  report: [missing],
});

let sent: PaperDraft[] = [];
let answer: () => Promise<{ revision: number; updated_at: number }>;
const server = {
  paper: () => Promise.resolve({ ...paper(), revision: 9, questions: [asked(1, 1)], report: [] }),
  write: (_id: string, draft: PaperDraft) => {
    sent.push(draft);
    return answer();
  },
};
const about = { id: "i1", filename: "de.docx", updated_at: 0 };
let person = 0;
const shelf = () => indexedShelf<PaperWritten>(`p${person}`, "paper");
const open = () => PaperDesk.open(about, paper(), server, shelf());
/** The time after which the desk saves by itself, and the saving. */
const pause = async (desk: PaperDesk) => {
  await vi.advanceTimersByTimeAsync(6000);
  await desk.settle();
};
const idOf = (desk: PaperDesk, at: number) => desk.items[at]?.id ?? 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  person += 1;
  sent = [];
  answer = () => Promise.resolve({ revision: 4, updated_at: 7 });
});
afterEach(() => vi.useRealTimers());

describe("the import desk", () => {
  test("marking a key settles its doubt and is saved without being asked", async () => {
    const desk = await open();
    expect(desk.problems.map((p) => p.code)).toEqual(["key-missing"]);
    desk.change(idOf(desk, 1), (question) => markOption(question, 1));
    expect(desk.problems).toEqual([]);
    expect(desk.state).toBe("changed");
    await pause(desk);
    expect(desk.state).toBe("saved");
    expect(sent[0]).toMatchObject({ revision: 3, report: [] });
    expect(sent[0]?.questions[1]?.key).toBe("known");
    expect(desk.revision).toBe(4);
  });

  test("everything can be taken back, step by step", async () => {
    const desk = await open();
    const [first, second] = [idOf(desk, 0), idOf(desk, 1)];
    desk.remove(new Set([first]));
    desk.mergeWithNext(second);
    expect(desk.items.length).toBe(1);
    desk.undo();
    desk.undo();
    expect(desk.items.map((item) => item.question.address.number)).toEqual([1, 2, 3]);
    expect(desk.problems.length).toBe(1);
    expect(desk.canUndo).toBe(false);
  });

  test("a split question and its other half stand beside each other", async () => {
    const desk = await open();
    const at = pieces(desk.questions[0] ?? emptyQuestion("essay"))[1];
    const made = at ? desk.split(idOf(desk, 0), at) : null;
    expect(desk.items.map((item) => item.question.stem.text)).toEqual([
      "Câu 1",
      "Hỏi?",
      "Câu 2\nHỏi?",
      "Câu 3\nHỏi?",
    ]);
    expect(desk.items[1]?.id).toBe(made);
  });

  test("a level is set for a range", async () => {
    const desk = await open();
    desk.chooseRange(2, 1);
    desk.setLevels(desk.chosen, "vd");
    expect(desk.questions.map((q) => q.level)).toEqual([null, "vd", "vd"]);
  });

  test("the whole paper from light text keeps each question's place in the file", async () => {
    const desk = await open();
    const ids = desk.items.map((item) => item.id);
    const question = { ...asked(3, 0), address: { part: 1, number: 3, paragraph: 1 } };
    desk.replaceAll({ questions: [asked(1, 0), question], passages: [], report: [] });
    expect(desk.items.map((item) => [item.id, item.question.address.paragraph])).toEqual([
      [ids[0], 5],
      [ids[2], 15],
    ]);
    expect(desk.problems).toEqual([]);
  });

  test("saved elsewhere: nothing is overwritten until one is chosen, and undo brings the other back", async () => {
    const desk = await open();
    answer = () => Promise.reject(new ApiProblem({ code: "newer-draft", status: 409 }));
    desk.remove(new Set([idOf(desk, 0)]));
    await pause(desk);
    expect(desk.state).toBe("split");
    await desk.takeTheirs();
    expect(desk.items.length).toBe(1);
    expect(desk.revision).toBe(9);
    desk.undo();
    expect(desk.items.length).toBe(2);
  });

  test("without a line it tries again by itself", async () => {
    const desk = await open();
    answer = () => Promise.reject(new ApiProblem({ code: "offline" }));
    desk.remove(new Set([idOf(desk, 0)]));
    await pause(desk);
    expect(desk.state).toBe("kept");
    answer = () => Promise.resolve({ revision: 4, updated_at: 7 });
    await pause(desk);
    expect(desk.state).toBe("saved");
  });

  test("what was put right without a line is there after a reload, is sent, and is then forgotten", async () => {
    const desk = await open();
    answer = () => Promise.reject(new ApiProblem({ code: "offline" }));
    desk.change(idOf(desk, 1), (question) => markOption(question, 1));
    await pause(desk);
    expect(desk.state).toBe("kept");
    expect(await keptOf(`p${person}`)).toEqual([{ kind: "paper", id: "i1", title: "de.docx" }]);

    const again = await open();
    expect(again.resumed).not.toBeNull();
    expect(again.questions[1]?.key).toBe("known");
    answer = () => Promise.resolve({ revision: 4, updated_at: 7 });
    expect(await again.settle()).toBe(true);
    expect(sent.at(-1)?.questions[1]?.key).toBe("known");
    expect(await keptOf(`p${person}`)).toEqual([]);
    expect((await open()).resumed).toBeNull();
  });

  test("a paper and the text typed of it are asked about once", async () => {
    const text = indexedShelf<{ of: null; text: string }>(`p${person}`, "paper");
    await text.write("i1/light", { of: null, text: "Câu 1.", title: "de.docx", revision: 0, at: 1 });
    const desk = await open();
    answer = () => Promise.reject(new ApiProblem({ code: "offline" }));
    desk.remove(new Set([idOf(desk, 0)]));
    await pause(desk);
    expect(await keptOf(`p${person}`)).toEqual([{ kind: "paper", id: "i1", title: "de.docx" }]);
  });

  test("a colleague at the same computer finds the paper as the server has it", async () => {
    const desk = await open();
    answer = () => Promise.reject(new ApiProblem({ code: "offline" }));
    desk.remove(new Set([idOf(desk, 0)]));
    await pause(desk);
    person += 1;
    const theirs = await open();
    expect(theirs.items.length).toBe(3);
    expect(theirs.resumed).toBeNull();
  });

  test("what this device held can be put aside, and be fetched back", async () => {
    const desk = await open();
    answer = () => Promise.reject(new ApiProblem({ code: "offline" }));
    desk.remove(new Set([idOf(desk, 0)]));
    await pause(desk);
    const again = await open();
    again.forgetResumed();
    expect(again.items.length).toBe(3);
    again.undo();
    expect(again.items.length).toBe(2);
  });

  test("an answer lost on its way is no other writer", async () => {
    const desk = await open();
    answer = () => Promise.reject(new ApiProblem({ code: "offline" }));
    desk.remove(new Set([idOf(desk, 1), idOf(desk, 2)]));
    desk.change(idOf(desk, 0), (question) => markOption(question, 1));
    await pause(desk);
    expect(desk.state).toBe("kept");
    // It had arrived: the server is at revision 9 with just this.
    answer = () =>
      sent.at(-1)?.revision === 9
        ? Promise.resolve({ revision: 10, updated_at: 8 })
        : Promise.reject(new ApiProblem({ code: "newer-draft", status: 409 }));
    await pause(desk);
    expect(desk.state).toBe("saved");
    expect(desk.revision).toBe(10);
  });
});

test("a picture added on the desk stands in the text it was put into, settles its doubt and can be taken back", async () => {
  answer = () => Promise.resolve({ revision: 4, updated_at: 1 });
  const desk = await PaperDesk.open(
    about,
    { ...paper(), report: [missing, { ...missing, code: "missing-figure" }] },
    server,
    shelf(),
  );
  desk.addFile({ id: "img2", file: "img2", mime: "image/png", bytes: 1, url: "/u2" });
  expect(desk.media).toEqual({ img1: "/u", img2: "/u2" });
  desk.addMedium(idOf(desk, 1), "option-1", { id: "img2", sound: false, alt: "Đồ thị" });
  expect(desk.items[1]?.question.options[1]?.content).toEqual({
    html: '<p>B</p><p><img data-media="img2" alt="Đồ thị"></p>',
    text: "B\n[image:img2]",
  });
  expect(desk.report.map((entry) => entry.code)).toEqual(["key-missing"]);
  await pause(desk);
  expect(sent.at(-1)?.questions[1]?.options[1]?.content.html).toContain("img2");
  desk.undo();
  expect(desk.items[1]?.question.options[1]?.content.text).toBe("B");
  expect(desk.report).toHaveLength(2);
  expect(desk.media.img2, "the file stays with the paper, to be put elsewhere").toBe("/u2");
});

test("a type changed by mistake and changed back has lost nothing", async () => {
  const desk = await open();
  const id = idOf(desk, 0);
  const before = desk.items[0]?.question;
  desk.setType(new Set([id]), "short_answer");
  expect(desk.items[0]?.question.options).toEqual([]);
  desk.setLevels(new Set([id]), "vd");
  desk.setType(new Set([id]), "single_choice");
  expect(desk.items[0]?.question).toEqual({ ...before, level: "vd" });
});
