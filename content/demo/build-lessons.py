#!/usr/bin/env python3
"""Builds lessons/*.json from lesson-sources/*.md. Needs Python 3.9 and nothing else.

A source is a head of `key: value` lines between `---` lines, then Markdown:
  ## ### ####            headings                 - / 1.          lists (two spaces deeper nest)
  > text                 quotation (a line is a line)            ---  rule
  | a | b |              table; a row of |---| makes the row above a heading
  **b** *i* ~~s~~ `code` __u__ ==highlight== ~sub~ ^sup^ [words](href)
  $x^2$                  formula in the line      $$…$$           formula on its own (one or more lines)
  ::: tip … :::          callout: note, tip, warning, example
  ![alt](asset:NAME "caption")     picture; with video:, audio:, pdf: or file: for asset: that kind of block
  a backslash at a line's end is a line break; a backslash before a mark takes it as it is
Head: external_id, organisation, author (username), title, summary, subject, grade, strand, requirement,
language, licence, authors (a; b), cover (NAME), tags (a, b), and one line an asset:
  asset NAME: file | filename [| captions vi=…; en=…] [| chapters …]
"""

import json
import re
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
INLINE = re.compile(
    r"\\(?P<plain>[\\*_~`$^=\[\]|])|\\\n(?P<br>)|\$(?P<math>[^$]+)\$|`(?P<code>[^`]+)`|\[(?P<words>[^\]]+)\]\((?P<href>[^)]+)\)"
    r"|\*\*(?P<bold>.+?)\*\*|__(?P<underline>.+?)__|~~(?P<strike>.+?)~~|==(?P<highlight>.+?)=="
    r"|\*(?P<italic>[^*]+?)\*|~(?P<subscript>[^~\s]+)~|\^(?P<superscript>[^\^\s]+)\^", re.S)
PICTURE = re.compile(r'^!\[(?P<alt>[^\]]*)\]\((?P<kind>asset|video|audio|pdf|file):(?P<name>[a-z0-9-]+)(?: "(?P<caption>[^"]*)")?\)$')
LIST = re.compile(r"^(?P<mark>-|\d+\.) (?P<rest>.*)$")


def inline(source: str, marks=()) -> list:
    nodes = []

    def text(words: str) -> None:
        words = words.replace("\n", " ")
        if not words:
            return
        if nodes and nodes[-1]["type"] == "text" and nodes[-1].get("marks", []) == list(marks):
            nodes[-1]["text"] += words
        else:
            nodes.append({"type": "text", "text": words, **({"marks": list(marks)} if marks else {})})

    at = 0
    for found in INLINE.finditer(source):
        text(source[at:found.start()])
        at = found.end()
        kind, value = found.lastgroup, found.group(found.lastgroup)
        if kind == "plain":
            text(value)
        elif kind == "br":
            nodes.append({"type": "hardBreak"})
        elif kind == "math":
            nodes.append({"type": "mathInline", "attrs": {"latex": value}})
        elif kind == "code":
            nodes.append({"type": "text", "text": value, "marks": [*marks, {"type": "code"}]})
        elif kind == "href":
            nodes += inline(found["words"], (*marks, {"type": "link", "attrs": {"href": value}}))
        else:
            nodes += inline(value, (*marks, {"type": kind}))
    text(source[at:])
    return nodes


def paragraph(source: str) -> dict:
    content = inline(source)
    return {"type": "paragraph", **({"content": content} if content else {})}


def table(lines: list) -> dict:
    rows, ruled = [], any(re.fullmatch(r"\|[-| ]+\|", line) for line in lines[1:2])
    for number, line in enumerate(lines):
        if ruled and number == 1:
            continue
        kind = "tableHeader" if ruled and number == 0 else "tableCell"
        cells = re.split(r"(?<!\\)\|", line.strip()[1:-1])
        rows.append({"type": "tableRow", "content": [
            {"type": kind, "attrs": {"colspan": 1, "rowspan": 1}, "content": [paragraph(cell.strip().replace("<br>", "\\\n"))]}
            for cell in cells]})
    return {"type": "table", "content": rows}


def items(lines: list) -> dict:
    """A list: each item is its first line and whatever stands two spaces deeper."""
    parts, first = [], LIST.match(lines[0])
    for line in lines:
        found = LIST.match(line)
        if found:
            parts.append([found["rest"]])
        else:
            parts[-1].append(re.sub(r"^ {2,3}", "", line))
    content = [{"type": "listItem", "content": blocks(part)} for part in parts]
    if first["mark"] == "-":
        return {"type": "bulletList", "content": content}
    return {"type": "orderedList", "attrs": {"start": int(first["mark"][:-1])}, "content": content}


def blocks(lines: list) -> list:
    found, at = [], 0

    def take(while_true) -> list:
        nonlocal at
        begin = at
        while at < len(lines) and while_true(lines[at]):
            at += 1
        return lines[begin:at]

    while at < len(lines):
        line = lines[at]
        picture = PICTURE.match(line)
        heading = re.match(r"^(#{2,4}) (.+)$", line)
        if not line.strip():
            at += 1
        elif heading:
            at += 1
            found.append({"type": "heading", "attrs": {"level": len(heading[1])}, "content": inline(heading[2])})
        elif line == "---":
            at += 1
            found.append({"type": "horizontalRule"})
        elif line.startswith("::: "):
            at += 1
            body = take(lambda l: l != ":::")
            at += 1
            found.append({"type": "callout", "attrs": {"kind": line[4:].strip()}, "content": blocks(body)})
        elif line.startswith("$$"):
            body = [line[2:]]
            at += 1
            while not body[-1].rstrip().endswith("$$"):
                body.append(lines[at])
                at += 1
            found.append({"type": "mathBlock", "attrs": {"latex": "\n".join(body).strip()[:-2].strip()}})
        elif line.startswith("|"):
            found.append(table(take(lambda l: l.startswith("|"))))
        elif line.startswith(">"):
            body = [l[1:].strip() for l in take(lambda l: l.startswith(">"))]
            found.append({"type": "blockquote", "content": [paragraph("\\\n".join(body))]})
        elif LIST.match(line):
            found.append(items(take(lambda l: bool(LIST.match(l)) or l.startswith("  "))))
        elif picture:
            at += 1
            kind, caption = picture["kind"], picture["caption"] or ""
            attrs = {"asset": f"asset:{picture['name']}"}
            if kind == "asset":
                kind, attrs = "image", {**attrs, "alt": picture["alt"], "caption": caption}
            else:
                attrs["title" if kind in ("pdf", "file") else "caption"] = caption or picture["alt"]
            found.append({"type": kind, "attrs": attrs})
        else:
            body = take(lambda l: l.strip() and not re.match(r"^(#{2,4} |::: |:::$|\$\$|\||>|---$|!\[)", l) and not LIST.match(l))
            if not body:
                raise ValueError(f"cannot read: {line!r}")
            found.append(paragraph("\n".join(body)))
    return found


def build(source: Path) -> dict:
    text = unicodedata.normalize("NFC", source.read_text(encoding="utf-8"))
    _, head_text, body = text.split("---\n", 2)
    head, assets = {}, []
    for line in filter(None, head_text.splitlines()):
        key, value = (part.strip() for part in line.split(":", 1))
        if key.startswith("asset "):
            file, filename, *more = (part.strip() for part in value.split("|"))
            asset = {"name": key[6:], "file": file, "filename": filename, "captions": [], "chapters": None}
            for part in more:
                kind, rest = part.split(" ", 1)
                if kind == "chapters":
                    asset["chapters"] = rest
                else:
                    labels = {"vi": "Tiếng Việt", "en": "English"}
                    for track in rest.split(";"):
                        language, path = track.strip().split("=")
                        asset["captions"].append({"language": language, "label": labels[language], "file": path})
            assets.append(asset)
        else:
            head[key] = value
    get = head.get
    return {
        "external_id": head["external_id"], "organisation_code": head["organisation"], "author_username": head["author"],
        "meta": {
            "title": head["title"], "summary": get("summary"), "subject": get("subject"), "grade": int(head["grade"]) if get("grade") else None,
            "strand": get("strand"), "requirement": get("requirement"), "language": get("language", "vi"), "licence": get("licence", "CC-BY-4.0"),
            "authors": [name.strip() for name in head["authors"].split(";")],
            "cover_asset_id": f"asset:{head['cover']}" if get("cover") else None,
            "tags": [tag.strip() for tag in get("tags", "").split(",") if tag.strip()],
        },
        "doc": {"type": "doc", "content": blocks(body.split("\n"))},
        "assets": assets,
    }


def written(lesson: dict) -> str:
    return json.dumps(lesson, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    (HERE / "lessons").mkdir(exist_ok=True)
    for source in sorted((HERE / "lesson-sources").glob("*.md")):
        try:
            lesson = build(source)
        except Exception as problem:
            sys.exit(f"{source.name}: {problem}")
        (HERE / "lessons" / f"{source.stem}.json").write_text(written(lesson), encoding="utf-8")


if __name__ == "__main__":
    main()
