use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        #[schema(value_type = uuid::Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The bare UUID.
            pub fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A node of the tree of organisations.
    OrganisationId;
    /// Somebody who may sign in.
    PersonId;
    /// A role somebody holds at an organisation.
    RoleAssignmentId;
    /// A school year of an organisation.
    SchoolYearId;
    /// An administrative class of a school in one year.
    ClassGroupId;
    /// A stretch of time somebody belonged to an organisation.
    EnrolmentId;
    /// An import of people waiting to be applied.
    PeopleImportId;
    /// The public handle of a signed-in device (not the secret in its cookie).
    DeviceId;
    /// A line of the audit log.
    AuditEntryId;
    /// A background job.
    JobId;
    /// A file as stored, once for the same bytes.
    BlobId;
    /// An upload in progress.
    UploadId;
    /// A file as its owner knows it.
    AssetId;
    /// A lesson in all its versions.
    LessonId;
    /// One opened player.
    WatchSessionId;
    /// A question of the bank in all its versions.
    QuestionId;
    /// A folder of questions.
    QuestionFolderId;
    /// A folder lent to somebody.
    QuestionShareId;
    /// A picture or sound of questions.
    QuestionFileId;
    /// Word of something wrong in a question.
    QuestionReportId;
    /// A paper on its maker's import desk.
    QuestionImportId;
    /// A class that is taught together.
    ClassId;
    /// Somebody's place in a class.
    ClassMemberId;
    /// A team within a class.
    ClassTeamId;
    /// A test.
    TestId;
    /// What is sat of a test: never changed once made.
    TestPaperId;
    /// One of those a test is given to.
    TestTargetId;
    /// Somebody on the roster of a test, without an account.
    TestEntrantId;
    /// A message to those who sit a test.
    TestMessageId;
    /// One sitting of a test by one person.
    AttemptId;
    /// A rehearsal of a test.
    RehearsalId;
}

/// Where new ids come from.
#[derive(Clone)]
pub struct Ids(Arc<dyn Fn() -> Uuid + Send + Sync>);

impl Ids {
    /// UUIDv7 from the system's clock and randomness.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where ids are made")]
    pub fn system() -> Self {
        Self(Arc::new(Uuid::now_v7))
    }

    /// Ids from a function, for tests.
    pub fn from_fn(make: impl Fn() -> Uuid + Send + Sync + 'static) -> Self {
        Self(Arc::new(make))
    }

    /// A new id of any kind.
    pub fn make<T: From<Uuid>>(&self) -> T {
        T::from((self.0)())
    }
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}
