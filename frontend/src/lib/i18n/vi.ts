// What every page needs, in this language only: `?vi` makes a copy of the file whose other half the
// bundler drops. The desks of a few (managing, writing) come when they are opened: see areas.ts.
import { vi as common } from "./messages/common?vi";
import { vi as account } from "./messages/account?vi";
import { vi as library } from "./messages/library?vi";
import { vi as lesson } from "./messages/lesson?vi";
import { vi as player } from "./messages/player?vi";
import { vi as upload } from "./messages/upload?vi";

export const messages = { ...common, ...account, ...library, ...lesson, ...player, ...upload };
