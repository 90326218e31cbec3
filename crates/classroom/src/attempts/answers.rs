//! What has been answered: of all that came, the newest of each item.

use std::collections::BTreeMap;

use db::{Conn, DbError, sql};
use kernel::{AttemptId, Timestamp};
use serde_json::value::RawValue;

/// An answer as it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Kept {
    pub device: i64,
    pub item: i64,
    pub made_at: Timestamp,
    pub received_at: Timestamp,
    pub response: String,
}

/// The answer that counts of each item.
pub(super) type Counting = BTreeMap<i64, Kept>;

/// The answer that counts of each item: of one device the last it counted; of several the youngest, by
/// their clocks as corrected.
pub(super) async fn counting(conn: &mut Conn, attempt: AttemptId) -> Result<Counting, DbError> {
    let all: Vec<Kept> = sql!(
        "SELECT device, item, made_at, received_at, response FROM attempt_answer
         WHERE attempt_id = $1 ORDER BY device, sequence"
    )
    .bind(attempt)
    .fetch_all(conn)
    .await?;
    Ok(choose(all))
}

fn choose(all: Vec<Kept>) -> BTreeMap<i64, Kept> {
    let mut chosen: BTreeMap<i64, Kept> = BTreeMap::new();
    for kept in all {
        let replaces = chosen.get(&kept.item).is_none_or(|before| before.device == kept.device || before.made_at <= kept.made_at);
        if replaces {
            chosen.insert(kept.item, kept);
        }
    }
    chosen
}

/// The responses that count, as JSON; taken-back ones are left out.
pub(super) async fn newest(conn: &mut Conn, attempt: AttemptId) -> Result<Vec<(i64, Box<RawValue>)>, DbError> {
    let mut answers = Vec::new();
    for (item, kept) in counting(conn, attempt).await? {
        if kept.response != "null" {
            answers.push((item, RawValue::from_string(kept.response)?));
        }
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(device: i64, made_at: i64, response: &str) -> Kept {
        let made_at = Timestamp(made_at);
        Kept { device, item: 0, made_at, received_at: made_at, response: response.to_owned() }
    }

    #[test]
    fn of_one_device_the_last_counts_and_of_two_the_younger() {
        let chosen = |all: Vec<Kept>| choose(all).remove(&0).map(|kept| kept.response);
        // A clock that was set back does not bring an old answer back.
        assert_eq!(chosen(vec![kept(1, 100, "a"), kept(1, 50, "b")]).as_deref(), Some("b"));
        assert_eq!(chosen(vec![kept(1, 100, "a"), kept(2, 200, "b")]).as_deref(), Some("b"));
        // The first phone was offline and sends late what was answered before the second went on.
        assert_eq!(chosen(vec![kept(1, 100, "a"), kept(1, 300, "c"), kept(2, 200, "b")]).as_deref(), Some("c"));
    }
}
