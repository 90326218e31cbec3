// Types only: nothing here reaches the bundle.
import type { vi as account } from "./messages/account";
import type { vi as classes } from "./messages/classes";
import type { vi as common } from "./messages/common";
import type { vi as editor } from "./messages/editor";
import type { vi as lesson } from "./messages/lesson";
import type { vi as library } from "./messages/library";
import type { vi as people } from "./messages/people";
import type { vi as player } from "./messages/player";
import type { vi as questions } from "./messages/questions";
import type { vi as rehearsal } from "./messages/rehearsal";
import type { vi as sitting } from "./messages/sitting";
import type { vi as tests } from "./messages/tests";
import type { vi as upload } from "./messages/upload";

export type MessageKey =
  | keyof typeof common
  | keyof typeof account
  | keyof typeof classes
  | keyof typeof people
  | keyof typeof library
  | keyof typeof lesson
  | keyof typeof player
  | keyof typeof editor
  | keyof typeof questions
  | keyof typeof rehearsal
  | keyof typeof sitting
  | keyof typeof tests
  | keyof typeof upload;

/** The English half of an area: every key of the Vietnamese half, no other. */
export type Translation<T> = { readonly [K in keyof T]: string };
