//! Many rows by their ids in one statement. Neither engine's way to pass a list is the other's, so a
//! statement has a fixed number of places, and a short list names its last id again.

use db::{Query, Value};

/// Ids of one statement.
pub const GROUP: usize = 32;

/// Binds up to [`GROUP`] ids, one for each place.
pub fn bind_group<T: Copy>(mut query: Query, group: &[T]) -> Query
where
    Option<T>: Into<Value>,
{
    for at in 0..GROUP {
        query = query.bind(group.get(at).or(group.last()).copied());
    }
    query
}
