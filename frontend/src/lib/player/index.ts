export { default as Player } from "./Player.svelte";
export { sendTo } from "./report";
