use serde::{Deserialize, Serialize};

use crate::UnknownWord;

/// The licence of a lesson: the Creative Commons family by SPDX identifier, or the school's own use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Licence {
    /// Public domain dedication.
    #[serde(rename = "CC0-1.0")]
    Cc0,
    /// Attribution.
    #[serde(rename = "CC-BY-4.0")]
    CcBy,
    /// Attribution, share alike.
    #[serde(rename = "CC-BY-SA-4.0")]
    CcBySa,
    /// Attribution, non-commercial.
    #[serde(rename = "CC-BY-NC-4.0")]
    CcByNc,
    /// Attribution, non-commercial, share alike.
    #[serde(rename = "CC-BY-NC-SA-4.0")]
    CcByNcSa,
    /// Attribution, no derivatives.
    #[serde(rename = "CC-BY-ND-4.0")]
    CcByNd,
    /// Attribution, non-commercial, no derivatives.
    #[serde(rename = "CC-BY-NC-ND-4.0")]
    CcByNcNd,
    /// For use within the school that made it.
    #[serde(rename = "LicenseRef-school-only")]
    SchoolOnly,
}

impl Licence {
    /// Every licence offered.
    pub const ALL: &'static [Self] =
        &[Self::Cc0, Self::CcBy, Self::CcBySa, Self::CcByNc, Self::CcByNcSa, Self::CcByNd, Self::CcByNcNd, Self::SchoolOnly];

    /// The SPDX identifier.
    pub fn spdx(self) -> &'static str {
        match self {
            Self::Cc0 => "CC0-1.0",
            Self::CcBy => "CC-BY-4.0",
            Self::CcBySa => "CC-BY-SA-4.0",
            Self::CcByNc => "CC-BY-NC-4.0",
            Self::CcByNcSa => "CC-BY-NC-SA-4.0",
            Self::CcByNd => "CC-BY-ND-4.0",
            Self::CcByNcNd => "CC-BY-NC-ND-4.0",
            Self::SchoolOnly => "LicenseRef-school-only",
        }
    }
}

impl TryFrom<String> for Licence {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        Self::ALL.iter().copied().find(|licence| licence.spdx() == word).ok_or(UnknownWord { what: "licence", word })
    }
}
