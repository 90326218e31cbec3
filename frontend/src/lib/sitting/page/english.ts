import { en as common } from "$lib/i18n/messages/common?en";
import { en as lesson } from "$lib/i18n/messages/lesson?en";
import { en as sitting } from "$lib/i18n/messages/sitting?en";

export const messages = { ...common, ...lesson, ...sitting };
