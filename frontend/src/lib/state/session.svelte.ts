import { body, client } from "$lib/api/client";
import type { Capability, Me, SessionInfo } from "$lib/api/types";
import { setLocale } from "$lib/i18n";
import { theme } from "./theme.svelte";

/** Who is signed in here, and what the server says about itself. */
class Session {
  #info = $state<SessionInfo | null>(null);
  /** True while the session has run out and the sign-in dialog lies over the page. */
  expired = $state(false);
  #started: Promise<void> | null = null;
  #waiting: { promise: Promise<void>; settle: () => void } | null = null;

  get person(): Me | null {
    return this.#info?.person ?? null;
  }
  get info(): SessionInfo | null {
    return this.#info;
  }
  get setupNeeded(): boolean {
    return this.#info?.setup_needed ?? false;
  }
  can(capability: Capability): boolean {
    return this.person?.capabilities.includes(capability) ?? false;
  }
  /** Somebody who has anything at all under "Quản lí". */
  get manages(): boolean {
    const needed: Capability[] = ["manage_people", "manage_organisations", "view_audit", "manage_server"];
    return needed.some((capability) => this.can(capability));
  }

  /** Asks once; a failure is thrown to the error page and asked again on the next navigation. */
  start(): Promise<void> {
    this.#started ??= this.refresh().catch((error) => {
      this.#started = null;
      throw error;
    });
    return this.#started;
  }
  async refresh(): Promise<void> {
    await this.#take(await body<SessionInfo>(client.GET("/api/session")));
  }
  async signIn(login: string, password: string): Promise<void> {
    await this.#take(await body<SessionInfo>(client.POST("/api/session", { body: { login, password } })));
    this.#release();
  }
  /** After the server has ended this session by another way. */
  forget(): void {
    if (this.#info) this.#info = { ...this.#info, person: null };
    this.#release();
  }
  async take(info: SessionInfo): Promise<void> {
    await this.#take(info);
  }
  replacePerson(person: Me): void {
    if (this.#info) this.#info = { ...this.#info, person };
  }
  /** Opens the dialog; resolves when the same or another person has signed in (or left). */
  signInAgain(): Promise<void> {
    this.expired = true;
    if (!this.#waiting) {
      let settle = () => {};
      const promise = new Promise<void>((resolve) => (settle = resolve));
      this.#waiting = { promise, settle };
    }
    return this.#waiting.promise;
  }
  #release() {
    this.expired = false;
    this.#waiting?.settle();
    this.#waiting = null;
  }
  async #take(info: SessionInfo): Promise<void> {
    this.#info = info;
    if (!info.person) return;
    theme.set(info.person.theme);
    await setLocale(info.person.locale);
  }
}

export const session = new Session();
