import { body, client } from "$lib/api/client";
import type { Curriculum, Subject } from "$lib/api/types";
import { locale } from "$lib/i18n";

// The curriculum is the same for everybody and changes with the server's version: asked for once.
const state = $state<{ value: Curriculum | null }>({ value: null });
let asked: Promise<Curriculum> | null = null;

export function loadCurriculum(): Promise<Curriculum> {
  asked ??= body<Curriculum>(client.GET("/api/curriculum")).then(
    (curriculum) => (state.value = curriculum),
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** The loaded curriculum, or null; reactive. */
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
