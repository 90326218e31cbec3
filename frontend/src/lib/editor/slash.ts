import { Extension, type Editor, type Range } from "@tiptap/core";
import { PluginKey } from "@tiptap/pm/state";
import { Suggestion, type SuggestionProps } from "@tiptap/suggestion";

/** What is told of "/" being typed: where, and the words after it. */
export interface SlashAt {
  query: string;
  rect: DOMRect | null;
  range: Range;
}
export interface SlashHooks {
  onopen: (at: SlashAt) => void;
  onchange: (at: SlashAt) => void;
  onclose: () => void;
  /** True when the menu took the key. */
  onkey: (event: KeyboardEvent) => boolean;
}

/** Typing "/" opens the list of what can be inserted. The list itself is drawn by the page. */
export const Slash = Extension.create<SlashHooks>({
  name: "slash",
  addOptions: () => ({
    onopen: () => undefined,
    onchange: () => undefined,
    onclose: () => undefined,
    onkey: () => false,
  }),
  addProseMirrorPlugins() {
    const hooks = this.options;
    const at = (props: SuggestionProps): SlashAt => ({
      query: props.query,
      rect: props.clientRect?.() ?? null,
      range: props.range,
    });
    return [
      Suggestion({
        editor: this.editor as Editor,
        pluginKey: new PluginKey("slash"),
        char: "/",
        allow: ({ editor }) => !editor.isActive("codeBlock"),
        items: () => [],
        render: () => ({
          onStart: (props) => hooks.onopen(at(props)),
          onUpdate: (props) => hooks.onchange(at(props)),
          onKeyDown: ({ event }) => hooks.onkey(event),
          onExit: () => hooks.onclose(),
        }),
      }),
    ];
  },
});
