import { describe, expect, it } from "vitest";
import { cueLines } from "./captions";
import { clockText, parseClock } from "./clock";
import { parseStoryboard, tileAt } from "./storyboard";

const VTT = `WEBVTT

00:00:00.000 --> 00:00:10.000
storyboard/0.jpg#xywh=0,0,160,90

00:00:10.000 --> 00:00:20.000
storyboard/0.jpg#xywh=160,0,160,90

nonsense
`;

describe("the seek bar", () => {
  it("shows the thumbnail of the moment under the pointer", () => {
    const tiles = parseStoryboard(VTT, "http://school/api/assets/7/storyboard.vtt");
    expect(tiles).toHaveLength(2);
    expect(tileAt(tiles, 14)).toMatchObject({ src: "http://school/api/assets/7/storyboard/0.jpg", x: 160 });
    expect(tileAt(tiles, 9999)?.x).toBe(160);
    expect(tileAt([], 3)).toBeNull();
  });
  it("writes times as people read them", () => {
    expect(clockText(247)).toBe("4:07");
    expect(clockText(3729.9)).toBe("1:02:09");
    expect(clockText(NaN)).toBe("0:00");
  });
  it("reads the times a teacher types for chapters", () => {
    expect(parseClock("4:07")).toBe(247);
    expect(parseClock("1:02:09")).toBe(3729);
    expect(parseClock("1:75")).toBeNull();
    expect(parseClock("mở đầu")).toBeNull();
  });
  it("draws a caption as text, never as markup", () => {
    expect(cueLines({ text: "<v Cô Lan>Chào <b>các em</b>\n1 &lt; 2" })).toEqual(["Chào các em", "1 < 2"]);
  });
});
