//! What an item declares: its variables, their right values and what each value is worth.

use std::collections::BTreeMap;

use crate::model::Exact;
use crate::package::exact;
use crate::xml::Element;

/// Values of one variable.
const MOST: usize = 5000;

/// A response variable.
#[derive(Debug, Default)]
pub(super) struct Declaration {
    pub(super) base_type: String,
    /// `single`, `multiple`, `ordered`, `record`.
    pub(super) cardinality: String,
    /// Right values; `None` where the item says none.
    pub(super) correct: Option<Vec<String>>,
    /// What each value is worth.
    pub(super) mapping: Option<Mapping>,
}

/// What values are worth.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    pub(super) entries: Vec<Mapped>,
    pub(super) default: Option<Exact>,
    pub(super) upper: Option<Exact>,
}

/// What a value is worth.
#[derive(Debug)]
pub(super) struct Mapped {
    pub(super) key: String,
    pub(super) value: Exact,
    pub(super) case_sensitive: Option<bool>,
}

/// All of an item's response variables by their names.
pub(super) type Declarations = BTreeMap<String, Declaration>;

/// Reads them.
pub(super) fn declarations(item: &Element) -> Declarations {
    item.all("responsedeclaration").map(|own| (own.attribute("identifier").unwrap_or_default().to_owned(), declaration(own))).collect()
}

fn declaration(element: &Element) -> Declaration {
    let correct = element
        .first("correctresponse")
        .map(|correct| {
            correct.all("value").map(|value| value.text().trim().to_owned()).filter(|value| !value.is_empty()).take(MOST).collect()
        })
        .filter(|values: &Vec<String>| !values.is_empty());
    Declaration {
        base_type: element.attribute("basetype").unwrap_or_default().to_owned(),
        cardinality: element.attribute("cardinality").unwrap_or("single").to_owned(),
        correct,
        mapping: element.first("mapping").map(mapping),
    }
}

fn mapping(element: &Element) -> Mapping {
    let number = |name| element.attribute(name).and_then(exact);
    let entries = element.all("mapentry").filter_map(|entry| {
        Some(Mapped {
            key: entry.attribute("mapkey")?.trim().to_owned(),
            value: exact(entry.attribute("mappedvalue")?)?,
            case_sensitive: entry.attribute("casesensitive").map(|word| word == "true" || word == "1"),
        })
    });
    Mapping { entries: entries.take(MOST).collect(), default: number("defaultvalue"), upper: number("upperbound") }
}

impl Mapping {
    /// What a value is worth; values not named have the default.
    pub(super) fn value(&self, key: &str) -> Exact {
        self.entries.iter().find(|entry| entry.key == key).map_or(self.default.unwrap_or_default(), |entry| entry.value)
    }

    /// The most that can be had, where several values count together.
    pub(super) fn sum(&self) -> Exact {
        let sum = self.positive().fold(Exact::ZERO, |sum, value| sum.checked_add(value).unwrap_or(sum));
        self.upper.filter(|upper| *upper > Exact::ZERO && *upper < sum).unwrap_or(sum)
    }

    /// The most that one value can have.
    pub(super) fn most(&self) -> Exact {
        self.positive().max().unwrap_or_default()
    }

    fn positive(&self) -> impl Iterator<Item = Exact> {
        self.entries.iter().map(|entry| entry.value).filter(|value| *value > Exact::ZERO)
    }
}
