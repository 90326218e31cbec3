use kernel::ClassGroupId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::fault::{self, Fault, Faults};

/// Giới tính, as the sector's registers keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

impl Gender {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }

    pub(crate) fn parse(word: Option<&str>) -> Option<Self> {
        match word {
            Some("male") => Some(Self::Male),
            Some("female") => Some(Self::Female),
            _ => None,
        }
    }
}

/// A person as asked for.
#[derive(Clone, Debug, Default)]
pub struct PersonInput {
    /// Full name.
    pub display_name: String,
    /// Made from the name when absent.
    pub username: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Mã học sinh, mã giáo viên: the school's own.
    pub code: Option<String>,
    /// Mã định danh of the ministry's register.
    pub ministry_id: Option<String>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Số CCCD, 12 digits.
    pub national_id: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Parents or guardians, as a text.
    pub guardians: Option<String>,
    /// Her class.
    pub class_group_id: Option<ClassGroupId>,
}

/// A person whose fields are valid.
#[derive(Clone, Debug)]
pub struct PersonDraft {
    pub(crate) display_name: String,
    pub(crate) username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) ministry_id: Option<String>,
    pub(crate) birth_date: Option<String>,
    pub(crate) gender: Option<Gender>,
    pub(crate) national_id: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) guardians: Option<String>,
    pub(crate) class_group_id: Option<ClassGroupId>,
}

/// Twelve digits, as on the card.
pub(super) fn national_id(text: Option<&str>) -> Result<Option<String>, &'static str> {
    let text = fault::optional_line(text, 20)?;
    match text {
        Some(digits) if digits.len() != 12 || !digits.bytes().all(|byte| byte.is_ascii_digit()) => Err("bad-national-id"),
        other => Ok(other),
    }
}

/// A telephone number, kept without the signs between its digits, by the rule of imported lists: of this
/// country from 0, of any with +.
pub(super) fn phone(text: Option<&str>) -> Result<Option<String>, &'static str> {
    let Some(text) = fault::optional_line(text, 30)? else { return Ok(None) };
    let number: String = text.chars().filter(|letter| !" .-()".contains(*letter)).collect();
    let (digits, lengths) = match number.strip_prefix('+') {
        Some(abroad) => (abroad, 8..=15),
        None if number.starts_with('0') => (number.as_str(), 9..=11),
        None => return Err("bad-phone"),
    };
    let fits = lengths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(Some(number)) } else { Err("bad-phone") }
}

impl PersonDraft {
    /// Checks the fields.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(input: &PersonInput) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let username = input.username.as_deref().filter(|text| !text.trim().is_empty());
        let draft = Self {
            display_name: faults.take("display_name", fault::name(&input.display_name)),
            username: faults.take("username", username.map(fault::username).transpose()),
            email: faults.take("email", fault::email(input.email.as_deref())),
            code: faults.take("code", fault::code(input.code.as_deref())),
            ministry_id: faults.take("ministry_id", fault::code(input.ministry_id.as_deref())),
            birth_date: faults.take("birth_date", fault::date(input.birth_date.as_deref())),
            gender: input.gender,
            national_id: faults.take("national_id", national_id(input.national_id.as_deref())),
            phone: faults.take("phone", phone(input.phone.as_deref())),
            guardians: faults.take("guardians", fault::optional_line(input.guardians.as_deref(), 500)),
            class_group_id: input.class_group_id,
        };
        faults.check()?;
        Ok(draft)
    }
}
