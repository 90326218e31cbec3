//! `styles.xml`: what paragraphs and runs inherit.

use std::collections::HashMap;

use crate::xml::Element;

use super::look::{RunProperties, is_shaded};
use super::theme::Theme;

/// Styles that follow each other by `basedOn`; real ones stay below ten.
const LONGEST_CHAIN: usize = 64;

/// A paragraph's place in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ListPlace {
    /// `numId`; 0 takes a paragraph out of its list.
    pub list: Option<u32>,
    /// `ilvl`.
    pub level: Option<u8>,
}

/// What a style says, with all it is based on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inherited {
    pub run: RunProperties,
    pub place: ListPlace,
    pub shaded: Option<bool>,
}

#[derive(Debug)]
struct Style {
    based_on: Option<String>,
    own: Inherited,
}

/// All styles, added up.
#[derive(Debug, Default)]
pub(super) struct Styles {
    defaults: RunProperties,
    default_paragraph: Option<String>,
    raw: HashMap<String, Style>,
    settled: HashMap<String, Inherited>,
}

impl Styles {
    /// Takes one child of `w:styles`.
    pub(super) fn add(&mut self, own: &Element, theme: &Theme) {
        match own.name.as_str() {
            "docDefaults" => {
                if let Some(run) = own.first("rPrDefault").and_then(|defaults| defaults.first("rPr")) {
                    self.defaults = RunProperties::of(run, theme);
                }
            }
            "style" => self.add_style(own, theme),
            _ => {}
        }
    }

    fn add_style(&mut self, style: &Element, theme: &Theme) {
        let Some(id) = style.attribute("styleId") else { return };
        let is_paragraph = style.attribute("type") == Some("paragraph");
        if is_paragraph && style.attribute("default").is_some_and(|value| super::look::is_on(Some(value))) {
            self.default_paragraph = Some(id.to_owned());
        }
        let paragraph = style.first("pPr");
        let own = Inherited {
            run: style.first("rPr").map(|run| RunProperties::of(run, theme)).unwrap_or_default(),
            place: paragraph.map(list_place).unwrap_or_default(),
            shaded: paragraph.and_then(|own| own.first("shd")).map(|shading| is_shaded(shading, theme)),
        };
        let based_on = style.first("basedOn").and_then(|base| base.attribute("val")).map(str::to_owned);
        self.raw.insert(id.to_owned(), Style { based_on, own });
    }

    /// To be called when all are there.
    pub(super) fn settle(&mut self) {
        let raw = std::mem::take(&mut self.raw);
        self.settled = raw.keys().map(|id| (id.clone(), settle(&raw, id))).collect();
    }

    /// What a paragraph inherits: the document's defaults, then its style.
    pub(super) fn paragraph(&self, id: Option<&str>) -> Inherited {
        let style = id.or(self.default_paragraph.as_deref()).and_then(|id| self.settled.get(id)).copied().unwrap_or_default();
        Inherited { run: style.run.over(self.defaults), ..style }
    }

    /// What a character style says.
    pub(super) fn character(&self, id: &str) -> RunProperties {
        self.settled.get(id).map(|style| style.run).unwrap_or_default()
    }

    /// The list a numbering style stands for.
    pub(super) fn list_of(&self, id: &str) -> Option<u32> {
        self.settled.get(id).and_then(|style| style.place.list)
    }
}

/// `w:numPr` of a `w:pPr`.
pub(super) fn list_place(paragraph: &Element) -> ListPlace {
    let Some(place) = paragraph.first("numPr") else { return ListPlace::default() };
    let value = |name: &str| place.first(name).and_then(|own| own.attribute("val"));
    ListPlace {
        list: value("numId").and_then(|value| value.parse().ok()),
        level: value("ilvl").and_then(|value| value.parse().ok()).map(|level: u8| level.min(8)),
    }
}

fn settle(raw: &HashMap<String, Style>, id: &str) -> Inherited {
    let mut sum = Inherited::default();
    let mut next = Some(id);
    for _ in 0..LONGEST_CHAIN {
        let Some(style) = next.and_then(|id| raw.get(id)) else { break };
        sum.run = sum.run.over(style.own.run);
        sum.shaded = sum.shaded.or(style.own.shaded);
        sum.place.list = sum.place.list.or(style.own.place.list);
        sum.place.level = sum.place.level.or(style.own.place.level);
        next = style.based_on.as_deref();
    }
    sum
}
