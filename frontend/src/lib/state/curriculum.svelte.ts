import { body, client } from "$lib/api/client";
import type { Curriculum, Subject } from "$lib/api/types";
import { locale } from "$lib/i18n";

// The curriculum is the same for everybody and changes with the server's version: asked for once.
// Subjects' names weigh a few kilobytes; strands and requirements eight times as much, so that only
// those who show them ask for them.
type Detail = "names" | "whole";
const state = $state<{ value: Curriculum | null }>({ value: null });
let have: Detail | null = null;
const asked: Record<Detail, Promise<void> | null> = { names: null, whole: null };

function ask(detail: Detail): Promise<void> {
  asked[detail] ??= body<Curriculum>(client.GET("/api/curriculum", { params: { query: { detail } } })).then(
    (curriculum) => {
      // The names may come after the whole.
      if (have === "whole") return;
      have = detail;
      state.value = curriculum;
    },
    (error) => {
      asked[detail] = null;
      throw error;
    },
  );
  return asked[detail];
}

/** The names and grades of subjects. */
export const loadSubjects = (): Promise<void> => (asked.whole ? asked.whole : ask("names"));
/** Everything: strands and requirements too. */
export const loadCurriculum = (): Promise<void> => ask("whole");

/** What is loaded, or null; reactive. */
export const curriculum = {
  get current(): Curriculum | null {
    return state.value;
  },
  subject(code: string | null): Subject | null {
    return state.value?.subjects.find((subject) => subject.code === code) ?? null;
  },
};

/** A subject's name in the current language; null without one, the code while the list is not loaded. */
export function subjectName(code: string | null): string | null {
  if (code === null) return null;
  return curriculum.subject(code)?.name[locale.current] ?? code;
}
