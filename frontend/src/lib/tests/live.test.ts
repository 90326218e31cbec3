import { describe, expect, it } from "vitest";
import type { Board, BoardChange } from "./api";
import { applied, namesNew } from "./live.svelte";

const attempt = (id: string, answered: number) => ({ id, answered, heard_at: 1, handed_in: false }) as never;
const board = {
  now: 10,
  question_count: 4,
  rows: [
    { person_id: "an", entrant_id: null, name: "An", number: null, attempt: attempt("a", 1) },
    { person_id: null, entrant_id: "binh", name: "Bình", number: "2", attempt: null },
  ],
} as unknown as Board;

describe("a board that is told what changes", () => {
  it("counts an answer more, and leaves everybody else as they are", () => {
    const change = { now: 12, answered: [["a", 2, 11]], attempts: [] } as unknown as BoardChange;
    const next = applied(board, change);
    expect(next.rows[0]?.attempt).toMatchObject({ id: "a", answered: 2, heard_at: 11 });
    expect(next.rows[1]).toBe(board.rows[1]);
    expect(next.now).toBe(12);
  });
  it("takes in an attempt that has begun, by whose it is", () => {
    const change = {
      now: 12,
      answered: [],
      attempts: [{ person_id: null, entrant_id: "binh", attempt: attempt("b", 0) }],
    } as unknown as BoardChange;
    expect(applied(board, change).rows[1]?.attempt?.id).toBe("b");
    expect(namesNew(board, change)).toBe(false);
    const other = { ...change, attempts: [{ ...change.attempts[0], entrant_id: "cuc" }] } as BoardChange;
    expect(namesNew(board, other)).toBe(true);
  });
});
