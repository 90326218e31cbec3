"""Be Vietnam Pro as one TrueType file a weight: the web font comes in subsets of the alphabet."""

from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

DEJAVU = "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Italic.ttf"


def be_vietnam_pro(repository: Path, work: Path, weight: int) -> str:
    made = work / f"be-vietnam-pro-{weight}.ttf"
    if not made.exists():
        files = repository / "frontend/node_modules/@fontsource/be-vietnam-pro/files"
        parts = []
        for subset in ("latin", "vietnamese"):
            font = TTFont(files / f"be-vietnam-pro-{subset}-{weight}-normal.woff2")
            font.flavor = None
            for table in ("GPOS", "GSUB", "GDEF"):  # Pillow's plain layout does not read them
                if table in font:
                    del font[table]
            part = work / f"{subset}-{weight}.ttf"
            font.save(part)
            parts.append(str(part))
        Merger().merge(parts).save(made)
    return str(made)
