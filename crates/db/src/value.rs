use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Postgres, Sqlite};
use uuid::Uuid;

/// A value bound to a statement. `None` keeps its type, since PostgreSQL wants NULLs typed.
#[derive(Clone, Debug)]
pub enum Value {
    /// BIGINT
    Int(Option<i64>),
    /// DOUBLE PRECISION
    Float(Option<f64>),
    /// BOOLEAN, INTEGER on SQLite
    Bool(Option<bool>),
    /// TEXT
    Text(Option<String>),
    /// UUID, BLOB on SQLite
    Uuid(Option<Uuid>),
    /// BYTEA, BLOB on SQLite
    Bytes(Option<Vec<u8>>),
}

macro_rules! from {
    ($($variant:ident: $($type:ty => $change:expr),+;)*) => {$($(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(Some(($change)(value)))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map($change))
            }
        }
    )+)*};
}

from! {
    Int: i64 => |v| v, u32 => i64::from, i32 => i64::from, kernel::Timestamp => |v: kernel::Timestamp| v.0;
    Float: f64 => |v| v;
    Bool: bool => |v| v;
    Text: String => |v| v, &str => str::to_owned, &String => String::clone, kernel::Role => |v: kernel::Role| v.as_str().to_owned(),
        kernel::OrganisationKind => |v: kernel::OrganisationKind| v.as_str().to_owned(),
        kernel::Locale => |v: kernel::Locale| v.as_str().to_owned(),
        kernel::Licence => |v: kernel::Licence| v.spdx().to_owned(),
        kernel::SecretHash => |v: kernel::SecretHash| v.0;
    Uuid: Uuid => |v| v,
        kernel::OrganisationId => kernel::OrganisationId::as_uuid, kernel::PersonId => kernel::PersonId::as_uuid,
        kernel::RoleAssignmentId => kernel::RoleAssignmentId::as_uuid, kernel::SchoolYearId => kernel::SchoolYearId::as_uuid,
        kernel::ClassGroupId => kernel::ClassGroupId::as_uuid, kernel::EnrolmentId => kernel::EnrolmentId::as_uuid,
        kernel::PeopleImportId => kernel::PeopleImportId::as_uuid, kernel::DeviceId => kernel::DeviceId::as_uuid,
        kernel::AuditEntryId => kernel::AuditEntryId::as_uuid, kernel::JobId => kernel::JobId::as_uuid,
        kernel::BlobId => kernel::BlobId::as_uuid, kernel::UploadId => kernel::UploadId::as_uuid,
        kernel::AssetId => kernel::AssetId::as_uuid, kernel::LessonId => kernel::LessonId::as_uuid,
        kernel::WatchSessionId => kernel::WatchSessionId::as_uuid,
        kernel::QuestionId => kernel::QuestionId::as_uuid,
        kernel::QuestionFolderId => kernel::QuestionFolderId::as_uuid,
        kernel::QuestionShareId => kernel::QuestionShareId::as_uuid,
        kernel::QuestionFileId => kernel::QuestionFileId::as_uuid,
        kernel::QuestionReportId => kernel::QuestionReportId::as_uuid,
        kernel::QuestionImportId => kernel::QuestionImportId::as_uuid,
        kernel::ClassId => kernel::ClassId::as_uuid, kernel::ClassMemberId => kernel::ClassMemberId::as_uuid,
        kernel::ClassTeamId => kernel::ClassTeamId::as_uuid,
        kernel::TestId => kernel::TestId::as_uuid, kernel::TestPaperId => kernel::TestPaperId::as_uuid,
        kernel::TestTargetId => kernel::TestTargetId::as_uuid, kernel::TestEntrantId => kernel::TestEntrantId::as_uuid,
        kernel::TestMessageId => kernel::TestMessageId::as_uuid, kernel::AttemptId => kernel::AttemptId::as_uuid, kernel::RehearsalId => kernel::RehearsalId::as_uuid;
    Bytes: Vec<u8> => |v| v, &[u8] => <[u8]>::to_vec;
}

/// A query of one engine that takes our values.
pub(crate) trait BindValue: Sized {
    fn bind_value(self, value: Value) -> Self;
}

macro_rules! bind_value {
    ($($engine:ty, $arguments:ty;)*) => {$(
        impl<'q> BindValue for Query<'q, $engine, $arguments> {
            fn bind_value(self, value: Value) -> Self {
                match value {
                    Value::Int(v) => self.bind(v),
                    Value::Float(v) => self.bind(v),
                    Value::Bool(v) => self.bind(v),
                    Value::Text(v) => self.bind(v),
                    Value::Uuid(v) => self.bind(v),
                    Value::Bytes(v) => self.bind(v),
                }
            }
        }
    )*};
}
bind_value! { Sqlite, SqliteArguments; Postgres, PgArguments; }
