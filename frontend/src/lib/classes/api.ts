import { body, client, raw } from "$lib/api/client";
import type { Answer, Described, OrgRef, Page, PersonRow, Role } from "$lib/api/types";

export type ClassRow = Answer<Described["ClassRow"]>;
export type JoinSettings = Answer<Described["JoinSettings"]>;
export type JoinPolicy = Described["JoinPolicy"];
export type ClassDetail = ClassRow & { join: JoinSettings | null };
export type ClassTeacher = Answer<Described["ClassTeacher"]>;
export type ClassMember = Answer<Described["ClassMember"]>;
export type MemberState = Described["MemberState"];
export type ClassTeam = Answer<Described["ClassTeam"]>;
export type RosterResult = Answer<Described["RosterResult"]>;
export type Added = Answer<Described["Added"]>;
export type Invitation = Answer<Described["Invitation"]>;
export type Joined = Answer<Described["Joined"]>;
export type Shelf = Described["ClassShelf"];
export type Whose = Described["Whose"];

/** What a class is called and about. */
export interface ClassWords {
  name: string;
  subject: string | null;
  grade: number | null;
}

const at = (id: string) => ({ params: { path: { id } } });
type List<T> = { items: T[] };

export const classes = {
  list: (query: { whose: Whose; shelf: Shelf; q?: string; after?: string; limit?: number }) =>
    body<Page<ClassRow>>(client.GET("/api/classes", { params: { query } })),
  create: (organisation_id: string, words: ClassWords) =>
    body<ClassDetail>(client.POST("/api/classes", { body: { organisation_id, ...words } })),
  get: (id: string) => body<ClassDetail>(client.GET("/api/classes/{id}", at(id))),
  change: (id: string, words: ClassWords) =>
    body<ClassDetail>(client.PUT("/api/classes/{id}", { ...at(id), body: words })),
  archive: (id: string) => body<void>(client.POST("/api/classes/{id}/archive", at(id))),
  restore: (id: string) => body<void>(client.POST("/api/classes/{id}/restore", at(id))),
  setJoin: (id: string, policy: JoinPolicy) =>
    body<JoinSettings>(client.PUT("/api/classes/{id}/join", { ...at(id), body: { policy } })),
  renew: (id: string) => body<JoinSettings>(client.POST("/api/classes/{id}/join/renew", at(id))),
};

export const members = {
  list: async (id: string) =>
    (await body<List<ClassMember>>(client.GET("/api/classes/{id}/members", at(id)))).items,
  add: (id: string, person_ids: string[]) =>
    body<Added>(client.POST("/api/classes/{id}/members", { ...at(id), body: { person_ids } })),
  addGroup: (id: string, class_group_id: string) =>
    body<Added>(
      client.POST("/api/classes/{id}/members/class-group", { ...at(id), body: { class_group_id } }),
    ),
  addRoster: async (id: string, list: Blob | string): Promise<RosterResult> => {
    const headers = { "content-type": "application/octet-stream" };
    const reply = await raw(`/api/classes/${id}/members/roster`, { method: "POST", body: list, headers });
    return (await reply.json()) as RosterResult;
  },
  set: (id: string, member_id: string, state: MemberState) =>
    body<void>(
      client.PUT("/api/classes/{id}/members/{member_id}", {
        params: { path: { id, member_id } },
        body: { state },
      }),
    ),
};

export const teams = {
  list: async (id: string) =>
    (await body<List<ClassTeam>>(client.GET("/api/classes/{id}/teams", at(id)))).items,
  create: (id: string, name: string, inside: string[]) =>
    body<ClassTeam>(client.POST("/api/classes/{id}/teams", { ...at(id), body: { name, members: inside } })),
  change: (id: string, team_id: string, name: string, inside: string[]) =>
    body<ClassTeam>(
      client.PUT("/api/classes/{id}/teams/{team_id}", {
        params: { path: { id, team_id } },
        body: { name, members: inside },
      }),
    ),
  remove: (id: string, team_id: string) =>
    body<void>(client.DELETE("/api/classes/{id}/teams/{team_id}", { params: { path: { id, team_id } } })),
};

export const staff = {
  add: async (id: string, whom: { person_id: string } | { username: string }) =>
    (await body<List<ClassTeacher>>(client.POST("/api/classes/{id}/teachers", { ...at(id), body: whom })))
      .items,
  remove: (id: string, person_id: string) =>
    body<void>(
      client.DELETE("/api/classes/{id}/teachers/{person_id}", { params: { path: { id, person_id } } }),
    ),
  handOver: async (id: string, person_id: string) =>
    (
      await body<List<ClassTeacher>>(
        client.POST("/api/classes/{id}/teachers/{person_id}/hand-over", {
          params: { path: { id, person_id } },
        }),
      )
    ).items,
  addSchool: async (id: string, organisation_id: string) =>
    (
      await body<List<OrgRef>>(
        client.POST("/api/classes/{id}/schools", { ...at(id), body: { organisation_id } }),
      )
    ).items,
  removeSchool: (id: string, organisation_id: string) =>
    body<void>(
      client.DELETE("/api/classes/{id}/schools/{organisation_id}", {
        params: { path: { id, organisation_id } },
      }),
    ),
};

/** People of a school by a part of their name or number. */
export async function findPeople(organisation: string, role: Role, q: string): Promise<PersonRow[]> {
  const query = { organisation, role, q, limit: 20 };
  return (await body<Page<PersonRow>>(client.GET("/api/people", { params: { query } }))).items;
}

const byCode = (code: string) => ({ params: { path: { code } } });
export const joining = {
  look: (code: string) => body<Invitation>(client.GET("/api/class-invitations/{code}", byCode(code))),
  join: (code: string) => body<Joined>(client.POST("/api/class-invitations/{code}", byCode(code))),
};
