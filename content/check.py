#!/usr/bin/env python3
"""Checks everything in content/ that a machine can check. Needs Python 3.9 and nothing else.
Prints what is wrong and ends with 1, or prints one line of counts."""

import importlib.util
import json
import re
import struct
import sys
import unicodedata
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEMO = HERE / "demo"
KEBAB = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
USERNAME = re.compile(r"^[a-z0-9][a-z0-9._-]{2,49}$")  # as identity::fault::username
ROLES = {"administrator", "school_head", "reviewer", "teacher", "pupil", "parent"}
KINDS = {"department", "commune", "cluster", "school", "campus"}
LICENCES = {"CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-4.0", "LicenseRef-school-only"}

# Node: the attributes it must have and the kinds it may hold ("inline" and "block" stand for many).
INLINE = {"text", "hardBreak", "mathInline"}
BLOCK = {"paragraph", "heading", "bulletList", "orderedList", "blockquote", "codeBlock", "horizontalRule", "table", "callout",
         "mathBlock", "image", "video", "audio", "file", "pdf"}
NODES = {
    "doc": (set(), BLOCK), "paragraph": (set(), INLINE), "heading": ({"level"}, INLINE), "bulletList": (set(), {"listItem"}),
    "orderedList": ({"start"}, {"listItem"}), "listItem": (set(), BLOCK), "blockquote": (set(), BLOCK), "codeBlock": ({"language"}, {"text"}),
    "horizontalRule": (set(), set()), "table": (set(), {"tableRow"}), "tableRow": (set(), {"tableHeader", "tableCell"}),
    "tableHeader": ({"colspan", "rowspan"}, BLOCK), "tableCell": ({"colspan", "rowspan"}, BLOCK), "callout": ({"kind"}, BLOCK),
    "mathBlock": ({"latex"}, set()), "mathInline": ({"latex"}, set()), "hardBreak": (set(), set()), "image": ({"asset", "alt", "caption"}, set()),
    "video": ({"asset", "caption"}, set()), "audio": ({"asset", "caption"}, set()), "file": ({"asset", "title"}, set()),
    "pdf": ({"asset", "title"}, set()), "text": (set(), set()),
}
MARKS = {"bold", "italic", "underline", "strike", "code", "subscript", "superscript", "highlight", "link"}

problems = []


def check(holds, where: str, what: str) -> bool:
    if not holds:
        problems.append(f"{where}: {what}")
    return bool(holds)


def once(values, where: str, what: str) -> None:
    seen = set()
    for value in values:
        check(value not in seen, where, f"{what} {value!r} occurs twice")
        seen.add(value)


def load(path: Path):
    text = path.read_text(encoding="utf-8")
    check(unicodedata.is_normalized("NFC", text), str(path.relative_to(HERE)), "is not in NFC")
    return json.loads(text)


def curriculum() -> tuple:
    where, codes, subjects, requirements = "curriculum", [], {}, 0
    for subject in load(HERE / "curriculum/subjects.json"):
        name, grades = subject["code"], subject["grades"]
        codes.append(name)
        check(set(subject) == {"code", "name", "grades", "strands"}, name, "fields differ from the contract")
        check(grades and grades == sorted(set(grades)) and 1 <= grades[0] and grades[-1] <= 12, name, "grades must rise within 1 to 12")
        strands = subjects[name] = {"grades": grades, "strands": {}}
        for strand in subject["strands"]:
            code = strand["code"]
            codes.append(code)
            check(set(strand) == {"code", "name", "grades", "requirements"}, code, "fields differ from the contract")
            check(code.startswith(name + "-"), code, "does not begin with its subject")
            check(strand["grades"] == sorted(set(strand["grades"])) and strand["grades"], code, "grades must rise")
            check(set(strand["grades"]) <= set(grades), code, "has a grade that its subject has not")
            held = strands["strands"][code] = {}
            for requirement in strand["requirements"]:
                requirements += 1
                own = requirement["code"]
                codes.append(own)
                held[own] = requirement["grade"]
                check(requirement["grade"] in strand["grades"], own, "has a grade that its strand has not")
                check(re.fullmatch(re.escape(code) + rf"-{requirement['grade']}-\d+", own), own, "is not strand-grade-number")
                check(requirement["text"]["vi"].strip() and len(requirement["text"]["vi"]) <= 160, own, "text is empty or long")
                check(set(requirement["text"]) == {"vi", "en"}, own, "needs vi and en")
        for named in (subject, *subject["strands"]):
            check(named["name"]["vi"].strip() and named["name"]["en"].strip(), named["code"], "needs both names")
    for code in codes:
        check(KEBAB.match(code), where, f"{code!r} is not kebab")
    once(codes, where, "code")
    return subjects, requirements


def school(subjects: dict) -> tuple:
    where, data = "school.json", load(DEMO / "school.json")
    nodes, years, classes = {}, set(), {}
    for node in data["organisations"]:
        check(node["parent"] is None or node["parent"] in nodes, where, f"{node['code']} stands before its parent")
        check(node["kind"] in KINDS and KEBAB.match(node["code"]), where, f"{node['code']}: kind or code")
        nodes[node["code"]] = node
    once((node["code"] for node in data["organisations"]), where, "organisation")
    for year in data["school_years"]:
        check(year["organisation"] in nodes, where, f"year of unknown {year['organisation']}")
        check(date.fromisoformat(year["starts_on"]) < date.fromisoformat(year["ends_on"]), where, f"{year['name']} ends before it starts")
        years.add((year["organisation"], year["name"]))
    for group in data["class_groups"]:
        check((group["organisation"], group["year"]) in years, where, f"class {group['name']} has no year")
        check(1 <= group["grade"] <= 12, where, f"class {group['name']}: grade")
        classes[group["organisation"], group["year"], group["name"]] = group
    people = {person["username"]: person for person in data["people"]}
    for field in ("username", "email", "code"):
        once((person[field] for person in data["people"] if person[field]), where, field)
    for person in data["people"]:
        name, group = person["username"], person["class_group"]
        check(USERNAME.match(name) and name != data["password"], where, f"{name!r} is no username")
        check(person["roles"], where, f"{name} has no role")
        for role in person["roles"]:
            check(role["role"] in ROLES and role["organisation"] in nodes, where, f"{name}: {role}")
        check(person["gender"] in ("female", "male", None), where, f"{name}: gender")
        check(person["email"] is None or person["email"].endswith(".example"), where, f"{name}: an invented person's e-mail ends in .example")
        check(person["phone"] is None, where, f"{name}: an invented person has no telephone number that could be somebody's")
        check((group is not None) == (person["roles"][0]["role"] == "pupil"), where, f"{name}: pupils, and only they, are in a class")
        if group:
            check((group["organisation"], group["year"], group["name"]) in classes, where, f"{name}: unknown class")
            check(group["organisation"] == person["roles"][0]["organisation"], where, f"{name}: class of another school")
            born = date.fromisoformat(person["birth_date"]).year
            check(9 <= 2026 - born <= 20, where, f"{name}: born {born}")
        check(all(code in subjects for code in person["subjects"]), where, f"{name}: unknown subject")
        check(all(child in people for child in person["children"]), where, f"{name}: unknown child")
    shown = {role["role"] for person in data["people"] if person["demo_account"] for role in person["roles"]}
    check(shown == ROLES, where, f"no demo account for {sorted(ROLES - shown)}")
    return nodes, people


def walk(node: dict, where: str, assets: set, used: set) -> None:
    kind, attrs = node.get("type"), node.get("attrs", {})
    if not check(kind in NODES, where, f"unknown node {kind!r}"):
        return
    wanted, allowed = NODES[kind]
    check(set(attrs) == wanted, where, f"{kind} has attributes {sorted(attrs)}, not {sorted(wanted)}")
    check(set(node) <= {"type", "attrs", "content", "text", "marks"}, where, f"{kind} has fields {sorted(node)}")
    if kind == "text":
        check(node.get("text"), where, "empty text")
        check(not re.search(r"\*\*|==|~~|\$|^:::", node.get("text", "")), where, f"Markdown left over in {node.get('text')!r}")
    for mark in node.get("marks", []):
        if check(mark["type"] in MARKS, where, f"unknown mark {mark['type']!r}") and mark["type"] == "link":
            check(re.match(r"^(https?://|mailto:|/|#)", mark["attrs"]["href"]), where, f"link to {mark['attrs']['href']!r}")
    if kind == "heading":
        check(attrs.get("level") in (2, 3, 4), where, "heading level")
    if kind == "callout":
        check(attrs.get("kind") in ("note", "tip", "warning", "example"), where, "callout kind")
    if kind == "image":
        check(attrs.get("alt"), where, "picture without a description")
    if "latex" in attrs:
        check(attrs["latex"].strip() and attrs["latex"].count("{") == attrs["latex"].count("}"), where, f"braces in {attrs['latex']!r}")
    if "asset" in attrs:
        name = attrs["asset"].removeprefix("asset:")
        used.add(name)
        check(attrs["asset"].startswith("asset:") and name in assets, where, f"unknown asset {attrs['asset']!r}")
    if kind == "table":
        widths = {sum(cell["attrs"]["colspan"] for cell in row["content"]) for row in node["content"]}
        check(len(widths) == 1, where, f"rows of a table differ in width: {sorted(widths)}")
    for child in node.get("content", []):
        check(child.get("type") in allowed, where, f"{child.get('type')} inside {kind}")
        walk(child, where, assets, used)


def words(node: dict) -> int:
    return len(node.get("text", "").split()) + sum(words(child) for child in node.get("content", []))


def captions(path: Path) -> None:
    stamp, last = r"(\d\d):(\d\d):(\d\d),(\d{3})", 0
    for number, cue in enumerate(path.read_text(encoding="utf-8").strip().split("\n\n"), 1):
        lines = cue.split("\n")
        times = re.fullmatch(f"{stamp} --> {stamp}", lines[1])
        if check(lines[0] == str(number) and times and len(lines) >= 3, path.name, f"cue {number}"):
            h = [int(part) for part in times.groups()]
            begins, ends = (((h[i] * 60 + h[i + 1]) * 60 + h[i + 2]) * 1000 + h[i + 3] for i in (0, 4))
            check(last <= begins < ends, path.name, f"cue {number} is out of order")
            last = ends


def media(path: Path) -> None:
    head = path.read_bytes()[:64] if check(path.is_file(), "media", f"{path.name} is missing") else b""
    size = path.stat().st_size if head else 0
    if path.suffix == ".png" and check(head[:8] == b"\x89PNG\r\n\x1a\n", path.name, "is no PNG"):
        check(min(struct.unpack(">II", head[16:24])) >= 320 and size < 200_000, path.name, "is too small a picture or too large a file")
    elif path.suffix == ".mp4":
        check(head[4:8] == b"ftyp" and size <= 2_000_000, path.name, "is no MP4, or over 2 MB")
        data = path.read_bytes()
        check(data.find(b"moov") < data.find(b"mdat"), path.name, "does not start fast: moov comes after mdat")
    elif path.suffix == ".pdf":
        check(head.startswith(b"%PDF-") and size < 200_000, path.name, "is no PDF, or too large")


def lessons(subjects: dict, nodes: dict, people: dict) -> int:
    spec = importlib.util.spec_from_file_location("build_lessons", DEMO / "build-lessons.py")
    builder = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(builder)
    sources, files, ids = sorted((DEMO / "lesson-sources").glob("*.md")), sorted((DEMO / "lessons").glob("*.json")), []
    check([s.stem for s in sources] == [f.stem for f in files], "lessons", "lesson-sources and lessons do not match")
    for source in sources:
        built = DEMO / "lessons" / f"{source.stem}.json"
        check(built.exists() and built.read_text(encoding="utf-8") == builder.written(builder.build(source)), built.name,
              "is not what its source gives: run content/demo/build-lessons.py")
    for file in files:
        lesson, where = load(file), file.name
        meta, ids = lesson["meta"], [*ids, (lesson["organisation_code"], lesson["external_id"])]
        check(set(meta) == {"title", "summary", "subject", "grade", "strand", "requirement", "language", "licence", "authors", "cover_asset_id", "tags"},
              where, "meta differs from the contract's LessonMeta")
        author = people.get(lesson["author_username"])
        if check(author and lesson["organisation_code"] in nodes, where, "unknown author or organisation"):
            check({"role": "teacher", "organisation": lesson["organisation_code"]} in author["roles"], where, "its author does not teach there")
            check(author["display_name"] in meta["authors"], where, "its author is not among the authors")
        check(meta["licence"] in LICENCES, where, "licence")
        subject = subjects.get(meta["subject"])
        if check(subject, where, "unknown subject"):
            check(meta["grade"] in subject["grades"], where, "grade")
            if check(meta["strand"] in subject["strands"], where, "unknown strand"):
                check(subject["strands"][meta["strand"]].get(meta["requirement"]) == meta["grade"], where, "requirement of another strand or grade")
        names, used = {asset["name"] for asset in lesson["assets"]}, set()
        walk(lesson["doc"], where, names, used)
        if meta["cover_asset_id"]:
            used.add(meta["cover_asset_id"].removeprefix("asset:"))
        check(used == names, where, f"assets not used or not there: {sorted(used ^ names)}")
        check(words(lesson["doc"]) >= 600, where, f"only {words(lesson['doc'])} words")
        for asset in lesson["assets"]:
            media(DEMO / asset["file"])
            for track in asset["captions"]:
                captions(DEMO / track["file"])
            if asset["chapters"]:
                starts = [chapter["start_us"] for chapter in load(DEMO / asset["chapters"])]
                check(starts == sorted(set(starts)) and starts[0] == 0, asset["chapters"], "chapters must rise from 0")
    once(ids, "lessons", "external_id")
    return len(files)


def main() -> None:
    subjects, requirements = curriculum()
    nodes, people = school(subjects)
    count = lessons(subjects, nodes, people)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        sys.exit(1)
    print(f"content: {len(subjects)} subjects, {requirements} requirements, {len(people)} people, {count} lessons, all well")


if __name__ == "__main__":
    main()
