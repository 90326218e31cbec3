import type { Translation } from "../catalogue";

export const vi = {} as const;

export const en: Translation<typeof vi> = {};
