//! How the questions of a test were answered: how hard each is, and whether it tells good attempts from weak ones.

use db::{Conn, DbError, sql};
use kernel::TestId;
use papers::model::Exact;
use scoring::{MarkState, round_half_up};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Of all attempts, so many hundredths are the best group, and as many the weakest: the usual 27 %.
const GROUP_HUNDREDTHS: usize = 27;
/// Fewer attempts than this say nothing of how a question tells them apart.
const LEAST_FOR_GROUPS: usize = 10;

/// Most attempts that are looked at: those that began first. More change nothing about what is told.
const MOST: i64 = 20_000;

/// How an item was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TestItemStatistics)]
pub struct ItemStatistics {
    /// Attempts in which it counted.
    pub count: u32,
    /// Attempts in which it was wholly right.
    pub right: u32,
    /// Attempts in which nothing was answered.
    pub blank: u32,
    /// The mean share of its points, in percent ("độ khó"): the higher, the easier.
    #[schema(value_type = String)]
    pub share: Exact,
    /// The mean share in the best group less that in the weakest, in percent ("độ phân biệt"); with ten attempts
    /// or more.
    #[schema(value_type = Option<String>)]
    pub discrimination: Option<Exact>,
}

/// As marks are kept.
#[derive(Deserialize)]
pub(super) struct KeptMarks {
    pub items: Vec<KeptItem>,
    pub parts: Vec<KeptPart>,
}

/// What an item earned, as it is kept.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct KeptItem {
    pub points: Exact,
    pub of: Exact,
    pub state: MarkState,
}

/// What a part earned, as it is kept.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct KeptPart {
    pub points: Exact,
}

impl KeptItem {
    fn share(self) -> Exact {
        if self.of.is_zero() { Exact::ZERO } else { self.points / self.of }
    }

    fn counts(self) -> bool {
        !matches!(self.state, MarkState::NotCounted | MarkState::ByHand)
    }
}

/// How each item of a test was answered; nothing where it counted for nobody.
pub(super) async fn statistics(conn: &mut Conn, test: TestId, items: usize) -> Result<Vec<Option<ItemStatistics>>, DbError> {
    let rows: Vec<(i64, String)> = sql!(
        "SELECT s.score, s.marks FROM (
           SELECT a.id, a.score, a.marks FROM attempt a
           WHERE a.test_id = $1 AND a.kind = 'real' AND a.state = 'submitted' AND a.marks IS NOT NULL AND a.score IS NOT NULL
           ORDER BY a.id LIMIT $2) s
         ORDER BY s.score, s.id"
    )
    .bind(test)
    .bind(MOST)
    .fetch_all(conn)
    .await?;
    let mut marks = Vec::with_capacity(rows.len());
    for (_, kept) in rows {
        marks.push(serde_json::from_str::<KeptMarks>(&kept)?);
    }
    Ok(of(&marks.iter().collect::<Vec<_>>(), items))
}

/// The same of marks in the order of their totals, the lowest first.
pub(super) fn of(marks: &[&KeptMarks], items: usize) -> Vec<Option<ItemStatistics>> {
    (0..items).map(|item| of_item(marks, item)).collect()
}

fn of_item(marks: &[&KeptMarks], item: usize) -> Option<ItemStatistics> {
    let counted: Vec<KeptItem> = marks.iter().filter_map(|marks| marks.items.get(item)).copied().filter(|mark| mark.counts()).collect();
    if counted.is_empty() {
        return None;
    }
    let having = |state| u32::try_from(counted.iter().filter(|mark| mark.state == state).count()).unwrap_or(u32::MAX);
    let group = (counted.len() * GROUP_HUNDREDTHS).div_ceil(100);
    let discrimination = (counted.len() >= LEAST_FOR_GROUPS)
        .then(|| round_half_up(mean(&counted[counted.len() - group..]) - mean(&counted[..group]), 1).normalize());
    Some(ItemStatistics {
        count: u32::try_from(counted.len()).unwrap_or(u32::MAX),
        right: having(MarkState::Right),
        blank: having(MarkState::Blank),
        share: round_half_up(mean(&counted), 1).normalize(),
        discrimination,
    })
}

/// In percent.
fn mean(marks: &[KeptItem]) -> Exact {
    let sum: Exact = marks.iter().map(|mark| mark.share()).sum();
    sum * Exact::ONE_HUNDRED / Exact::from(marks.len().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempts(shares: &[i64]) -> Vec<KeptMarks> {
        let item = |share: i64| KeptItem {
            points: Exact::from(share),
            of: Exact::from(4),
            state: if share == 4 { MarkState::Right } else { MarkState::Wrong },
        };
        shares.iter().map(|share| KeptMarks { items: vec![item(*share)], parts: Vec::new() }).collect()
    }

    fn found_of(shares: &[i64]) -> Vec<Option<ItemStatistics>> {
        of(&attempts(shares).iter().collect::<Vec<_>>(), 1)
    }

    #[test]
    fn a_question_that_only_the_best_answer_tells_them_apart() {
        let found = found_of(&[0, 0, 0, 0, 0, 2, 2, 4, 4, 4])[0].unwrap();
        assert_eq!((found.count, found.right, found.share.to_string()), (10, 3, "40".to_owned()));
        assert_eq!(found.discrimination.map(|found| found.normalize().to_string()).as_deref(), Some("100"));
        assert_eq!(found_of(&[4, 4])[0].unwrap().discrimination, None);
        assert_eq!(of(&[], 1), [None]);
    }
}
