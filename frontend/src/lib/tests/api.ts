import { body, client } from "$lib/api/client";
import type { Answer, Described, Page } from "$lib/api/types";
import type { QuestionRow } from "$lib/questions/api";
import type { Review, ShownPaper } from "$lib/sitting/api";

export type TestRow = Answer<Described["TestRow"]>;
export type PartRules = Described["PartRules"];
export type Plan = Answer<Described["TestPlan"]>;
export type PlanPart = Plan["parts"][number];
export type Settings = Answer<Described["TestSettings"]>;
export type Release = Described["Release"];
export type Template = Answer<Described["TestTemplate"]>;
export type Given = Answer<Described["TestGiven"]>;
export type TestDetail = Omit<Answer<Described["TestDetail"]>, "questions"> & { questions: QuestionRow[] };
export interface TargetInput {
  class_id: string;
  team_id: string | null;
  member_id: string | null;
}
export interface Whom {
  person_id: string | null;
  entrant_id: string | null;
}
export type TestException = Answer<Described["TestException"]>;
export type MakeUp = Answer<Described["MakeUpInput"]>;
export type BoardChange = Omit<Answer<Described["TestBoardChange"]>, "answered"> & { answered: [string, number, number][] };
export type Board = Answer<Described["TestBoard"]>;
export type BoardRow = Board["rows"][number];
export type Action = Described["AttemptAction"];
export type LinkInput = Described["TestLinkInput"];
export type AttemptDetail = Omit<Answer<Described["AttemptDetail"]>, "review"> & { review: Review };
export type Solution = Described["TestSolution"];
export type Ruling = Described["TestRuling"];
export type TestKey = Omit<Answer<Described["TestKey"]>, "items" | "paper"> & {
  paper: ShownPaper;
  items: { solution: Solution | null; ruling: Ruling; statistics: Answer<Described["TestItemStatistics"]> | null }[];
};
export type KeyEffect = Answer<Described["TestKeyEffect"]>;
export interface KeyChange {
  revision: number;
  item: number;
  ruling: Ruling;
  solution: Solution | null;
  note: string;
}

/** What a teacher writes of a test. */
export interface TestWords {
  title: string;
  subject: string | null;
  grade: number | null;
  plan: Plan;
  settings: Settings;
}

const at = (id: string) => ({ params: { path: { id } } });
// Fields with defaults are optional in the description, and always there in what is sent.
const sent = <T>(value: unknown) => value as T;

export const tests = {
  templates: async () => (await body<{ items: Template[] }>(client.GET("/api/test-templates"))).items,
  create: (organisation_id: string, words: Pick<TestWords, "title" | "subject" | "plan"> & { settings: Partial<Settings> }) =>
    body<TestDetail>(
      client.POST("/api/tests", { body: sent<Described["NewTest"]>({ organisation_id, grade: null, ...words }) }),
    ),
  get: (id: string) => body<TestDetail>(client.GET("/api/tests/{id}", at(id))),
  save: (id: string, revision: number, words: TestWords) =>
    body<TestDetail>(
      client.PUT("/api/tests/{id}", { ...at(id), body: sent<Described["TestInput"]>({ revision, ...words }) }),
    ),
  remove: (id: string) => body<void>(client.DELETE("/api/tests/{id}", at(id))),
  give: (id: string, revision: number, targets: TargetInput[], link: LinkInput) =>
    body<TestDetail>(client.POST("/api/tests/{id}/give", { ...at(id), body: { revision, targets, link } })),
  tryOut: (id: string) => body<void>(client.POST("/api/tests/{id}/try", at(id))),
  setException: (id: string, whom: Whom, exception: TestException) =>
    body<Given>(client.PUT("/api/tests/{id}/exceptions", { ...at(id), body: { ...whom, exception } })),
  makeUp: (id: string, input: MakeUp) =>
    body<Given>(client.POST("/api/tests/{id}/make-up", { ...at(id), body: input })),
  takeBack: (id: string) => body<TestDetail>(client.POST("/api/tests/{id}/take-back", at(id))),
  board: (id: string) => body<Board>(client.GET("/api/tests/{id}/board", at(id))),
  message: (id: string, attempt_id: string | null, text: string) =>
    body<unknown>(client.POST("/api/tests/{id}/messages", { ...at(id), body: { attempt_id, text } })),
  attempt: (id: string) => body<AttemptDetail>(client.GET("/api/attempts/{id}", at(id))),
  mark: (id: string, item: number, points: string | null, comment: string) =>
    body<AttemptDetail>(
      client.PUT("/api/attempts/{id}/marks/{item}", { params: { path: { id, item } }, body: { points, comment } }),
    ),
  key: (id: string) => body<TestKey>(client.GET("/api/tests/{id}/key", at(id))),
  keyEffect: (id: string, change: KeyChange) =>
    body<KeyEffect>(client.POST("/api/tests/{id}/key/effect", { ...at(id), body: change })),
  correctKey: (id: string, change: KeyChange) =>
    body<TestKey>(client.POST("/api/tests/{id}/key", { ...at(id), body: change })),
  act: (id: string, action: Action) =>
    body<void>(client.POST("/api/attempts/{id}/actions", { ...at(id), body: action })),
};

const PICKED = "lopmo.for-a-test";

/** Questions for a new test, in their order. */
export interface HandedOver {
  /** What the paper they came from is called; empty where they were picked from the bank. */
  title: string;
  /** The subject they were filed under. */
  subject: string | null;
  /** `part` is the paper's part they stood in, from 1; 0 where there is none. */
  questions: readonly { id: string; part: number }[];
}
const NOTHING: HandedOver = { title: "", subject: null, questions: [] };

/** Hands questions over to the page that makes a test, on this tab only. */
export function handOver(questions: HandedOver): void {
  sessionStorage.setItem(PICKED, JSON.stringify(questions));
}
export function handedOver(): HandedOver {
  const kept = sessionStorage.getItem(PICKED);
  // Nobody else writes there.
  return kept === null ? NOTHING : (JSON.parse(kept) as HandedOver);
}
export const forgetHandedOver = () => sessionStorage.removeItem(PICKED);
