// What the buttons say, read from the messages themselves: a reworded button fails no test.
import { vi as account } from "../../src/lib/i18n/messages/account";
import { vi as classes } from "../../src/lib/i18n/messages/classes";
import { vi as common } from "../../src/lib/i18n/messages/common";
import { vi as editor } from "../../src/lib/i18n/messages/editor";
import { vi as lesson } from "../../src/lib/i18n/messages/lesson";
import { vi as library } from "../../src/lib/i18n/messages/library";
import { vi as people } from "../../src/lib/i18n/messages/people";
import { vi as player } from "../../src/lib/i18n/messages/player";
import { vi as questions } from "../../src/lib/i18n/messages/questions";
import { vi as rehearsal } from "../../src/lib/i18n/messages/rehearsal";
import { vi as sitting } from "../../src/lib/i18n/messages/sitting";
import { vi as tests } from "../../src/lib/i18n/messages/tests";
import { vi as upload } from "../../src/lib/i18n/messages/upload";

const messages = { ...common, ...account, ...people, ...classes, ...library, ...lesson, ...player, ...editor, ...questions, ...rehearsal, ...sitting, ...tests, ...upload };

/** The Vietnamese text of a message without placeholders. */
export function t(key: keyof typeof messages): string {
  return messages[key];
}
