//! Admission at the bell. All come in the same second; let in all at once they would share the machine so
//! that all wait to the end, and the first is ready no sooner than the last. Let in a few at a time, in the
//! order in which they came, the first is ready at once and the last no later.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use db::GroupError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::AttemptError;

/// So many are let in together: enough to share a commit, and to have both the database and the
/// processors at work.
const PLACES: usize = 64;
/// More do not wait; they are asked to come again in a moment.
const MOST_WAITING: usize = 20_000;

/// The door.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    places: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

impl Default for Door {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(PLACES)), waiting: Arc::default() }
    }
}

/// One who waits; also one whose browser has gone, who then waits no longer.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Door {
    /// Waits for a place, which is free again when it is dropped.
    pub(crate) async fn enter(&self) -> Result<OwnedSemaphorePermit, AttemptError> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= MOST_WAITING {
            return Err(GroupError::Busy.into());
        }
        Arc::clone(&self.places).acquire_owned().await.map_err(|_| GroupError::Broken.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;

    #[tokio::test]
    async fn those_who_came_first_are_let_in_first_and_nobody_overtakes() {
        let door = Door::default();
        let mut inside: Vec<_> = Vec::new();
        for _ in 0..PLACES {
            inside.push(door.enter().await.unwrap());
        }
        let mut second = Box::pin(door.enter());
        assert!((&mut second).now_or_never().is_none());
        let mut third = Box::pin(door.enter());
        assert!((&mut third).now_or_never().is_none());
        inside.pop();
        assert!((&mut third).now_or_never().is_none(), "the place is the second's");
        assert!((&mut second).now_or_never().is_some());
        // Whoever goes away while she waits holds nobody up.
        drop(third);
        assert_eq!(door.waiting.load(Ordering::Relaxed), 0);
    }
}
