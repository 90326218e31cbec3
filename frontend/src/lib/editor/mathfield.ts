import "mathlive/fonts.css";
import { MathfieldElement } from "mathlive";

/** A field one writes formulas in by sight. Fonts come with our own pages, and it makes no sounds. */
export function makeMathfield(latex: string, label: string): MathfieldElement {
  MathfieldElement.fontsDirectory = null;
  MathfieldElement.soundsDirectory = null;
  MathfieldElement.plonkSound = null;
  MathfieldElement.keypressSound = null;
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
