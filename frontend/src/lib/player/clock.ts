/** Microseconds, the unit of every duration the server speaks. */
export const SECOND_US = 1_000_000;

export const toUs = (seconds: number): number => Math.max(0, Math.round(seconds * SECOND_US));
export const toSeconds = (us: number): number => us / SECOND_US;

/** "4:07", "1:02:09": what a viewer reads beside the seek bar. Never negative, never NaN. */
export function clockText(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

/** Reads "4:07", "1:02:09" or "75" as seconds; null when it is not a time. */
export function parseClock(text: string): number | null {
  const parts = text.trim().split(":");
  if (parts.length > 3 || !parts.every((p) => /^\d{1,4}([.,]\d+)?$/.test(p))) return null;
  const numbers = parts.map((p) => Number(p.replace(",", ".")));
  // Only the leading part may pass 59: "90:00" is a lesson, "1:75" is a slip.
  if (numbers.slice(1).some((n) => n >= 60)) return null;
  return numbers.reduce((sum, n) => sum * 60 + n, 0);
}
