import { session } from "$lib/state/session.svelte";
import { lobbies, type LinkLobby, type Lobby } from "../api";
import { placeOf } from "./place";

let test: Promise<Lobby> | null = null;
let link: Promise<LinkLobby> | null = null;

/** Asks for what the page will need, at once and side by side; each is taken once. */
export function begin(path: string): void {
  const place = placeOf(path);
  if (place?.kind === "test") test = lobbies.ofTest(place.test);
  if (place?.kind === "link") link = lobbies.ofLink(place.link);
  else session.start().catch(() => undefined);
  for (const asked of [test, link]) asked?.catch(() => undefined);
}

export function lobbyOf(id: string): Promise<Lobby> {
  const asked = test ?? lobbies.ofTest(id);
  test = null;
  return asked;
}

export function linkLobbyOf(id: string): Promise<LinkLobby> {
  const asked = link ?? lobbies.ofLink(id);
  link = null;
  return asked;
}
