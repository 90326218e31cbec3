import type { Component } from "svelte";
import type { Editor } from "@tiptap/core";
import Minus from "@lucide/svelte/icons/minus";
import Code from "@lucide/svelte/icons/code";
import FileUp from "@lucide/svelte/icons/file-up";
import FlaskConical from "@lucide/svelte/icons/flask-conical";
import Heading2 from "@lucide/svelte/icons/heading-2";
import Heading3 from "@lucide/svelte/icons/heading-3";
import ImageIcon from "@lucide/svelte/icons/image";
import Lightbulb from "@lucide/svelte/icons/lightbulb";
import List from "@lucide/svelte/icons/list";
import ListOrdered from "@lucide/svelte/icons/list-ordered";
import Music from "@lucide/svelte/icons/music";
import Quote from "@lucide/svelte/icons/text-quote";
import Radical from "@lucide/svelte/icons/radical";
import Sigma from "@lucide/svelte/icons/sigma";
import Table from "@lucide/svelte/icons/table";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Info from "@lucide/svelte/icons/info";
import Video from "@lucide/svelte/icons/video";
import FileText from "@lucide/svelte/icons/file-text";
import type { MessageKey } from "$lib/i18n";
import type { CalloutKind } from "$lib/lesson/callouts";

/** What the page does for an insert that needs more than the editor: a file to choose, a formula to write. */
export interface InsertHooks {
  file: (accept: string) => void;
  formula: (place: "inline" | "block") => void;
}

export interface Insert {
  id: string;
  name: MessageKey;
  hint: MessageKey;
  icon: Component<{ size?: number; class?: string; "aria-hidden"?: "true" }>;
  /** More words it is found by after "/", folded. */
  words: string;
  run: (editor: Editor, hooks: InsertHooks) => void;
}

const callout = (kind: CalloutKind) => (editor: Editor) =>
  void editor
    .chain()
    .focus()
    .insertContent({ type: "callout", attrs: { kind }, content: [{ type: "paragraph" }] })
    .run();

export const INSERTS: readonly Insert[] = [
  {
    id: "video",
    name: "editor.insert_video",
    hint: "editor.insert_video_hint",
    icon: Video,
    words: "phim film video",
    run: (_e, h) => h.file("video/*,.mkv,.avi,.mov,.webm,.mp4,.ts,.mts"),
  },
  {
    id: "image",
    name: "editor.insert_image",
    hint: "editor.insert_image_hint",
    icon: ImageIcon,
    words: "hinh anh picture image",
    run: (_e, h) => h.file("image/*"),
  },
  {
    id: "formula",
    name: "editor.insert_formula",
    hint: "editor.insert_formula_hint",
    icon: Sigma,
    words: "toan cong thuc math latex",
    run: (_e, h) => h.formula("inline"),
  },
  {
    id: "formula-block",
    name: "editor.insert_formula_block",
    hint: "editor.insert_formula_block_hint",
    icon: Radical,
    words: "toan phuong trinh equation math",
    run: (_e, h) => h.formula("block"),
  },
  {
    id: "pdf",
    name: "editor.insert_pdf",
    hint: "editor.insert_pdf_hint",
    icon: FileText,
    words: "tai lieu pdf",
    run: (_e, h) => h.file("application/pdf,.pdf"),
  },
  {
    id: "audio",
    name: "editor.insert_audio",
    hint: "editor.insert_audio_hint",
    icon: Music,
    words: "nghe am thanh audio sound",
    run: (_e, h) => h.file("audio/*"),
  },
  {
    id: "file",
    name: "editor.insert_file",
    hint: "editor.insert_file_hint",
    icon: FileUp,
    words: "tep word powerpoint excel file",
    run: (_e, h) => h.file(""),
  },
  {
    id: "h2",
    name: "editor.insert_h2",
    hint: "editor.insert_h2_hint",
    icon: Heading2,
    words: "tieu de muc heading",
    run: (e) => void e.chain().focus().setHeading({ level: 2 }).run(),
  },
  {
    id: "h3",
    name: "editor.insert_h3",
    hint: "editor.insert_h3_hint",
    icon: Heading3,
    words: "tieu de muc nho heading",
    run: (e) => void e.chain().focus().setHeading({ level: 3 }).run(),
  },
  {
    id: "bullets",
    name: "editor.insert_bullets",
    hint: "editor.insert_bullets_hint",
    icon: List,
    words: "danh sach list",
    run: (e) => void e.chain().focus().toggleBulletList().run(),
  },
  {
    id: "numbers",
    name: "editor.insert_numbers",
    hint: "editor.insert_numbers_hint",
    icon: ListOrdered,
    words: "danh sach so thu tu list",
    run: (e) => void e.chain().focus().toggleOrderedList().run(),
  },
  {
    id: "table",
    name: "editor.insert_table",
    hint: "editor.insert_table_hint",
    icon: Table,
    words: "bang table",
    run: (e) => void e.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
  },
  {
    id: "note",
    name: "lesson.callout_note",
    hint: "editor.insert_note_hint",
    icon: Info,
    words: "khung ghi nho note",
    run: callout("note"),
  },
  {
    id: "tip",
    name: "lesson.callout_tip",
    hint: "editor.insert_tip_hint",
    icon: Lightbulb,
    words: "khung meo tip",
    run: callout("tip"),
  },
  {
    id: "example",
    name: "lesson.callout_example",
    hint: "editor.insert_example_hint",
    icon: FlaskConical,
    words: "khung vi du example",
    run: callout("example"),
  },
  {
    id: "warning",
    name: "lesson.callout_warning",
    hint: "editor.insert_warning_hint",
    icon: TriangleAlert,
    words: "khung luu y canh bao warning",
    run: callout("warning"),
  },
  {
    id: "quote",
    name: "editor.insert_quote",
    hint: "editor.insert_quote_hint",
    icon: Quote,
    words: "trich dan quote",
    run: (e) => void e.chain().focus().toggleBlockquote().run(),
  },
  {
    id: "code",
    name: "editor.insert_code",
    hint: "editor.insert_code_hint",
    icon: Code,
    words: "ma nguon lap trinh code",
    run: (e) => void e.chain().focus().toggleCodeBlock().run(),
  },
  {
    id: "rule",
    name: "editor.insert_rule",
    hint: "editor.insert_rule_hint",
    icon: Minus,
    words: "duong ke line",
    run: (e) => void e.chain().focus().setHorizontalRule().run(),
  },
];
