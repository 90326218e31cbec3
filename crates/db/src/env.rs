use kernel::{Clock, Ids, Timestamp};

use crate::connect::Db;

/// What every use case needs: the database, the time and new ids. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Env {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: Ids,
}

impl Env {
    /// The real thing.
    pub fn system(db: Db) -> Self {
        Self { db, clock: kernel::SystemClock.into(), ids: Ids::system() }
    }

    /// The current instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
