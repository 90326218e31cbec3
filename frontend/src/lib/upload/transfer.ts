import type { DetailedError, Upload } from "tus-js-client";

/** What one transfer tells its queue. Bytes are counted as the server accepted or is receiving them. */
export interface TransferEvents {
  progress(sent: number): void;
  /** So much is on the server's disk. */
  kept(bytes: number): void;
  /** The server keeps the file as this asset. */
  arrived(asset: string): void;
  /** The line or the server is away; the bytes so far are kept there. */
  interrupted(): void;
  /** The server refuses: `code` is a message key under `error.`. */
  refused(code: string): void;
}

export interface Transfer {
  start(): Promise<void>;
  pause(): Promise<void>;
  /** Stops and has the server forget what it got. */
  cancel(): Promise<void>;
}

export interface TransferFile {
  file: File;
  organisation: string;
  /** Two people on one computer must not continue each other's uploads. */
  person: string;
}

const ENDPOINT = "/api/uploads";
const CHUNK_BYTES = 8 * 1024 * 1024;

export function fingerprint({ file, organisation, person }: TransferFile): string {
  return ["lopmo", person, organisation, file.name, file.size, file.lastModified].join(":");
}

/** The code of a problem+json answer; by status where the body is not ours (a proxy's page). */
export function refusalCode(status: number, body: string): string {
  try {
    const problem: unknown = JSON.parse(body);
    if (problem && typeof problem === "object" && "code" in problem && typeof problem.code === "string")
      return problem.code;
  } catch {
    // Not JSON: the status has to do.
  }
  if (status === 401) return "session-expired";
  if (status === 413) return "too-large";
  if (status === 507) return "disk-full";
  return "bad-request";
}

/** Whether trying again by itself can help: everything but a refusal. */
export function worthRetrying(status: number): boolean {
  return (
    status === 0 || status === 409 || status === 423 || status === 429 || (status >= 500 && status !== 507)
  );
}

/** Sends a file by tus; what a former visit began is continued when the server still has it. */
export async function openTransfer(what: TransferFile, events: TransferEvents): Promise<Transfer> {
  const tus = await import("tus-js-client");
  let arrivedAs: string | null = null;

  const onError = (error: Error | DetailedError) => {
    const response = "originalResponse" in error ? error.originalResponse : null;
    const status = response?.getStatus() ?? 0;
    if (worthRetrying(status)) events.interrupted();
    else events.refused(refusalCode(status, response?.getBody() ?? ""));
  };

  const make = () =>
    new tus.Upload(what.file, {
      endpoint: ENDPOINT,
      chunkSize: CHUNK_BYTES,
      retryDelays: [300, 1000, 3000, 5000],
      metadata: { filename: what.file.name, organisation: what.organisation },
      fingerprint: () => Promise.resolve(fingerprint(what)),
      storeFingerprintForResuming: true,
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => worthRetrying(error.originalResponse?.getStatus() ?? 0),
      onProgress: (sent) => events.progress(sent),
      onChunkComplete: (_chunk, accepted) => events.kept(accepted),
      onAfterResponse: (_request, response) => {
        arrivedAs = response.getHeader("Upload-Asset") ?? arrivedAs;
      },
      onError,
      onSuccess: () => (arrivedAs ? events.arrived(arrivedAs) : events.refused("internal")),
    });
  const upload: Upload = make();

  return {
    async start() {
      const former = (await upload.findPreviousUploads()).at(-1);
      if (former && !upload.url) upload.resumeFromPreviousUpload(former);
      upload.start();
    },
    pause: () => upload.abort(),
    async cancel() {
      await upload.abort(true).catch(() => undefined);
      for (const former of await upload.findPreviousUploads()) {
        if (former.uploadUrl) await tus.Upload.terminate(former.uploadUrl, {}).catch(() => undefined);
        await tus.defaultOptions.urlStorage.removeUpload(former.urlStorageKey);
      }
    },
  };
}
