//! What a device should have before the bell besides the sealed paper.

use db::{Conn, DbError, sql};
use kernel::TestPaperId;

/// What drawing a paper takes. Said to everybody who may sit it, before it begins: it tells no more than
/// the size of the sealed paper does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    /// Whether formulas stand in it.
    pub formulas: bool,
    /// Whether chemical ones are among them.
    pub chemistry: bool,
    /// Pictures and sounds, numbered from 1.
    pub files: i64,
}

pub(super) async fn of(conn: &mut Conn, paper: TestPaperId) -> Result<Needs, DbError> {
    let (formulas, chemistry, files): (i64, i64, i64) = sql!(
        "SELECT CAST(CASE WHEN p.shown LIKE '%data-math=%' THEN 1 ELSE 0 END AS BIGINT),
                CAST(CASE WHEN p.shown LIKE '%ce{%' THEN 1 ELSE 0 END AS BIGINT),
                (SELECT COUNT(*) FROM test_paper_file f WHERE f.paper_id = p.id)
         FROM test_paper p WHERE p.id = $1"
    )
    .bind(paper)
    .fetch_one(conn)
    .await?;
    Ok(Needs { formulas: formulas != 0, chemistry: chemistry != 0, files })
}
