//! Parents and guardians as one line of text, and back from it.

use exchange::roster::{PartialPerson, Relative};

const FATHER: &str = "Cha";
const MOTHER: &str = "Mẹ";
const GUARDIAN: &str = "Người giám hộ";

/// `Cha: Lê Văn An, 0912345678; Mẹ: …`.
pub(super) fn as_text(person: &PartialPerson) -> Option<String> {
    let parts: Vec<String> = [(FATHER, &person.father), (MOTHER, &person.mother), (GUARDIAN, &person.guardian)]
        .into_iter()
        .filter_map(|(word, relative)| {
            let facts: Vec<&str> = [relative.name.as_deref(), relative.phone.as_deref()].into_iter().flatten().collect();
            (!facts.is_empty()).then(|| format!("{word}: {}", facts.join(", ")))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Father, mother and guardian of a text made by [`as_text`]; a text in other words is left alone.
pub(super) fn from_text(text: &str) -> [Relative; 3] {
    let mut all = <[Relative; 3]>::default();
    for part in text.split("; ") {
        let Some((word, facts)) = part.split_once(": ") else { continue };
        let place = match word {
            FATHER => 0,
            MOTHER => 1,
            GUARDIAN => 2,
            _ => continue,
        };
        for fact in facts.split(", ") {
            if fact.starts_with(|first: char| first.is_ascii_digit() || first == '+') {
                all[place].phone = Some(fact.to_owned());
            } else {
                all[place].name = Some(fact.to_owned());
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guardians_come_back_from_their_text() {
        let person = PartialPerson {
            father: Relative { name: Some("Lê Văn An".into()), phone: Some("0912345678".into()) },
            guardian: Relative { name: None, phone: Some("+84912345678".into()) },
            ..PartialPerson::default()
        };
        let text = as_text(&person).unwrap();
        assert_eq!(text, "Cha: Lê Văn An, 0912345678; Người giám hộ: +84912345678");
        assert_eq!(from_text(&text), [person.father, person.mother, person.guardian]);
    }
}
