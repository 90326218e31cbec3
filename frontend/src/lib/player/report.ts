import type { Send } from "./reporter";

/**
 * Sends watch reports with plain fetch and not with the client: a report must never open the
 * sign-in dialog over a film, and the last one has to outlive the page.
 */
export function sendTo(lesson: string, asset: string): Send {
  const url = `/api/lessons/${lesson}/watch/${asset}`;
  return async (report, urgency) => {
    try {
      const reply = await fetch(url, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(report),
        keepalive: urgency === "leaving",
      });
      if (reply.ok) return "accepted";
      // Signed out or overloaded: later. Refused for what it says: never.
      return reply.status === 401 || reply.status === 429 || reply.status >= 500 ? "kept" : "gone";
    } catch {
      return "kept";
    }
  };
}
