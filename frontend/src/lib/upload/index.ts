export { default as UploadTray } from "./UploadTray.svelte";
export { default as UploadRow } from "./UploadRow.svelte";
export { uploads, type UploadItem } from "./queue.svelte";
export { failureText } from "./failure";
