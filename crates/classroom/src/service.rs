use db::{Env, GroupCommit, GroupSettings};
use kernel::TestId;
use questions::Questions;

use crate::attempts::{Begins, Boards, Devices, Done, Door, MarkWrites, Messages, PhotoDoor, Saves, Shelf, Submits};
use crate::tests::Papers;

/// What the use cases of this crate need. Cheap to clone. What is in memory is a copy, or waits for its
/// commit before anybody is told that it is kept.
#[derive(Clone, Debug)]
pub struct Classroom {
    /// The bank that tests are made from, and beneath it files, database, time and ids.
    pub questions: Questions,
    pub(crate) papers: Papers,
    pub(crate) devices: Devices,
    pub(crate) messages: Messages,
    pub(crate) done: Done,
    pub(crate) shelf: Shelf,
    pub(crate) door: Door,
    pub(crate) photo_door: PhotoDoor,
    pub(crate) boards: Boards,
    pub(crate) saves: GroupCommit<Saves>,
    pub(crate) begins: GroupCommit<Begins>,
    pub(crate) submits: GroupCommit<Submits>,
    pub(crate) mark_writes: GroupCommit<MarkWrites>,
}

impl Classroom {
    /// Over an open question bank.
    pub fn new(questions: Questions) -> Self {
        let db = questions.content.env.db.clone();
        let settings = GroupSettings::default();
        Self {
            questions,
            papers: Papers::default(),
            devices: Devices::default(),
            messages: Messages::default(),
            done: Done::default(),
            shelf: Shelf::default(),
            door: Door::default(),
            photo_door: PhotoDoor::default(),
            boards: Boards::default(),
            saves: GroupCommit::new(db.clone(), Saves, settings),
            begins: GroupCommit::new(db.clone(), Begins, settings),
            submits: GroupCommit::new(db.clone(), Submits, settings),
            mark_writes: GroupCommit::new(db, MarkWrites, settings),
        }
    }

    /// A teacher has changed at this server what somebody may still do: what is in memory of the test is looked at anew.
    pub(crate) fn changed_for_some(&self, test: TestId) {
        self.done.forget(test);
        self.boards.look_at_all(test);
    }

    /// Database, time, ids.
    pub fn env(&self) -> &Env {
        &self.questions.content.env
    }
}
