import type { Theme } from "$lib/api/types";

const KEY = "lopmo.theme";
const system = typeof matchMedia === "undefined" ? null : matchMedia("(prefers-color-scheme: dark)");

/** Light, dark, or as the system says; kept on this device so that the first paint is right (theme.js). */
class ThemeChoice {
  #choice = $state<Theme>(stored());

  constructor() {
    system?.addEventListener("change", () => this.#apply());
  }
  get choice(): Theme {
    return this.#choice;
  }
  set(choice: Theme): void {
    this.#choice = choice;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Storage forbidden: the choice lasts until the page is closed.
    }
    this.#apply();
  }
  #apply(): void {
    const dark = this.#choice === "dark" || (this.#choice === "system" && Boolean(system?.matches));
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

export const theme = new ThemeChoice();
