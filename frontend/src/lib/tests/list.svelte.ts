import { client } from "$lib/api/client";
import { PagedList } from "$lib/state/loading.svelte";
import type { TestRow } from "./api";

const CLOCK_EVERY_MS = 10_000;

/** Tests, of one class or of all, and a clock by which they are open or over. */
export class TestList extends PagedList<TestRow> {
  now = $state(Date.now() * 1000);

  constructor(class_id: () => string | undefined = () => undefined) {
    super((after) => client.GET("/api/tests", { params: { query: { after, class_id: class_id() } } }));
  }
  /** Loads, and keeps the clock going; gives what stops it. */
  open(): () => void {
    void this.start();
    const timer = setInterval(() => (this.now = Date.now() * 1000), CLOCK_EVERY_MS);
    return () => clearInterval(timer);
  }
}
