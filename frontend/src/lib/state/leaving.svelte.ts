import { tick } from "svelte";
import { body, client } from "$lib/api/client";
import type { Kept } from "$lib/keeping/shelf";
import { forgetOwner } from "$lib/sitting/page/owner";
import { tellLeft } from "./left";
import { session } from "./session.svelte";

/** What a person would leave behind on this device: written or chosen here, and not on the server. */
export interface Unsent {
  kept: Kept[];
  files: string[];
}

/** What becomes of it. Kept, it waits for the same person on this device; nobody else is shown it. */
export type Fate = "keep" | "drop";

/**
 * Signing out. Nothing unsent goes without a question, and afterwards nothing is left for the next
 * person on a shared computer: the server has the browser empty its cache, the page starts anew.
 */
class Leaving {
  /** The question is open. */
  unsent = $state.raw<Unsent | null>(null);
  #end: (() => Promise<unknown>) | null = null;

  signOut(): Promise<void> {
    return this.#leave(() => body(client.DELETE("/api/session")));
  }
  signOutEverywhere(): Promise<void> {
    return this.#leave(() => body(client.DELETE("/api/session/devices")));
  }
  /** The session has ended already: the server is only told so that the cache goes too. */
  signOutExpired(): Promise<void> {
    return this.#leave(() => fetch("/api/session", { method: "DELETE" }).catch(() => undefined));
  }

  async choose(fate: Fate): Promise<void> {
    if (this.#end) await this.#go(this.#end, fate);
  }
  stay(): void {
    this.unsent = this.#end = null;
  }

  async #leave(end: () => Promise<unknown>): Promise<void> {
    const unsent = await unsentOf(session.person?.id ?? "");
    if (unsent.kept.length + unsent.files.length === 0) return this.#go(end, "drop");
    this.#end = end;
    this.unsent = unsent;
  }

  async #go(end: () => Promise<unknown>, fate: Fate): Promise<void> {
    const person = session.person?.id ?? "";
    const { uploads } = await import("$lib/upload/queue.svelte");
    await uploads.close();
    try {
      await end();
    } catch (error) {
      uploads.open(person);
      throw error;
    }
    if (fate === "drop") await dropAll(person);
    // The page on which she sat a test does not open without network for whoever comes next.
    forgetOwner();
    if ("caches" in window) await caches.delete("lopmo-papers").catch(() => false);
    // Her other tabs leave too.
    tellLeft();
    session.forget();
    // The tray, which would ask about uploads, goes first.
    await tick();
    // A new page and not a way inside this one: what it has in memory goes with it.
    location.replace("/sign-in");
  }
}

export const leaving = new Leaving();

async function unsentOf(person: string): Promise<Unsent> {
  const [{ keptOf }, { recall }, { unsentTestsOf }] = await stores();
  const [written, sat] = await Promise.all([
    keptOf(person).catch(() => []),
    unsentTestsOf(person).catch(() => []),
  ]);
  const kept: Kept[] = [...sat.map((test) => ({ ...test, kind: "sitting" as const })), ...written];
  const files = recall(localStorage, person).filter((entry) => entry.asset === null);
  return { kept, files: files.map((entry) => entry.filename) };
}

async function dropAll(person: string): Promise<void> {
  const [{ dropAllOf }, { forgetUploads }, { dropTestsOf }] = await stores();
  await Promise.all([dropAllOf(person), dropTestsOf(person)].map((gone) => gone.catch(() => undefined)));
  forgetUploads(localStorage, person);
}

const stores = () => Promise.all([import("$lib/keeping/shelf"), import("$lib/upload/remembered"), import("$lib/sitting/store")]);
