import type { Component } from "svelte";
import BookOpen from "@lucide/svelte/icons/book-open";
import CircleHelp from "@lucide/svelte/icons/circle-question-mark";
import House from "@lucide/svelte/icons/house";
import LibraryBig from "@lucide/svelte/icons/library-big";
import Settings2 from "@lucide/svelte/icons/settings-2";
import ClipboardCheck from "@lucide/svelte/icons/clipboard-check";
import UserRound from "@lucide/svelte/icons/user-round";
import UsersRound from "@lucide/svelte/icons/users-round";
import type { MessageKey } from "$lib/i18n";
import { session } from "$lib/state/session.svelte";

type Icon = Component<{ size?: number; class?: string; "aria-hidden"?: "true" }>;
export interface Place {
  href: string;
  label: MessageKey;
  /** A shorter word for the narrow bar of a phone. */
  short?: MessageKey;
  icon: Icon;
}

/** Whether a test is sat on a page: alone on the screen, and it sees itself to what it has to send. */
export const isSitting = (pathname: string): boolean => /^\/(sit|t)\//.test(pathname);

/** A parent has a child in a class, not a class. */
const teachesOrLearns = () => session.person?.roles.some((held) => held.role !== "parent") ?? false;

/** The places of the main navigation for the person signed in. */
export function places(): Place[] {
  const all: (Place & { when: boolean })[] = [
    { href: "/", label: "nav.home", icon: House, when: true },
    { href: "/library", label: "nav.library", short: "nav.library_short", icon: LibraryBig, when: true },
    { href: "/classes", label: "nav.classes", icon: UsersRound, when: teachesOrLearns() },
    { href: "/tests", label: "nav.tests", short: "nav.tests_short", icon: ClipboardCheck, when: true },
    { href: "/studio", label: "nav.studio", icon: BookOpen, when: session.can("author_lessons") },
    {
      href: "/questions",
      label: "nav.questions",
      short: "nav.questions_short",
      icon: CircleHelp,
      when: session.can("author_lessons"),
    },
    { href: "/manage", label: "nav.manage", icon: Settings2, when: session.manages },
    { href: "/account", label: "nav.me", icon: UserRound, when: true },
  ];
  return all.filter((place) => place.when);
}

/**
 * The bar at a phone's foot has room for five, six at most, within a thumb's reach: who has more finds the account at the
 * top, and the first page behind the name of the product.
 */
export function placesInBar(all: readonly Place[]): Place[] {
  const within = (bar: readonly Place[], href: string) =>
    bar.length > 5 ? bar.filter((place) => place.href !== href) : [...bar];
  return within(within(all, "/account"), "/");
}

/** Whether an address lies in a place; lessons belong to the library, joining to classes. */
export function isIn(href: string, pathname: string): boolean {
  if (href === "/") return pathname === "/";
  if (href === "/library" && pathname.startsWith("/lessons/")) return true;
  if (href === "/classes" && pathname.startsWith("/join")) return true;
  return pathname === href || pathname.startsWith(`${href}/`);
}
