use serde::{Deserialize, Serialize};

/// How hard a question is, as Vietnamese banks tag it (CV 7991/BGDĐT-GDTrH prints VD and VDC as one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = QuestionLevel)]
pub enum Level {
    /// Nhận biết: recognising.
    Nb,
    /// Thông hiểu: understanding.
    Th,
    /// Vận dụng: applying.
    Vd,
    /// Vận dụng cao: applying in a new place.
    Vdc,
}

impl Level {
    /// From the word of a tag such as `[NB]`, `[0, NB]` or `[3]`, in any case, without the brackets.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.rsplit(',').next().unwrap_or_default().trim();
        Some(match word.to_uppercase().as_str() {
            "NB" | "0" => Self::Nb,
            "TH" | "1" => Self::Th,
            "VD" | "VDT" | "2" => Self::Vd,
            "VDC" | "3" => Self::Vdc,
            _ => return None,
        })
    }

    /// As printed in papers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Nb => "NB",
            Self::Th => "TH",
            Self::Vd => "VD",
            Self::Vdc => "VDC",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn tags_of_both_kinds_are_read() {
        let table =
            [("NB", Some(Level::Nb)), ("0, NB", Some(Level::Nb)), ("3, vdc", Some(Level::Vdc)), ("2", Some(Level::Vd)), ("A", None)];
        for (text, level) in table {
            assert_eq!(Level::parse(text), level, "{text}");
        }
    }
}
