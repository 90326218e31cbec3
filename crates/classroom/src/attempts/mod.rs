//! Sitting a test: from the bell to the mark. What was acknowledged is on disk; the server's clock decides.

mod afterwards;
mod answered;
mod answers;
mod begin;
mod board;
mod book;
mod book_answers;
mod book_words;
mod check;
mod close;
mod device;
mod done;
mod door;
mod files;
mod hand_in;
mod hand_marks;
mod key;
mod letters;
mod live;
mod lobby;
mod looking;
mod marking;
mod messages;
mod outages;
mod photos;
mod remark;
mod result;
mod save;
mod saving;
mod statistics;

use db::{DbError, GroupError};
use identity::access::Denied;

use crate::tests::TestError;

pub(crate) use afterwards::Shelf;
pub use begin::{BeginInput, GivenAnswer, Sitting, SittingRules, begin, begin_by_link};
pub(crate) use begin::{Begins, begin_rehearsed};
pub use board::{AttemptDetail, Board, BoardAttempt, BoardRow, EventCount, KeptAnswer, KeptEvent, Rubric, board, detail};
pub use book::{MarkBook, book};
pub use check::{CheckInput, Checked, check};
pub use close::{Action, act, close_due};
pub(crate) use device::get as device_of;
pub use device::{DeviceCard, Devices, Token};
pub(crate) use done::Done;
pub(crate) use door::Door;
pub use files::{Asking, FileOf, OpenedFile, attempt_file, checked_explanation_file, test_file};
pub(crate) use hand_in::Submits;
pub use hand_in::{Receipt, hand_in};
pub use hand_marks::{HandMarkInput, mark_by_hand};
pub use key::{KeyChange, KeyEffect, KeyEntry, KeyItem, PaperKey, correct_key, key, key_effect};
pub use letters::Letters;
pub(crate) use live::Boards;
pub use live::{BoardChange, BoardNews, ChangedAttempt, watch_board};
pub use lobby::{LinkLobby, Lobby, PastAttempt, SealedPaper, by_link, lobby};
pub(crate) use marking::MarkWrites;
pub(crate) use messages::Messages;
pub use messages::{Message, messages, send};
pub use outages::{BEAT_EVERY, beat, recover};
pub use photos::{LARGEST_PHOTO, Photo, PhotoError, PhotoState, keep_photo, own_photo};
pub(crate) use photos::{PhotoDoor, let_go as let_go_photos};
pub use remark::remark_due;
pub use result::{Remark, ResultView, Review, ReviewedItem, result, result_by_receipt};
pub use save::{AnswerInput, EventInput, SaveInput, SaveOutcome, save};
pub(crate) use saving::Saves;
pub use saving::{EventKind, Refused, RefusedBecause};
pub use statistics::ItemStatistics;

/// Why something about an attempt was refused.
#[derive(Debug, thiserror::Error)]
pub enum AttemptError {
    /// By the policy.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// By the database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// By the writer of answers.
    #[error(transparent)]
    Group(#[from] GroupError),
    /// By the test.
    #[error(transparent)]
    Test(#[from] TestError),
    /// It has not begun.
    #[error("it has not begun")]
    NotOpenYet,
    /// It is over.
    #[error("it is over")]
    Over,
    /// All attempts have been used.
    #[error("no attempt is left")]
    NoAttemptLeft,
    /// The word is not right.
    #[error("wrong password")]
    WrongPassword,
    /// It may not be sat from this network.
    #[error("not from this network")]
    WrongNetwork,
    /// It was begun at another device, and no teacher has let this one go on.
    #[error("begun at another device")]
    OtherDevice,
    /// The attempt has been handed in.
    #[error("handed in")]
    HandedIn,
    /// The secret of the device opens nothing.
    #[error("no such device")]
    NoDevice,
    /// More was sent at once than is taken.
    #[error("too much at once")]
    TooMuch,
    /// The same questions are in a test that is under way.
    #[error("a test with these questions is under way")]
    Guarded,
}
