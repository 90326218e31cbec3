import { session } from "./session.svelte";

const LEFT = "lopmo.left";

/** Signed out in another tab: this one shows nothing any more. */
export const saysLeft = (event: StorageEvent) => event.key === LEFT;

/** Tells this person's other tabs. */
export function tellLeft(): void {
  try {
    localStorage.setItem(LEFT, String(Date.now()));
  } catch {
    // Storage forbidden: the other tabs find out with their next question to the server.
  }
}

/** A page the browser had put by and brings back must not show what belonged to somebody who left. */
export async function recheck(): Promise<void> {
  const before = session.person?.id;
  document.documentElement.hidden = true;
  try {
    await session.refresh();
  } catch {
    // Without the server nobody else can have signed in.
  }
  if (session.person?.id === before) document.documentElement.hidden = false;
  else location.reload();
}
