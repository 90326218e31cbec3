//! What a device sends while a test is sat.

use kernel::Timestamp;
use scoring::Response;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::answered::Written;
use super::saving::{EventKind, NewAnswer, NewEvent, Refused, RefusedBecause, Save};
use super::{AttemptError, DeviceCard, Token, device};
use crate::Classroom;
use crate::tests::LoadedPaper;

/// Most answers sent at once.
const MOST_ANSWERS: usize = 100;
/// Most events sent at once.
const MOST_EVENTS: usize = 100;
/// The highest number of an answer of one device: a key pressed every second for five hours.
const LAST_ANSWER: i64 = 20_000;
/// The highest number of an event of one device.
const LAST_EVENT: i64 = 5_000;

/// Answers and events of a device. Sending them again is as good as once.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SittingSave)]
pub struct SaveInput {
    /// The device's clock when it sends this, in microseconds.
    pub sent_at: Timestamp,
    /// Answers; none only tells that the device is still there.
    #[serde(default)]
    pub answers: Vec<AnswerInput>,
    /// What happened around the test.
    #[serde(default)]
    pub events: Vec<EventInput>,
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SittingAnswer)]
pub struct AnswerInput {
    /// Counts the answers of this device, from 1. The same number stands for the same answer for ever.
    pub sequence: i64,
    /// The item, from 0 in neutral order.
    pub item: u16,
    /// When it was made, by the device's clock.
    pub at: Timestamp,
    /// The response, or null where it was taken back.
    #[schema(value_type = Object)]
    pub response: Box<RawValue>,
}

/// Something that happened around the test.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SittingEvent)]
pub struct EventInput {
    /// Counts the events of this device, from 1.
    pub sequence: i64,
    /// What.
    pub kind: EventKind,
    /// When, by the device's clock.
    pub at: Timestamp,
    /// For how long, in milliseconds, where it lasted.
    #[serde(default)]
    pub lasted_ms: Option<u32>,
}

/// What became of it. Whatever is not refused is on disk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SittingSaved)]
pub struct SaveOutcome {
    /// The server's clock.
    pub now: Timestamp,
    /// When answering ends.
    pub due_at: Option<Timestamp>,
    /// Whether the attempt has been handed in.
    pub handed_in: bool,
    /// Whether a teacher has stopped it for now.
    pub locked: bool,
    /// Whether it goes on at another device.
    pub other_device: bool,
    /// What was not taken.
    pub refused: Vec<Refused>,
    /// Tells that there are messages the device may not have: when the last was sent.
    pub message_at: Option<Timestamp>,
}

/// Takes what a device sends. Answers only after all of it is on disk.
///
/// # Errors
/// [`AttemptError`].
pub async fn save(classroom: &Classroom, token: &Token, input: SaveInput) -> Result<SaveOutcome, AttemptError> {
    if input.answers.len() > MOST_ANSWERS || input.events.len() > MOST_EVENTS {
        return Err(AttemptError::TooMuch);
    }
    let card = device::get(classroom, token).await?;
    let (save, mut refused) = {
        let paper = classroom.papers.get(classroom, card.paper_id).await?;
        sort(&card, &paper, input, classroom.env().now())
    };
    let now = save.received_at;
    let written = Written::of(&save);
    let saved = classroom.saves.submit(card.attempt_id.as_uuid().as_u128(), save).await?;
    classroom.boards.heard(card.test_id, written, &saved);
    refused.extend(saved.refused);
    Ok(SaveOutcome {
        now,
        due_at: saved.due_at,
        handed_in: saved.handed_in,
        locked: saved.locked,
        other_device: saved.device_closed,
        refused,
        message_at: classroom.messages.last(classroom, card.test_id, card.attempt_id).await?,
    })
}

/// What is to be written of what came, and what does not fit the paper.
fn sort(card: &DeviceCard, paper: &LoadedPaper, input: SaveInput, now: Timestamp) -> (Save, Vec<Refused>) {
    // The smallest difference ever seen has the least of the line's delay in it; a later one cannot make
    // answers younger than the first said.
    let offset = card.clock_offset.min(now.0.saturating_sub(input.sent_at.0));
    let corrected = |at: Timestamp| Timestamp(at.0.saturating_add(offset).min(now.0));
    let mut refused = Vec::new();
    let mut answers = Vec::with_capacity(input.answers.len());
    for answer in input.answers {
        let fits = (1..=LAST_ANSWER).contains(&answer.sequence)
            && answer.response.get().len() <= scoring::MOST_BYTES
            && paper.shape(answer.item).is_some_and(|shape| Response::parse(shape, answer.response.get()).is_ok());
        if !fits {
            refused.push(Refused { sequence: answer.sequence, because: RefusedBecause::DoesNotFit });
            continue;
        }
        answers.push(NewAnswer {
            sequence: answer.sequence,
            item: i64::from(answer.item),
            made_at: corrected(answer.at),
            response: answer.response.get().to_owned(),
        });
    }
    let events = input
        .events
        .into_iter()
        .filter(|event| (1..=LAST_EVENT).contains(&event.sequence))
        .map(|event| NewEvent {
            sequence: event.sequence,
            kind: event.kind,
            at: corrected(event.at),
            detail: event.lasted_ms.map_or_else(|| "{}".to_owned(), |lasted| format!("{{\"lasted_ms\":{lasted}}}")),
        })
        .collect();
    (Save { attempt: card.attempt_id, device: card.number, received_at: now, answers, events }, refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_that_asks_no_database_lays_out_little_memory() {
        fn size<F: Future>(_: impl FnOnce(&'static Classroom, &'static Token, SaveInput) -> F) -> usize {
            size_of::<F>()
        }
        // It was 15 KB while the way to the database, which few saves take, was part of it: the allocator's slow path, and
        // hundreds of cold cache lines a request.
        assert!(size(save) <= 1024, "{}", size(save));
    }
}
