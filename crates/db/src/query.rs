use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Postgres, Sqlite};

use crate::connect::{Conn, WriteTx};
use crate::error::DbError;
use crate::value::{BindValue, Value};

/// A statement with its values: `sql!("SELECT … WHERE id = $1").bind(id).fetch_optional::<Row>(tx)`.
/// Takes only a literal: a test reads every one of them from the source and prepares it on both engines.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {
        $crate::Query::new($text)
    };
}

/// A row that both engines can give.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> Row for T {}

/// A statement being given its values.
#[derive(Debug)]
pub struct Query {
    text: &'static str,
    values: Vec<Value>,
}

macro_rules! run {
    ($self:ident, $conn:expr, $make:expr, $call:ident) => {{
        let mut query = $make;
        for value in $self.values {
            query = query.bind_value(value);
        }
        // In a box, as what waits for a connection.
        let answer = Box::pin(query.$call(&mut **$conn)).await;
        if answer.is_ok() {
            $conn.is_answered();
        }
        answer
    }};
}

/// PostgreSQL commits nothing of a transaction of which a statement failed.
macro_rules! run_on_postgres {
    ($self:ident, $conn:expr, $call:ident) => {{
        let answer = run!($self, $conn, sqlx::query::<Postgres>($self.text), $call);
        if answer.is_err() {
            $conn.has_failed();
        }
        answer
    }};
}

impl Query {
    #[doc(hidden)]
    pub fn new(text: &'static str) -> Self {
        Self { text, values: Vec::new() }
    }

    /// Binds the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Runs a statement that returns no rows; tells how many it changed.
    ///
    /// # Errors
    /// [`DbError`], with broken constraints told apart.
    pub async fn execute(self, tx: &mut WriteTx) -> Result<u64, DbError> {
        Ok(match &mut tx.conn {
            Conn::Sqlite(c) => run!(self, c, sqlx::query::<Sqlite>(self.text), execute)?.rows_affected(),
            Conn::Postgres(c) => run_on_postgres!(self, c, execute)?.rows_affected(),
        })
    }

    /// All rows. Bound the statement with LIMIT.
    ///
    /// # Errors
    /// [`DbError`], also when a row is not of the type.
    pub async fn fetch_all<T: Row>(self, conn: &mut Conn) -> Result<Vec<T>, DbError> {
        match conn {
            Conn::Sqlite(c) => all_of(run!(self, c, sqlx::query::<Sqlite>(self.text), fetch_all)?),
            Conn::Postgres(c) => all_of(run_on_postgres!(self, c, fetch_all)?),
        }
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// [`DbError`], also when the row is not of the type.
    pub async fn fetch_optional<T: Row>(self, conn: &mut Conn) -> Result<Option<T>, DbError> {
        match conn {
            Conn::Sqlite(c) => all_of(run!(self, c, sqlx::query::<Sqlite>(self.text), fetch_optional)?),
            Conn::Postgres(c) => all_of(run_on_postgres!(self, c, fetch_optional)?),
        }
        .map(|mut rows: Vec<T>| rows.pop())
    }

    /// The one row.
    ///
    /// # Errors
    /// [`DbError`], also when there is none.
    pub async fn fetch_one<T: Row>(self, conn: &mut Conn) -> Result<T, DbError> {
        self.fetch_optional(conn).await?.ok_or(DbError::Sql(sqlx::Error::RowNotFound))
    }
}

/// The rows as their type; the first that is not is the error.
fn all_of<R: sqlx::Row, T: for<'r> FromRow<'r, R>>(rows: impl IntoIterator<Item = R>) -> Result<Vec<T>, DbError> {
    rows.into_iter().map(|row| T::from_row(&row).map_err(DbError::from)).collect()
}
