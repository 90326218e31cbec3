import type { Locale } from "$lib/api/types";

type Messages = Readonly<Record<string, string>>;
/** Parts of the catalogue that only some pages need; their layouts ask for them with `needMessages`. */
export type Area = "classes" | "people" | "editor" | "questions" | "sitting" | "tests";

const files: Record<Locale, Record<Area, () => Promise<Messages>>> = {
  vi: {
    classes: async () => (await import("./messages/classes?vi")).vi,
    people: async () => (await import("./messages/people?vi")).vi,
    editor: async () => (await import("./messages/editor?vi")).vi,
    questions: async () => (await import("./messages/questions?vi")).vi,
    sitting: async () => (await import("./messages/sitting?vi")).vi,
    tests: async () => {
      const [words, rehearsed] = await Promise.all([import("./messages/tests?vi"), import("./messages/rehearsal?vi")]);
      return { ...words.vi, ...rehearsed.vi };
    },
  },
  en: {
    classes: async () => (await import("./messages/classes?en")).en,
    people: async () => (await import("./messages/people?en")).en,
    editor: async () => (await import("./messages/editor?en")).en,
    questions: async () => {
      const [words, said] = await Promise.all([
        import("./messages/questions?en"),
        import("./messages/paper?en"),
      ]);
      return { ...words.en, ...said.en };
    },
    sitting: async () => (await import("./messages/sitting?en")).en,
    tests: async () => {
      const [words, rehearsed] = await Promise.all([import("./messages/tests?en"), import("./messages/rehearsal?en")]);
      return { ...words.en, ...rehearsed.en };
    },
  },
};

export async function loadMessages(locale: Locale, areas: Iterable<Area>): Promise<Messages> {
  const [base, ...extra] = await Promise.all([
    locale === "vi" ? import("./vi") : import("./en"),
    ...[...areas].map((area) => files[locale][area]()),
  ]);
  return Object.assign({}, base.messages, ...extra) as Messages;
}
