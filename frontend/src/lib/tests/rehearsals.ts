import { body, client } from "$lib/api/client";
import type { Answer, Described } from "$lib/api/types";

export type Rehearsal = Answer<Described["Rehearsal"]>;

const at = (id: string) => ({ params: { path: { id } } });

/** Rehearsals: a test is played with synthetic pupils. */
export const rehearsals = {
  list: async (test: string) =>
    (await body<{ items: Rehearsal[] }>(client.GET("/api/tests/{id}/rehearsals", at(test)))).items,
  ask: (test: string, students: number) =>
    body<Rehearsal>(client.POST("/api/tests/{id}/rehearsals", { ...at(test), body: { students } })),
  stop: (id: string) => body<void>(client.POST("/api/rehearsals/{id}/stop", at(id))),
};
