import type { Micros } from "$lib/api/types";
import { locale, t } from "./locale.svelte";

const DAY_MS = 86_400_000;

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(locale.tag, options).format(value);
}

/** 21/11/2026 */
export function formatDate(at: Micros): string {
  return new Intl.DateTimeFormat(locale.tag, { day: "2-digit", month: "2-digit", year: "numeric" }).format(
    at / 1000,
  );
}

/** 14:05 21/11/2026 */
export function formatDateTime(at: Micros): string {
  const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  return `${new Intl.DateTimeFormat(locale.tag, options).format(at / 1000)} ${formatDate(at)}`;
}

/** A calendar day ("2010-05-17") as people write it; never shifted by a time zone. */
export function formatDay(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return day;
  const options: Intl.DateTimeFormatOptions = {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    timeZone: "UTC",
  };
  return new Intl.DateTimeFormat(locale.tag, options).format(Date.UTC(year, month - 1, date));
}

/** "5 phút trước", "hôm qua"; a date when older than a week. `now` in milliseconds. */
export function formatAgo(at: Micros, now: number = Date.now()): string {
  const past = Math.max(0, now - at / 1000);
  if (past < 60_000) return t("time.just_now");
  if (past >= 7 * DAY_MS) return formatDate(at);
  const relative = new Intl.RelativeTimeFormat(locale.tag, { numeric: "auto" });
  if (past < 3_600_000) return relative.format(-Math.floor(past / 60_000), "minute");
  if (past < DAY_MS) return relative.format(-Math.floor(past / 3_600_000), "hour");
  return relative.format(-Math.floor(past / DAY_MS), "day");
}

/** 1,4 GB. Powers of 1000, as storage is sold and as the server counts quotas in bytes. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatNumber(value, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

/** A play time: 12:34 or 1:02:03. */
export function formatClock(durationUs: number): string {
  const seconds = Math.max(0, Math.floor(durationUs / 1_000_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** "12 phút", for lists: how long something takes. */
export function formatLength(durationUs: number): string {
  const minutes = Math.round(durationUs / 60_000_000);
  return minutes < 1 ? t("time.under_a_minute") : t("time.minutes", { n: minutes });
}

export function formatPercent(fraction: number): string {
  return formatNumber(fraction, { style: "percent", maximumFractionDigits: 0 });
}
