//! The marks of a test as a workbook: who earned what, what each answered, and how the questions did.

use std::collections::{BTreeMap, HashMap, HashSet};

use db::{Conn, DbError, sql};
use exchange::workbook::{self, Cell, Sheet};
use identity::access::{Caller, Denied, authorise};
use identity::fault::Fault;
use jiff::civil::DateTime;
use kernel::{AttemptId, ClassId, Locale, PersonId, TestEntrantId, TestId, TestPaperId, Timestamp};
use papers::model::Exact;
use rust_decimal::prelude::ToPrimitive as _;
use scoring::{Distribution, Shape, distribution};

use super::board::everybody;
use super::book_answers::{key_of, said};
use super::book_words::{BookWords, words};
use super::statistics::{ItemStatistics, KeptMarks, of as statistics_of};
use super::{AttemptError, answers, marking};
use crate::Classroom;
use crate::tests::{Counts, LoadedPaper, ManageTest, TestError, TestSettings};

/// Most attempts of a workbook: it is made in memory.
const MOST: i64 = 20_000;

/// A workbook, and what to call it.
#[derive(Debug)]
pub struct MarkBook {
    /// Marks of which test, and of which of its classes.
    pub title: String,
    /// XLSX.
    pub bytes: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AttemptId,
    person_id: Option<PersonId>,
    entrant_id: Option<TestEntrantId>,
    paper_id: TestPaperId,
    number: i64,
    state: String,
    started_at: Timestamp,
    submitted_at: Option<Timestamp>,
    submitted_by: Option<String>,
    score: Option<i64>,
    out_of: Option<i64>,
    by_hand_left: i64,
    marks: Option<String>,
    events: i64,
    devices: i64,
}

/// Somebody's line of the workbook, with one attempt or none.
struct Line {
    name: String,
    number: String,
    class: String,
    attempt: Option<(Row, Option<KeptMarks>, Vec<String>)>,
    counting: Option<Exact>,
}

/// The marks of a test, for its teachers: of everybody, or of one of its classes.
///
/// # Errors
/// [`AttemptError`].
pub async fn book(
    classroom: &Classroom,
    caller: &Caller,
    test: TestId,
    class: Option<ClassId>,
    locale: Locale,
) -> Result<MarkBook, AttemptError> {
    let words = words(locale);
    let mut tx = classroom.env().db.read().await?;
    authorise::<ManageTest>(&mut tx, caller, test).await?;
    let (title, settings, paper): (String, String, Option<TestPaperId>) =
        sql!("SELECT title, settings, paper_id FROM test WHERE id = $1").bind(test).fetch_one(&mut tx).await?;
    let settings: TestSettings = serde_json::from_str(&settings).map_err(DbError::from)?;
    let paper = classroom.papers.marked_by(&mut tx, paper.ok_or(TestError::WrongState)?).await?;
    let (all,): (i64,) = sql!("SELECT COUNT(*) FROM attempt WHERE test_id = $1 AND kind = 'real'").bind(test).fetch_one(&mut tx).await?;
    let (title, only) = match class {
        None => (title, None),
        Some(class) => {
            let (name, members) = members_of(&mut tx, test, class).await?;
            (format!("{title} - {name}"), Some(members))
        }
    };
    if all > MOST && only.is_none() {
        return Err(TestError::Invalid(vec![Fault { field: "attempts", code: "too-many" }]).into());
    }
    let lines = lines(&mut tx, &paper, test, settings.counts, only.as_ref(), words).await?;
    drop(tx);
    let made = tokio::task::spawn_blocking(move || {
        let sheets =
            [marks_sheet(&paper, &lines, &settings, words), answers_sheet(&paper, &lines, words), statistics_sheet(&paper, &lines, words)];
        workbook::write(&sheets)
    });
    let bytes = made.await.map_err(|_| TestError::Seal)?.map_err(|error| DbError::Stored(error.to_string()))?;
    Ok(MarkBook { title: format!("{} - {title}", words.marks_of), bytes })
}

/// The name of a class of a test, and who is or was in it.
async fn members_of(conn: &mut Conn, test: TestId, class: ClassId) -> Result<(String, HashSet<PersonId>), AttemptError> {
    let rows: Vec<(String, Option<PersonId>)> = sql!(
        "SELECT c.name, m.person_id FROM class c LEFT JOIN class_member m ON m.class_id = c.id
         WHERE c.id = $1 AND c.id IN (SELECT g.class_id FROM test_target g WHERE g.test_id = $2)"
    )
    .bind(class)
    .bind(test)
    .fetch_all(conn)
    .await?;
    let name = rows.first().ok_or(Denied::NotFound)?.0.clone();
    Ok((name, rows.into_iter().filter_map(|(_, person)| person).collect()))
}

async fn lines(
    conn: &mut Conn,
    paper: &LoadedPaper,
    test: TestId,
    counts: Counts,
    only: Option<&HashSet<PersonId>>,
    words: &BookWords,
) -> Result<Vec<Line>, DbError> {
    let rows: Vec<Row> = sql!(
        "SELECT a.id, a.person_id, a.entrant_id, a.paper_id, a.number, a.state, a.started_at, a.submitted_at, a.submitted_by, a.score,
                a.out_of, a.by_hand_left, a.marks,
                (SELECT COUNT(*) FROM attempt_event e WHERE e.attempt_id = a.id AND e.kind <> 'back_in_focus') AS events,
                (SELECT COUNT(*) FROM attempt_device d WHERE d.attempt_id = a.id) AS devices
         FROM attempt a WHERE a.test_id = $1 AND a.kind = 'real' ORDER BY a.number"
    )
    .bind(test)
    .fetch_all(conn)
    .await?;
    let places: Vec<(PersonId, String, Option<String>)> = sql!(
        "SELECT m.person_id, c.name, (SELECT n.number FROM school_number n WHERE n.person_id = m.person_id
                  AND n.organisation_id = m.organisation_id AND n.until_at IS NULL) AS number
         FROM class_member m JOIN class c ON c.id = m.class_id
         WHERE m.class_id IN (SELECT g.class_id FROM test_target g WHERE g.test_id = $1) ORDER BY c.name_key"
    )
    .bind(test)
    .fetch_all(conn)
    .await?;
    let places: HashMap<PersonId, (String, Option<String>)> =
        places.into_iter().rev().map(|(person, class, number)| (person, (class, number))).collect();
    let mut attempts: HashMap<(Option<PersonId>, Option<TestEntrantId>), Vec<Row>> = HashMap::new();
    for row in rows {
        attempts.entry((row.person_id, row.entrant_id)).or_default().push(row);
    }
    let mut lines = Vec::new();
    for who in everybody(conn, test).await? {
        if only.is_some_and(|only| who.person_id.is_none_or(|person| !only.contains(&person))) {
            continue;
        }
        let (class, number) = who.person_id.and_then(|person| places.get(&person).cloned()).unwrap_or_default();
        let number = who.number.or(number).unwrap_or_default();
        let own = attempts.remove(&(who.person_id, who.entrant_id)).unwrap_or_default();
        let line = |attempt, counting| Line { name: who.name.clone(), number: number.clone(), class: class.clone(), attempt, counting };
        let mut counting = counted(&own, counts);
        if own.is_empty() {
            lines.push(line(None, None));
        }
        for row in own {
            let kept: Option<KeptMarks> = row.marks.as_deref().map(serde_json::from_str).transpose()?;
            let said = if row.paper_id == paper.sealed.id { said_of(conn, paper, row.id, words).await? } else { Vec::new() };
            lines.push(line(Some((row, kept, said)), counting.take()));
        }
    }
    Ok(lines)
}

/// The mark that counts of somebody's attempts.
fn counted(own: &[Row], counts: Counts) -> Option<Exact> {
    let marks: Vec<Exact> =
        own.iter().filter(|row| row.state == "submitted").filter_map(|row| row.score).map(marking::from_stored).collect();
    match counts {
        Counts::Best => marks.into_iter().max(),
        Counts::Last => marks.last().copied(),
        Counts::Mean if marks.is_empty() => None,
        Counts::Mean => Some(scoring::round_half_up(marks.iter().sum::<Exact>() / Exact::from(marks.len()), 2)),
    }
}

async fn said_of(conn: &mut Conn, paper: &LoadedPaper, attempt: AttemptId, words: &BookWords) -> Result<Vec<String>, DbError> {
    let mut texts = vec![String::new(); paper.shapes().len()];
    for (item, kept) in answers::counting(conn, attempt).await? {
        let Some(item) = u16::try_from(item).ok() else { continue };
        let (Some(place), Some(response)) = (texts.get_mut(usize::from(item)), serde_json::from_str(&kept.response)?) else { continue };
        *place = said(paper, item, &response, words);
    }
    Ok(texts)
}

fn number(exact: Exact) -> Cell {
    exact.to_f64().map_or(Cell::Empty, Cell::Number)
}

fn count(count: impl TryInto<u32>) -> Cell {
    count.try_into().map_or(Cell::Empty, |count| Cell::Number(f64::from(count)))
}

/// In the time of Việt Nam.
fn moment(at: Timestamp) -> Cell {
    let at = jiff::Timestamp::from_microsecond(at.0).map(|at| jiff::tz::Offset::constant(7).to_datetime(at));
    at.map_or(Cell::Empty, |at: DateTime| Cell::Moment(at))
}

fn head(text: impl Into<String>) -> Cell {
    Cell::Head(text.into())
}

/// The items that ask something, with their numbers in the author's order.
pub(super) fn asked(paper: &LoadedPaper) -> impl Iterator<Item = (u16, usize)> + '_ {
    let items = (0..=u16::MAX).zip(paper.shapes()).filter(|(_, shape)| **shape != Shape::Nothing);
    (1_u16..).zip(items.map(|(item, _)| item)).map(|(number, item)| (number, usize::from(item)))
}

fn part_name(title: &str, at: usize, words: &BookWords) -> String {
    if title.is_empty() { format!("{} {}", words.part, at + 1) } else { title.to_owned() }
}

fn marks_sheet(paper: &LoadedPaper, lines: &[Line], settings: &TestSettings, words: &BookWords) -> Sheet {
    let several = settings.attempts != Some(1);
    let first = [words.row, words.name, words.number, words.class, words.attempt, words.state, words.mark];
    let mut heads: Vec<Cell> = first.into_iter().map(head).collect();
    if several {
        heads.push(head(words.counting));
    }
    heads.extend([head(words.out_of), head(words.waiting)]);
    heads.extend(paper.layout.parts.iter().enumerate().map(|(at, part)| head(part_name(&part.title, at, words))));
    heads.extend(asked(paper).map(|(number, _)| head(format!("{} {number}", words.question))));
    heads.extend([words.started, words.handed_in, words.minutes, words.by, words.events, words.devices].map(head));
    let mut rows = vec![heads];
    for (at, line) in lines.iter().enumerate() {
        let mut row = vec![count(at + 1), Cell::text(&line.name), Cell::text(&line.number), Cell::text(&line.class)];
        match &line.attempt {
            None => row.extend([Cell::Empty, Cell::text(words.not_begun)]),
            Some((attempt, kept, _)) => {
                let done = attempt.state == "submitted";
                row.extend([count(attempt.number), Cell::text(if done { words.done } else { words.under_way })]);
                row.push(attempt.score.filter(|_| done).map_or(Cell::Empty, |score| number(marking::from_stored(score))));
                if several {
                    row.push(line.counting.map_or(Cell::Empty, number));
                }
                row.push(attempt.out_of.map_or(Cell::Empty, |of| number(marking::from_stored(of))));
                row.push(count(attempt.by_hand_left));
                let parts = kept.as_ref().map(|kept| kept.parts.as_slice()).unwrap_or_default();
                row.extend((0..paper.layout.parts.len()).map(|part| parts.get(part).map_or(Cell::Empty, |part| number(part.points))));
                let items = kept.as_ref().map(|kept| kept.items.as_slice()).unwrap_or_default();
                row.extend(asked(paper).map(|(_, item)| items.get(item).map_or(Cell::Empty, |mark| number(mark.points))));
                row.push(moment(attempt.started_at));
                row.push(attempt.submitted_at.map_or(Cell::Empty, moment));
                let minutes = attempt.submitted_at.map(|at| Exact::new((at.0 - attempt.started_at.0) / 6_000_000, 1));
                row.push(minutes.map_or(Cell::Empty, number));
                row.push(Cell::text(match attempt.submitted_by.as_deref() {
                    Some("pupil") => words.by_pupil,
                    Some("deadline") => words.by_deadline,
                    Some("teacher") => words.by_teacher,
                    _ => "",
                }));
                row.extend([count(attempt.events), count(attempt.devices)]);
            }
        }
        rows.push(row);
    }
    Sheet { name: words.sheets[0].to_owned(), widths: vec![6.0, 28.0, 14.0, 14.0, 6.0, 12.0, 8.0], frozen: (1, 2), rows }
}

fn answers_sheet(paper: &LoadedPaper, lines: &[Line], words: &BookWords) -> Sheet {
    let mut heads: Vec<Cell> = [words.row, words.name, words.number, words.attempt].into_iter().map(head).collect();
    heads.extend(asked(paper).map(|(number, _)| head(format!("{} {number}", words.question))));
    let mut key = vec![Cell::Empty, head(words.key), Cell::Empty, Cell::Empty];
    key.extend(asked(paper).map(|(_, item)| Cell::text(u16::try_from(item).map(|item| key_of(paper, item, words)).unwrap_or_default())));
    let mut rows = vec![heads, key];
    for (at, line) in lines.iter().enumerate() {
        let Some((attempt, _, said)) = &line.attempt else { continue };
        let mut row = vec![count(at + 1), Cell::text(&line.name), Cell::text(&line.number), count(attempt.number)];
        row.extend(asked(paper).map(|(_, item)| said.get(item).filter(|said| !said.is_empty()).map_or(Cell::Empty, Cell::text)));
        rows.push(row);
    }
    Sheet { name: words.sheets[1].to_owned(), widths: vec![6.0, 28.0, 14.0, 6.0], frozen: (2, 2), rows }
}

fn statistics_sheet(paper: &LoadedPaper, lines: &[Line], words: &BookWords) -> Sheet {
    let mut marked: Vec<(Exact, Exact, &KeptMarks)> = lines
        .iter()
        .filter_map(|line| line.attempt.as_ref())
        .filter_map(|(row, kept, _)| Some((marking::from_stored(row.score?), marking::from_stored(row.out_of?), kept.as_ref()?)))
        .collect();
    marked.sort_by_key(|(score, ..)| *score);
    let totals: Vec<Exact> = marked.iter().map(|(score, ..)| *score).collect();
    let out_of = marked.first().map_or(Exact::TEN, |(_, out_of, _)| *out_of);
    let mut rows = distribution_rows(&distribution(&totals, out_of, 10, 2), words);
    rows.push(Vec::new());
    rows.push(words.statistics.into_iter().map(head).collect());
    let kept: Vec<&KeptMarks> = marked.iter().map(|(.., kept)| *kept).collect();
    let statistics: Vec<Option<ItemStatistics>> = statistics_of(&kept, paper.shapes().len());
    let mut parts: BTreeMap<usize, String> = BTreeMap::new();
    let mut item = 0;
    for (at, part) in paper.layout.parts.iter().enumerate() {
        for _ in &part.items {
            parts.insert(item, part_name(&part.title, at, words));
            item += 1;
        }
    }
    let worths: Vec<Exact> = paper.layout.items().map(|item| item.points).collect();
    for (question, item) in asked(paper) {
        let mut row = vec![count(question), parts.remove(&item).map_or(Cell::Empty, Cell::Text)];
        row.push(worths.get(item).map_or(Cell::Empty, |worth| number(*worth)));
        if let Some(found) = statistics.get(item).copied().flatten() {
            row.extend([count(found.count), count(found.right), count(found.blank), number(found.share)]);
            row.push(found.discrimination.map_or(Cell::Empty, number));
        }
        rows.push(row);
    }
    rows.push(Vec::new());
    rows.push(vec![Cell::text(words.statistics_note)]);
    Sheet { name: words.sheets[2].to_owned(), widths: vec![16.0, 22.0, 12.0, 12.0, 14.0, 10.0, 16.0, 14.0], frozen: (0, 0), rows }
}

fn distribution_rows(found: &Distribution, words: &BookWords) -> Vec<Vec<Cell>> {
    let optional = |value: Option<Exact>| value.map_or(Cell::Empty, number);
    let of_all = [found.mean, found.median, found.deviation, found.lowest, found.highest].map(optional);
    let values = std::iter::once(count(found.count)).chain(of_all);
    let mut rows: Vec<Vec<Cell>> = words.distribution.into_iter().zip(values).map(|(word, value)| vec![head(word), value]).collect();
    rows.extend([Vec::new(), words.bins.into_iter().map(head).collect()]);
    rows.extend(found.bins.iter().map(|bin| vec![number(bin.from), number(bin.to), count(bin.count)]));
    rows
}
