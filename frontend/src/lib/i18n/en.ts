// What every page needs, in this language only: `?en` makes a copy of the file whose other half the
// bundler drops. The desks of a few (managing, writing) come when they are opened: see areas.ts.
import { en as common } from "./messages/common?en";
import { en as account } from "./messages/account?en";
import { en as library } from "./messages/library?en";
import { en as lesson } from "./messages/lesson?en";
import { en as player } from "./messages/player?en";
import { en as upload } from "./messages/upload?en";

export const messages = { ...common, ...account, ...library, ...lesson, ...player, ...upload };
