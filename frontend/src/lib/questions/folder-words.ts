import { t } from "$lib/i18n";
import type { Folder } from "./api";

/** A root has no name of its own: it is somebody's or an organisation's bank. */
export const folderName = (folder: Folder): string =>
  folder.name ||
  folder.organisation?.name ||
  (folder.scope === "shared" ? (folder.owner?.display_name ?? "") : t("questions.my_bank"));
