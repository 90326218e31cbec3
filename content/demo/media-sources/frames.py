"""The pictures of the film, drawn at twice the size and halved, which is what smooths their edges."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from fonts import DEJAVU, be_vietnam_pro

W, H, S = 1280, 720, 2
PAPER, RAISED, INK, MUTED, LINE = "#fdfcf9", "#ffffff", "#1c201e", "#5a615c", "#e3dfd6"
JADE, JADE_SOFT, AMBER = "#0b6b53", "#e2f0ea", "#b87400"
A = 2.0  # the car's acceleration, m/s²


def ease(x: float) -> float:
    x = min(1.0, max(0.0, x))
    return x * x * (3 - 2 * x)


def mix(colour: str, amount: float, ground: str = PAPER) -> str:
    """The colour as it looks when `amount` of it has faded in over the ground."""
    part = lambda hexa, i: int(hexa[1 + 2 * i:3 + 2 * i], 16)
    return "#" + "".join(f"{round(part(ground, i) + (part(colour, i) - part(ground, i)) * amount):02x}" for i in range(3))


class Painter:
    def __init__(self, repository: Path, work: Path) -> None:
        self.faces = {weight: be_vietnam_pro(repository, work, weight) for weight in (400, 600, 700)} | {"math": DEJAVU}
        self.sizes: dict[tuple, ImageFont.FreeTypeFont] = {}

    def frame(self, scene: str, t: float, length: float, starts: list[float]) -> bytes:
        """RGB bytes of the picture `t` seconds into a scene whose sentences begin at `starts`."""
        self.image = Image.new("RGB", (W * S, H * S), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.fade = ease(t / 0.35) * ease((length - t) / 0.25 if scene != "summary" else 1)
        getattr(self, scene)(t, starts)
        return self.image.reduce(S).tobytes()

    # Strokes and letters in 1280x720 units; `seen` fades from 0 to 1.

    def font(self, face: int | str, size: float) -> ImageFont.FreeTypeFont:
        key = (face, round(size * S))
        if key not in self.sizes:
            self.sizes[key] = ImageFont.truetype(self.faces[face], key[1])
        return self.sizes[key]

    def text(self, x, y, words, size=32, face=400, colour=INK, anchor="ls", seen=1.0, ground=PAPER) -> float:
        """Writes at the baseline; gives the width."""
        font = self.font(face, size)
        if seen > .01:
            self.draw.text((x * S, y * S), words, font=font, fill=mix(colour, seen * self.fade, ground), anchor=anchor)
        return font.getlength(words) / S

    def line(self, points, colour=INK, width=3.0, seen=1.0) -> None:
        if seen <= .01:
            return
        self.draw.line([(x * S, y * S) for x, y in points], fill=mix(colour, seen * self.fade), width=round(width * S), joint="curve")

    def box(self, x, y, w, h, colour, radius=12, outline=None, seen=1.0) -> None:
        if seen <= .01:
            return
        self.draw.rounded_rectangle((x * S, y * S, (x + w) * S, (y + h) * S), radius * S, fill=mix(colour, seen * self.fade),
                                    outline=mix(outline, seen * self.fade) if outline else None, width=S)

    def dot(self, x, y, r, colour=JADE, seen=1.0) -> None:
        self.draw.ellipse(((x - r) * S, (y - r) * S, (x + r) * S, (y + r) * S), fill=mix(colour, seen * self.fade))

    def arrow(self, x0, y0, x1, y1, colour=JADE, width=4.0, seen=1.0) -> None:
        """Level or upright only."""
        self.line([(x0, y0), (x1, y1)], colour, width, seen)
        k = 6 + width * 2
        ends = [(x1, y1), (x1 - k * 1.3, y1 - k * .62), (x1 - k * 1.3, y1 + k * .62)] if y0 == y1 else \
               [(x1, y1), (x1 - k * .62, y1 + k * 1.3), (x1 + k * .62, y1 + k * 1.3)]
        if y0 == y1:
            ends[0] = (x1 + k * .3, y1)
        self.draw.polygon([(x * S, y * S) for x, y in ends], fill=mix(colour, seen * self.fade))

    def formula(self, x, y, parts, size=40, colour=INK, seen=1.0, ground=PAPER) -> float:
        """`parts`: letters as they stand, (over, under) a fraction, ("_", low) and ("^", high) at the shoulder."""
        start = x
        for part in parts:
            if isinstance(part, str):
                x += self.text(x, y, part, size, "math", colour, seen=seen, ground=ground)
            elif part[0] in ("_", "^"):
                x += self.text(x + 1, y + (size * .2 if part[0] == "_" else -size * .38), part[1], size * .62, "math", colour, seen=seen, ground=ground) + 3
            else:
                over, under = ([p] if isinstance(p, str) else p for p in part)
                widths = [self.formula(-5000, 0, p, size) for p in (over, under)]
                wide = max(widths)
                self.formula(x + 4 + (wide - widths[0]) / 2, y - size * .56, over, size, colour, seen, ground)
                self.formula(x + 4 + (wide - widths[1]) / 2, y + size * .68, under, size, colour, seen, ground)
                if seen > .01:
                    self.draw.line([(x * S, (y - size * .3) * S), ((x + wide + 8) * S, (y - size * .3) * S)], fill=mix(colour, seen * self.fade, ground), width=round(2.5 * S))
                x += wide + 12
        return x - start

    def heading(self, words: str) -> None:
        self.box(80, 58, 8, 40, JADE, 4)
        self.text(106, 92, words, 38, 700)

    def vehicle(self, x, y) -> None:
        """Its nose at x, its wheels on y."""
        self.box(x - 118, y - 48, 118, 34, JADE, 12)
        self.draw.polygon([(px * S, py * S) for px, py in ((x - 98, y - 46), (x - 82, y - 74), (x - 44, y - 74), (x - 24, y - 46))], fill=mix(JADE, self.fade))
        self.draw.polygon([(px * S, py * S) for px, py in ((x - 88, y - 48), (x - 77, y - 68), (x - 64, y - 68), (x - 64, y - 48))], fill=mix(JADE_SOFT, self.fade))
        self.draw.polygon([(px * S, py * S) for px, py in ((x - 58, y - 48), (x - 58, y - 68), (x - 47, y - 68), (x - 35, y - 48))], fill=mix(JADE_SOFT, self.fade))
        for wheel in (x - 92, x - 28):
            self.dot(wheel, y - 14, 14, INK)
            self.dot(wheel, y - 14, 6, PAPER)

    def road(self, y, metre, x0) -> None:
        self.line([(60, y), (1220, y)], INK, 3)
        for m in range(0, 17, 2):
            self.line([(x0 + m * metre, y), (x0 + m * metre, y + 10)], MUTED, 2)
            self.text(x0 + m * metre, y + 36, str(m), 20, 400, MUTED, "ms")
        self.text(1220, y + 66, "vị trí (m)", 20, 400, MUTED, "rs")

    # The scenes.

    def title(self, t, starts) -> None:
        rise = 16 * (1 - ease(t / 0.8))
        self.text(100, 196 + rise, "VẬT LÍ 10  ·  ĐỘNG HỌC", 24, 600, JADE)
        self.text(100, 286 + rise, "Chuyển động thẳng", 76, 700)
        self.text(100, 376 + rise, "biến đổi đều", 76, 700)
        self.line([(100, 570), (1180, 570)], LINE, 3)
        x = 260 + 40 * max(0.0, t - 0.4) ** 1.75
        for second in range(8):
            mark = 260 + 40 * second ** 1.75
            if mark < x - 4 and mark < 1180:
                self.dot(mark - 118, 570, 7, AMBER)
        self.vehicle(x, 570)
        self.text(100, 660, "Lớp Mở", 24, 700, JADE)
        self.text(194, 660, "·  bài giảng mẫu, CC BY 4.0", 24, 400, MUTED)

    def car_at(self, clock: float) -> tuple[float, float]:
        return A * clock * clock / 2, A * clock

    def car(self, t, starts) -> None:
        metre, x0, y = 62.0, 190, 480
        clock = min(4.0, max(0.0, t - starts[0] - 1.6) * 0.72)
        place, speed = self.car_at(clock)
        self.heading("Vận tốc tăng đều")
        self.road(y, metre, x0)
        for second in range(int(clock + 1e-6) + 1):
            m = self.car_at(second)[0]
            self.dot(x0 + m * metre, y, 8, AMBER)
            self.text(x0 + m * metre, y - 122, f"{second} s", 22, 600, AMBER, "ms")
            if second:
                self.text(x0 + m * metre, y - 96, f"{self.car_at(second)[1]:.0f} m/s", 20, 400, MUTED, "ms")
        self.vehicle(x0 + place * metre, y)
        if speed > .4:
            self.arrow(x0 + place * metre - 60, y - 150, x0 + place * metre - 60 + speed * 12, y - 150, JADE, 5)
        for i, (label, value, unit) in enumerate((("Thời gian", clock, "s"), ("Vận tốc", speed, "m/s"), ("Quãng đường", place, "m"))):
            x = 80 + 380 * i
            self.box(x, 136, 356, 106, RAISED, 12, LINE)
            self.text(x + 24, 172, label, 22, 400, MUTED, ground=RAISED)
            wide = self.text(x + 24, 222, f"{value:.1f}".replace(".", ","), 42, 700, JADE if i == 1 else INK, ground=RAISED)
            self.text(x + 34 + wide, 222, unit, 26, 400, MUTED, ground=RAISED)
        seen = ease((t - starts[2]) / 0.6)
        for second in range(1, 5):
            a, b = (x0 + self.car_at(s)[0] * metre for s in (second - 1, second))
            self.line([(a + 8, y + 92), (a + 8, y + 84), (b - 8, y + 84), (b - 8, y + 92)], JADE, 3, seen)
            self.text((a + b) / 2, y + 124, f"{2 * second - 1} m", 26, 600, JADE, "ms", seen)

    def acceleration(self, t, starts) -> None:
        self.heading("Gia tốc")
        self.text(80, 176, "Gia tốc cho biết vận tốc thay đổi nhanh hay chậm.", 32, 400, INK, seen=ease((t - starts[0]) / .6))
        seen = ease((t - starts[1]) / .6)
        self.box(80, 236, 1120, 210, JADE_SOFT, 12, seen=seen)
        ground = mix(JADE_SOFT, seen * self.fade)
        self.formula(150, 358, ["a = ", ("Δv", "Δt"), " = ", ("v − v₀", "t − t₀")], 56, JADE, seen, ground)
        for row, (letter, words) in enumerate((("Δv", "độ biến thiên vận tốc (m/s)"), ("Δt", "khoảng thời gian (s)"), ("a", "gia tốc (m/s²)"))):
            self.text(720, 300 + row * 48, letter, 30, "math", JADE, seen=seen, ground=ground)
            self.text(784, 300 + row * 48, words, 28, 400, INK, seen=seen, ground=ground)
        late = ease((t - starts[1] - 4.6) / .6)
        self.text(80, 530, "Xe trong ví dụ:", 32, 600, INK, seen=late)
        self.formula(150, 622, ["a = ", ("8 − 0", "4 − 0"), " = 2 m/s", ("^", "2")], 48, INK, late)

    def axes(self) -> tuple:
        x0, y0, sx, sy = 170, 590, 118, 50
        for v in range(2, 9, 2):
            self.line([(x0, y0 - v * sy), (x0 + 4.4 * sx, y0 - v * sy)], LINE, 2)
            self.text(x0 - 16, y0 - v * sy + 8, str(v), 24, 400, MUTED, "rs")
        for s in range(1, 5):
            self.line([(x0 + s * sx, y0), (x0 + s * sx, y0 + 8)], MUTED, 2)
            self.text(x0 + s * sx, y0 + 38, str(s), 24, 400, MUTED, "ms")
        self.arrow(x0, y0, x0 + 4.9 * sx, y0, INK, 3)
        self.arrow(x0, y0, x0, y0 - 8.9 * sy, INK, 3)
        self.text(x0 - 14, y0 + 34, "0", 24, 400, MUTED, "ms")
        self.text(x0 + 4.9 * sx + 18, y0 + 8, "t (s)", 26, 600)
        self.text(x0 + 18, y0 - 8.6 * sy, "v (m/s)", 26, 600)
        return x0, y0, sx, sy

    def graph(self, t, starts) -> None:
        self.heading("Đồ thị vận tốc – thời gian")
        x0, y0, sx, sy = self.axes()
        grown = 4 * ease((t - starts[0] - .4) / 3.2)
        slope = ease((t - starts[0] - 4.2) / .6)
        self.line([(x0 + sx, y0 - 2 * sy), (x0 + 3 * sx, y0 - 2 * sy), (x0 + 3 * sx, y0 - 6 * sy)], AMBER, 4, slope)
        self.formula(x0 + 1.85 * sx, y0 - 2 * sy + 34, ["Δt = 2 s"], 26, AMBER, slope)
        self.formula(x0 + 3 * sx + 14, y0 - 4 * sy + 10, ["Δv = 4 m/s"], 26, AMBER, slope)
        self.line([(x0, y0), (x0 + grown * sx, y0 - grown * A * sy)], JADE, 6)
        self.dot(x0 + grown * sx, y0 - grown * A * sy, 9)
        self.formula(860, 330, ["v = v₀ + at"], 48, JADE, ease((t - starts[0] - 2.6) / .6))
        self.text(860, 430, "Độ dốc = gia tốc", 32, 600, INK, seen=slope)
        self.formula(860, 500, ["a = ", ("4", "2"), " = 2 m/s", ("^", "2")], 40, INK, slope)

    def area(self, t, starts) -> None:
        self.heading("Quãng đường đi được")
        x0, y0, sx, sy = self.axes()
        filled = 4 * ease((t - starts[0] - .3) / 2.6)
        self.draw.polygon([(x * S, y * S) for x, y in ((x0, y0), (x0 + filled * sx, y0), (x0 + filled * sx, y0 - filled * A * sy))], fill=mix("#bfe0d3", self.fade))
        self.arrow(x0, y0, x0 + 4.9 * sx, y0, INK, 3)
        self.line([(x0, y0), (x0 + 4 * sx, y0 - 8 * sy)], JADE, 6)
        self.line([(x0 + filled * sx, y0), (x0 + filled * sx, y0 - filled * A * sy)], JADE, 3)
        self.text(x0 + 2.62 * sx, y0 - 1.7 * sy, f"{filled * filled:.0f} m", 44, 700, JADE, "ms", ease((filled - 2) / 1), "#bfe0d3")
        seen = ease((t - starts[0] - 1.6) / .6)
        self.text(860, 270, "Diện tích = độ dịch chuyển", 28, 600, INK, seen=seen)
        self.formula(860, 360, ["d = ", ("1", "2"), " · 4 · 8"], 44, INK, seen)
        last = ease((t - starts[1]) / .5)
        self.box(852, 430, 250, 92, JADE, 12, seen=last)
        self.text(977, 492, "d = 16 m", 44, 700, "#ffffff", "ms", last, mix(JADE, last * self.fade))

    def summary(self, t, starts) -> None:
        self.heading("Ghi nhớ")
        rows = ((["v = v₀ + at"], "vận tốc theo thời gian"),
                (["d = v₀t + ", ("1", "2"), " at", ("^", "2")], "độ dịch chuyển theo thời gian"),
                (["v", ("^", "2"), " − v₀", ("^", "2"), " = 2ad"], "liên hệ không có thời gian"))
        for row, (parts, words) in enumerate(rows):
            seen = ease((t - .3 - row * .9) / .5)
            y = 140 + row * 158
            self.box(80, y, 1120, 138, RAISED, 12, LINE, seen)
            self.formula(130, y + 84, parts, 46, JADE, seen, RAISED)
            self.text(660, y + 80, words, 30, 400, INK, seen=seen, ground=RAISED)
        self.text(80, 660, "Lớp Mở", 24, 700, JADE)
        self.text(174, 660, "·  CC BY 4.0", 24, 400, MUTED)

