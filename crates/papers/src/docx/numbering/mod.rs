//! `numbering.xml`: the labels Word prints before paragraphs, which are not in the text.

mod formats;

use std::collections::HashMap;

use crate::document::Label;
use crate::xml::Element;

use super::look::{RunProperties, Typeface};
use super::styles::{ListPlace, Styles};
use super::theme::Theme;
use formats::Format;

const LEVELS: usize = 9;
/// A label longer than this is no label.
const LONGEST_LABEL: usize = 200;

/// One level of a list.
#[derive(Clone, Debug)]
struct Level {
    start: u32,
    format: Format,
    /// `Câu %1.`
    text: String,
    /// All numbers in it are shown as 1, 2, 3.
    legal: bool,
    /// The level, counted from 1, after which it starts again; 0 for never; `None` for any above.
    restart: Option<u8>,
    style: Option<String>,
    run: RunProperties,
}

#[derive(Clone, Debug, Default)]
struct Abstract {
    levels: [Option<Level>; LEVELS],
    /// The numbering style that says what the levels are.
    style_link: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct List {
    of: u32,
    /// Levels put in place of the abstract list's.
    levels: HashMap<u8, Level>,
    starts: HashMap<u8, u32>,
}

/// All lists, and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    abstracts: HashMap<u32, Abstract>,
    lists: HashMap<u32, List>,
    counters: HashMap<u32, [Option<u32>; LEVELS]>,
}

impl Numbering {
    /// Takes one child of `w:numbering`.
    pub(super) fn add(&mut self, own: &Element, theme: &Theme) {
        match own.name.as_str() {
            "abstractNum" => self.add_abstract(own, theme),
            "num" => self.add_list(own, theme),
            _ => {}
        }
    }

    fn add_abstract(&mut self, own: &Element, theme: &Theme) {
        let Some(id) = number(own, "abstractNumId") else { return };
        let mut list = Abstract::default();
        for level in own.all("lvl") {
            if let Some((place, level)) = Level::of(level, theme)
                && let Some(slot) = list.levels.get_mut(usize::from(place))
            {
                *slot = Some(level);
            }
        }
        list.style_link = own.first("numStyleLink").and_then(|link| link.attribute("val")).map(str::to_owned);
        self.abstracts.insert(id, list);
    }

    fn add_list(&mut self, own: &Element, theme: &Theme) {
        let Some(id) = number(own, "numId") else { return };
        let of = own.first("abstractNumId").and_then(|of| number(of, "val")).unwrap_or(0);
        let mut list = List { of, ..List::default() };
        for over in own.all("lvlOverride") {
            let Some(place) = number(over, "ilvl").and_then(|place| u8::try_from(place).ok()) else { continue };
            if let Some(start) = over.first("startOverride").and_then(|start| number(start, "val")) {
                list.starts.insert(place, start);
            }
            if let Some((_, level)) = over.first("lvl").and_then(|level| Level::of(level, theme)) {
                list.levels.insert(place, level);
            }
        }
        self.lists.insert(id, list);
    }

    /// The label of the next paragraph of a list, whose mark looks as `mark` says. Counts on.
    pub(super) fn label(&mut self, place: ListPlace, style: Option<&str>, mark: RunProperties, styles: &Styles) -> Option<Label> {
        let id = place.list.filter(|id| *id != 0)?;
        let list = self.lists.get(&id)?;
        let depth = match place.level {
            Some(depth) => depth,
            None => self.depth_of_style(list, style).unwrap_or(0),
        };
        let linked = self.abstracts.get(&list.of)?.style_link.as_deref().and_then(|link| styles.list_of(link));
        let levels_of = linked.and_then(|linked| self.lists.get(&linked)).map_or(list.of, |linked| linked.of);
        let levels = self.abstracts.get(&levels_of)?;
        let level = |at: u8| list.levels.get(&at).or_else(|| levels.levels.get(usize::from(at))?.as_ref());
        let own = level(depth)?;
        // A list that says where it starts counts by itself; the others share their abstract list's numbers.
        let counts_as = if list.starts.is_empty() { levels_of.wrapping_mul(2) } else { id.wrapping_mul(2).wrapping_add(1) };
        let counters = self.counters.entry(counts_as).or_default();
        let start = |at: u8| list.starts.get(&at).copied().or_else(|| level(at).map(|level| level.start)).unwrap_or(1);
        if let Some(counter) = counters.get_mut(usize::from(depth)) {
            *counter = Some(counter.map_or_else(|| start(depth), |count| count.saturating_add(1)));
        }
        for deeper in depth.saturating_add(1)..9 {
            let restarts = match level(deeper).and_then(|level| level.restart) {
                Some(0) => false,
                Some(after) => depth < after,
                None => true,
            };
            if restarts && let Some(counter) = counters.get_mut(usize::from(deeper)) {
                *counter = None;
            }
        }
        let run = own.run.over(mark);
        let shown = |at: u8| {
            let count = counters.get(usize::from(at)).copied().flatten().unwrap_or_else(|| start(at));
            let format = match level(at) {
                Some(level) if own.legal && level.format.is_numeral() => Format::Decimal,
                Some(level) => level.format,
                None => Format::Decimal,
            };
            format.show(count)
        };
        let text = own.printed(&run, shown);
        (!text.is_empty()).then(|| Label { text, look: run.look(), list: counts_as, depth })
    }

    /// The level that names a paragraph style as its own.
    fn depth_of_style(&self, list: &List, style: Option<&str>) -> Option<u8> {
        let style = style?;
        let is_its = |level: &Level| level.style.as_deref() == Some(style);
        let levels = &self.abstracts.get(&list.of)?.levels;
        let at = levels.iter().position(|level| level.as_ref().is_some_and(is_its))?;
        u8::try_from(at).ok()
    }
}

impl Level {
    fn of(element: &Element, theme: &Theme) -> Option<(u8, Self)> {
        let place = number(element, "ilvl").and_then(|place| u8::try_from(place).ok()).filter(|place| *place < 9)?;
        let value = |name: &str| element.first(name).and_then(|own| own.attribute("val"));
        // Newer formats stand in an alternative, with an older one to fall back on.
        let fallback = || element.first("AlternateContent")?.first("Fallback")?.first("numFmt")?.attribute("val");
        let format = Format::of(value("numFmt").or_else(fallback).unwrap_or("decimal"));
        // Left out it is 0, and there is no letter for that.
        let first = u32::from(!matches!(format, Format::Decimal | Format::DecimalZero));
        let level = Self {
            start: value("start").and_then(|value| value.parse().ok()).unwrap_or(first),
            format,
            text: value("lvlText").unwrap_or("").chars().take(LONGEST_LABEL).collect(),
            legal: element.first("isLgl").is_some_and(|own| super::look::is_on(own.attribute("val"))),
            restart: value("lvlRestart").and_then(|value| value.parse().ok()),
            style: value("pStyle").map(str::to_owned),
            run: element.first("rPr").map(|run| RunProperties::of(run, theme)).unwrap_or_default(),
        };
        Some((place, level))
    }

    /// The level's text with its numbers in place.
    fn printed(&self, run: &RunProperties, shown: impl Fn(u8) -> String) -> String {
        if self.format == Format::Bullet {
            return self.bullet(run);
        }
        let mut out = String::new();
        let decoded = match run.legacy() {
            Some(legacy) => legacy.decode(&self.text),
            None => self.text.clone(),
        };
        let mut letters = decoded.chars().peekable();
        while let Some(letter) = letters.next() {
            match letters.peek().and_then(|next| next.to_digit(10)) {
                Some(level @ 1..=9) if letter == '%' => {
                    letters.next();
                    out.push_str(&shown(u8::try_from(level - 1).unwrap_or(0)));
                }
                _ => out.push(letter),
            }
        }
        let capitals = run.capitals == Some(true);
        let printed = out.trim();
        if capitals { printed.to_uppercase() } else { printed.to_owned() }
    }

    /// Bullets are letters of symbol fonts.
    fn bullet(&self, run: &RunProperties) -> String {
        let letter = |letter: char| match run.ascii {
            Some(Typeface::Symbols(font)) => super::symbols::letter(font, u32::from(letter)).unwrap_or('•'),
            _ if super::symbols::is_private(letter) => '•',
            _ => letter,
        };
        let text: String = self.text.chars().map(letter).collect();
        if text.trim().is_empty() { "•".to_owned() } else { text.trim().to_owned() }
    }
}

fn number(element: &Element, name: &str) -> Option<u32> {
    element.attribute(name).and_then(|value| value.trim().parse().ok())
}
