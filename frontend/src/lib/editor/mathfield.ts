import "mathlive/fonts.css";
import { MathfieldElement } from "mathlive";
import { locale } from "$lib/i18n";

/** MathLive brings no Vietnamese: these are the words of its keys. */
const VIETNAMESE = {
  "keyboard.tooltip.symbols": "Kí hiệu",
  "keyboard.tooltip.greek": "Chữ Hi Lạp",
  "keyboard.tooltip.numeric": "Số",
  "keyboard.tooltip.alphabetic": "Chữ cái",
  "keyboard.tooltip.functions": "Hàm số",
  "tooltip.copy to clipboard": "Chép",
  "tooltip.redo": "Làm lại",
  "tooltip.toggle virtual keyboard": "Bàn phím kí hiệu",
  "tooltip.undo": "Hoàn tác",
};

/** A field one writes formulas in by sight. Fonts come with our own pages, and it makes no sounds. */
export function makeMathfield(latex: string, label: string): MathfieldElement {
  MathfieldElement.fontsDirectory = null;
  MathfieldElement.soundsDirectory = null;
  MathfieldElement.plonkSound = null;
  MathfieldElement.keypressSound = null;
  MathfieldElement.strings = { vi: VIETNAMESE };
  MathfieldElement.locale = locale.current;
  const field = new MathfieldElement();
  field.value = latex;
  field.setAttribute("aria-label", label);
  // Inside a dialog with a table of keys of its own, phones get ours and not the system's letters.
  field.mathVirtualKeyboardPolicy = "auto";
  field.style.width = "100%";
  field.style.fontSize = "1.5rem";
  field.style.background = "transparent";
  field.style.color = "inherit";
  field.style.border = "0";
  // The frame around it shows the focus.
  field.style.outline = "none";
  return field;
}
