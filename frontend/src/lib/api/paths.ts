import type { Client } from "openapi-fetch";

// Until openapi.json is written by the server, every path is accepted.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type paths = any;

type Call = (
  path: string,
  init?: {
    params?: { path?: Record<string, string | number>; query?: Record<string, unknown> };
    body?: unknown;
    signal?: AbortSignal;
    headers?: Record<string, string>;
    keepalive?: boolean;
    bodySerializer?: (body: never) => BodyInit;
  },
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
) => Promise<{ data?: any; error?: unknown; response: Response }>;

export type ApiClient = Pick<Client<paths>, "use" | "eject"> & Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Call>;
