// Each area ships only this language: `?en` makes a copy of the file whose other half is dropped by the bundler.
import { en as common } from "./messages/common?en";
import { en as account } from "./messages/account?en";
import { en as people } from "./messages/people?en";
import { en as library } from "./messages/library?en";
import { en as lesson } from "./messages/lesson?en";
import { en as player } from "./messages/player?en";
import { en as editor } from "./messages/editor?en";
import { en as upload } from "./messages/upload?en";

export const messages = { ...common, ...account, ...people, ...library, ...lesson, ...player, ...editor, ...upload };
