// Each area ships only this language: `?vi` makes a copy of the file whose other half is dropped by the bundler.
import { vi as common } from "./messages/common?vi";
import { vi as account } from "./messages/account?vi";
import { vi as people } from "./messages/people?vi";
import { vi as library } from "./messages/library?vi";
import { vi as lesson } from "./messages/lesson?vi";
import { vi as player } from "./messages/player?vi";
import { vi as editor } from "./messages/editor?vi";
import { vi as upload } from "./messages/upload?vi";

export const messages = { ...common, ...account, ...people, ...library, ...lesson, ...player, ...editor, ...upload };
