export { needMessages, locale, setLocale, startLocale, t, has, errorText, fieldText } from "./locale.svelte";
export * from "./format";
export type { MessageKey, Translation } from "./catalogue";
