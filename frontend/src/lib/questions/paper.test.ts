// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiProblem } from "$lib/api/problem";
import type { Paper, PaperDraft } from "./api";
import { pieces } from "./cut";
import { markOption, settled } from "./keys";
import { PaperDesk } from "./paper.svelte";
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
  paper: () => Promise.resolve({ ...paper(), revision: 9, questions: [asked(1, 1)] }),
  write: (_id: string, draft: PaperDraft) => {
    sent.push(draft);
    return answer();
  },
};
const open = () => new PaperDesk("i1", paper(), 0, server);
const idOf = (desk: PaperDesk, at: number) => desk.items[at]?.id ?? 0;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  answer = () => Promise.resolve({ revision: 4, updated_at: 7 });
});
afterEach(() => vi.useRealTimers());

describe("the import desk", () => {
  test("marking a key settles its doubt and is saved without being asked", async () => {
    const desk = open();
    expect(desk.problems.map((p) => p.code)).toEqual(["key-missing"]);
    desk.change(idOf(desk, 1), (question) => markOption(question, 1));
    expect(desk.problems).toEqual([]);
    expect(desk.state).toBe("changed");
    await vi.advanceTimersByTimeAsync(2000);
    expect(desk.state).toBe("saved");
    expect(sent[0]).toMatchObject({ revision: 3, report: [] });
    expect(sent[0]?.questions[1]?.key).toBe("known");
    expect(desk.revision).toBe(4);
  });

  test("everything can be taken back, step by step", () => {
    const desk = open();
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

  test("a split question and its other half stand beside each other", () => {
    const desk = open();
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

  test("a level is set for a range", () => {
    const desk = open();
    desk.chooseRange(2, 1);
    desk.setLevels(desk.chosen, "vd");
    expect(desk.questions.map((q) => q.level)).toEqual([null, "vd", "vd"]);
  });

  test("the whole paper from light text keeps each question's place in the file", () => {
    const desk = open();
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
    const desk = open();
    answer = () => Promise.reject(new ApiProblem({ code: "newer-draft", status: 409 }));
    desk.remove(new Set([idOf(desk, 0)]));
    await vi.advanceTimersByTimeAsync(2000);
    expect(desk.state).toBe("split");
    await desk.takeTheirs();
    expect(desk.items.length).toBe(1);
    expect(desk.revision).toBe(9);
    desk.undo();
    expect(desk.items.length).toBe(2);
  });

  test("without a line it tries again by itself", async () => {
    const desk = open();
    answer = () => Promise.reject(new ApiProblem({ code: "offline" }));
    desk.remove(new Set([idOf(desk, 0)]));
    await vi.advanceTimersByTimeAsync(2000);
    expect(desk.state).toBe("kept");
    answer = () => Promise.resolve({ revision: 4, updated_at: 7 });
    await vi.advanceTimersByTimeAsync(6000);
    expect(desk.state).toBe("saved");
  });
});
