//! Where somebody has belonged.

use db::{Conn, DbError, sql};
use kernel::{OrganisationId, OrganisationKind, PersonId, Role, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::VisibleOrganisations;
use crate::organisations::OrgRef;

/// Why a stretch of belonging began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentReason {
    /// From a list.
    Import,
    /// Added one by one.
    Created,
    /// Moved up with the class.
    MovedUp,
    /// Came from another school.
    Transfer,
    /// Left.
    Left,
}

impl EnrolmentReason {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Created => "created",
            Self::MovedUp => "moved_up",
            Self::Transfer => "transfer",
            Self::Left => "left",
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "import" => Self::Import,
            "moved_up" => Self::MovedUp,
            "transfer" => Self::Transfer,
            "left" => Self::Left,
            _ => Self::Created,
        }
    }
}

/// A stretch of time somebody belonged to an organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Enrolment {
    /// Where.
    pub organisation: OrgRef,
    /// In which school year.
    pub year: Option<String>,
    /// In which class.
    pub class_name: Option<String>,
    /// As what.
    pub role: Role,
    /// Her number there.
    pub code: Option<String>,
    /// Since.
    pub from_at: Timestamp,
    /// Until; null: still.
    pub until_at: Option<Timestamp>,
    /// Why it began.
    pub reason: EnrolmentReason,
}

#[derive(sqlx::FromRow)]
struct HistoryFacts {
    organisation_id: Uuid,
    organisation_name: String,
    organisation_kind: String,
    organisation_code: Option<String>,
    year: Option<String>,
    class_name: Option<String>,
    role: String,
    code: Option<String>,
    reason: String,
    from_at: i64,
    until_at: Option<i64>,
}

/// Where a person has belonged, newest first, at places that may be seen.
pub(super) async fn history_of(conn: &mut Conn, person: PersonId, seen: &VisibleOrganisations) -> Result<Vec<Enrolment>, DbError> {
    let rows: Vec<HistoryFacts> = sql!(
        "SELECT o.id AS organisation_id, o.name AS organisation_name, o.kind AS organisation_kind, o.code AS organisation_code,
                y.name AS year, g.name AS class_name, e.role, e.reason, e.from_at, e.until_at,
                (SELECT n.number FROM school_number n JOIN organisation_closure c ON c.ancestor_id = n.organisation_id
                 WHERE n.person_id = e.person_id AND c.descendant_id = e.organisation_id ORDER BY c.depth LIMIT 1) AS code
         FROM enrolment e JOIN organisation o ON o.id = e.organisation_id
         LEFT JOIN school_year y ON y.id = e.year_id LEFT JOIN class_group g ON g.id = e.class_group_id
         WHERE e.person_id = $1 ORDER BY e.from_at DESC, e.id DESC LIMIT 500"
    )
    .bind(person)
    .fetch_all(conn)
    .await?;
    let mut history = Vec::new();
    for facts in rows {
        let id = OrganisationId(facts.organisation_id);
        if !seen.contains(id) {
            continue;
        }
        history.push(Enrolment {
            organisation: OrgRef {
                id,
                name: facts.organisation_name,
                kind: OrganisationKind::try_from(facts.organisation_kind)?,
                code: facts.organisation_code,
            },
            year: facts.year,
            class_name: facts.class_name,
            role: Role::try_from(facts.role)?,
            code: facts.code,
            from_at: Timestamp(facts.from_at),
            until_at: facts.until_at.map(Timestamp),
            reason: EnrolmentReason::parse(&facts.reason),
        });
    }
    Ok(history)
}
