//! What a teacher says to those who sit a test.

use std::sync::Arc;
use std::time::Duration;

use db::{DbError, sql};
use identity::access::{Caller, Denied, authorise};
use identity::fault::{Faults, optional_line};
use kernel::{AttemptId, TestId, TestMessageId, Timestamp};
use moka::sync::Cache;
use serde::Serialize;
use tokio::sync::OnceCell;
use utoipa::ToSchema;

use super::{AttemptError, Token, device};
use crate::Classroom;
use crate::tests::{ManageTest, TestError};

/// A message to those who sit a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow, ToSchema)]
#[schema(as = TestMessage)]
pub struct Message {
    /// Which.
    pub id: TestMessageId,
    /// To this attempt only.
    pub attempt_id: Option<AttemptId>,
    /// When.
    pub sent_at: Timestamp,
    /// What.
    pub text: String,
}

/// When the last message of each test was sent: asked with every save, so it is remembered for a moment, and
/// of all who ask in that moment one asks the database.
#[derive(Clone, Debug)]
pub(crate) struct Messages(Cache<TestId, Arc<OnceCell<Vec<Sent>>>>);

/// To one attempt or to all, and when.
type Sent = (Option<AttemptId>, Timestamp);

impl Default for Messages {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(2)).build())
    }
}

impl Messages {
    /// When the last message to an attempt was sent.
    pub(super) async fn last(&self, classroom: &Classroom, test: TestId, attempt: AttemptId) -> Result<Option<Timestamp>, DbError> {
        let moment = self.0.get_with(test, Arc::default);
        let sent = moment
            .get_or_try_init(async || {
                let mut tx = classroom.env().db.glance().await?;
                let sent: Vec<Sent> =
                    sql!("SELECT attempt_id, sent_at FROM test_message WHERE test_id = $1 ORDER BY sent_at DESC LIMIT 500")
                        .bind(test)
                        .fetch_all(&mut tx)
                        .await?;
                Ok::<_, DbError>(sent)
            })
            .await?;
        Ok(sent.iter().find(|(to, _)| to.is_none_or(|to| to == attempt)).map(|(_, at)| *at))
    }
}

/// Says something to everybody who sits a test, or to one.
///
/// # Errors
/// [`AttemptError`].
pub async fn send(
    classroom: &Classroom,
    caller: &Caller,
    test: TestId,
    to: Option<AttemptId>,
    text: &str,
) -> Result<Message, AttemptError> {
    let mut faults = Faults::default();
    let text = faults.take("text", optional_line(Some(text), 500));
    if text.is_none() {
        faults.add("text", "missing");
    }
    faults.check().map_err(TestError::from)?;
    let env = classroom.env();
    let mut tx = env.db.write().await?;
    authorise::<ManageTest>(&mut tx, caller, test).await?;
    let Some(person) = caller.person_id() else { return Err(Denied::Forbidden.into()) };
    if let Some(attempt) = to {
        let known: Option<(i64,)> = sql!("SELECT CAST(1 AS BIGINT) FROM attempt WHERE id = $1 AND test_id = $2")
            .bind(attempt)
            .bind(test)
            .fetch_optional(&mut tx)
            .await?;
        known.ok_or(Denied::NotFound)?;
    }
    let message = Message { id: env.ids.make(), attempt_id: to, sent_at: env.now(), text: text.unwrap_or_default() };
    sql!("INSERT INTO test_message (id, test_id, attempt_id, sent_by, sent_at, text) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(message.id)
        .bind(test)
        .bind(message.attempt_id)
        .bind(person)
        .bind(message.sent_at)
        .bind(&message.text)
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    classroom.messages.0.invalidate(&test);
    Ok(message)
}

/// What was said to the attempt of a device.
///
/// # Errors
/// [`AttemptError`].
pub async fn messages(classroom: &Classroom, token: &Token) -> Result<Vec<Message>, AttemptError> {
    let card = device::get(classroom, token).await?;
    let mut tx = classroom.env().db.read().await?;
    let all = sql!(
        "SELECT id, attempt_id, sent_at, text FROM test_message
         WHERE test_id = $1 AND (attempt_id IS NULL OR attempt_id = $2) ORDER BY sent_at, id LIMIT 200"
    )
    .bind(card.test_id)
    .bind(card.attempt_id)
    .fetch_all(&mut tx)
    .await?;
    Ok(all)
}
