/** Whether the server can be reached, as far as the browser and the last request know. */
class Connection {
  #browser = $state(typeof navigator === "undefined" ? true : navigator.onLine);
  #server = $state(true);

  constructor() {
    if (typeof window === "undefined") return;
    window.addEventListener("online", () => {
      this.#browser = true;
      this.#server = true;
    });
    window.addEventListener("offline", () => (this.#browser = false));
  }

  get online(): boolean {
    return this.#browser && this.#server;
  }
  reached() {
    this.#server = true;
  }
  missed() {
    this.#server = false;
  }
}

export const connection = new Connection();
