import type { Component } from "svelte";
import FlaskConical from "@lucide/svelte/icons/flask-conical";
import Info from "@lucide/svelte/icons/info";
import Lightbulb from "@lucide/svelte/icons/lightbulb";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";

export const CALLOUTS = ["note", "tip", "warning", "example"] as const;
export type CalloutKind = (typeof CALLOUTS)[number];

export const CALLOUT_ICONS: Record<CalloutKind, Component<{ size?: number; "aria-hidden"?: "true" }>> = {
  note: Info,
  tip: Lightbulb,
  warning: TriangleAlert,
  example: FlaskConical,
};

/** An unknown kind is a note: the words matter more than the frame. */
export const calloutKind = (kind: string): CalloutKind => CALLOUTS.find((known) => known === kind) ?? "note";
