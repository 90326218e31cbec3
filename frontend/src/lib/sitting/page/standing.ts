import { asProblem } from "$lib/api/problem";
import { session } from "$lib/state/session.svelte";
import { forgetOwner, remembered } from "./owner";

/** A server that says nothing for so long is not waited for where the device knows who sits. */
const PATIENCE_MS = 4000;

/**
 * Whose page this is. Nobody's: then she is on her way to where she must be first. When the server cannot
 * be asked, it is whoever sat here last and has not signed out.
 */
export async function whoSits(): Promise<string | null> {
  const known = remembered();
  const asked = session.start();
  const silence = new Promise<"silence">((resolve) => setTimeout(() => resolve("silence"), PATIENCE_MS));
  try {
    const first = await (known ? Promise.race([asked, silence]) : asked);
    if (first === "silence") {
      void asked.then(() => session.person?.id !== known && location.reload()).catch(() => undefined);
      return known;
    }
  } catch (error) {
    const { code, status } = asProblem(error);
    if (known && (code === "offline" || status >= 500)) return known;
    throw error;
  }
  const { person } = session;
  if (person && !person.must_change_password) {
    if (known !== person.id) forgetOwner();
    return person.id;
  }
  const here = encodeURIComponent(location.pathname);
  location.replace(session.setupNeeded ? "/setup" : person ? "/account/password" : `/sign-in?next=${here}`);
  return null;
}
