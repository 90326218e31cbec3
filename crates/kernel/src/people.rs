use serde::{Deserialize, Serialize};

/// A word that is not one of a closed set, met in the database or in a request.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{word:?} is not a {what}")]
pub struct UnknownWord {
    /// What the word should have been.
    pub what: &'static str,
    /// The word itself.
    pub word: String,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable word used in the database and over the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl TryFrom<String> for $name {
            type Error = UnknownWord;

            fn try_from(word: String) -> Result<Self, UnknownWord> {
                match word.as_str() {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(UnknownWord { what: $what, word }),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                Self::try_from(word.to_owned())
            }
        }
    };
}

words! {
    /// What somebody may do at an organisation and, for the first three, below it.
    Role, "role" {
        /// Runs the server's part below this node: people, organisations, storage.
        Administrator = "administrator",
        /// Approves what the school shares; sees all of the school.
        SchoolHead = "school_head",
        /// Reviews lessons of a department.
        Reviewer = "reviewer",
        /// Writes and publishes lessons.
        Teacher = "teacher",
        /// Learns.
        Pupil = "pupil",
        /// Follows a child.
        Parent = "parent",
    }
}

words! {
    /// The kind of a node in the tree of organisations; the tree has free depth.
    OrganisationKind, "kind of organisation" {
        /// Sở Giáo dục và Đào tạo.
        Department = "department",
        /// Xã, phường or đặc khu.
        Commune = "commune",
        /// A group of schools.
        Cluster = "cluster",
        /// A school.
        School = "school",
        /// Điểm trường.
        Campus = "campus",
    }
}

words! {
    /// The language somebody reads the product in.
    Locale, "language" {
        /// Vietnamese.
        Vi = "vi",
        /// English.
        En = "en",
    }
}
