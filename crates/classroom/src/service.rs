use db::Env;
use questions::Questions;

/// What the use cases of this crate need. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Classroom {
    /// The bank that tests are made from, and beneath it files, database, time and ids.
    pub questions: Questions,
}

impl Classroom {
    /// Over an open question bank.
    pub fn new(questions: Questions) -> Self {
        Self { questions }
    }

    /// Database, time, ids.
    pub fn env(&self) -> &Env {
        &self.questions.content.env
    }
}
