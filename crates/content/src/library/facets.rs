use db::sql;
use identity::access::{Caller, Denied};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Content;
use crate::lessons::LessonError;

/// How much there is of what.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LibraryFacets {
    /// By subject, most first.
    pub subjects: Vec<SubjectCount>,
    /// By grade.
    pub grades: Vec<GradeCount>,
    /// In all.
    pub total: i64,
}

/// Lessons of a subject.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SubjectCount {
    /// Subject code.
    pub code: String,
    /// How many.
    pub count: i64,
}

/// Lessons of a grade.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GradeCount {
    /// 1 to 12.
    pub grade: i64,
    /// How many.
    pub count: i64,
}

/// Counts of published lessons the caller may read.
///
/// # Errors
/// [`LessonError::Denied`] when nobody is signed in.
pub async fn facets(content: &Content, caller: &Caller) -> Result<LibraryFacets, LessonError> {
    let Some(person) = caller.person_id() else { return Err(Denied::SignInNeeded.into()) };
    let mut tx = content.env.db.read().await?;
    // The plus sign: see the list by title.
    let rows: Vec<(Option<String>, Option<i64>, i64)> = sql!(
        "SELECT v.subject, v.grade, COUNT(*) FROM lesson l JOIN lesson_version v ON v.lesson_id = l.id AND +v.version = l.published_version
         WHERE l.published_at IS NOT NULL AND l.withdrawn_at IS NULL
           AND l.organisation_id IN (SELECT r.organisation_id FROM readable_owner r WHERE r.person_id = $1)
         GROUP BY v.subject, v.grade ORDER BY v.subject, v.grade"
    )
    .bind(person)
    .fetch_all(&mut tx)
    .await?;
    let mut subjects: Vec<SubjectCount> = Vec::new();
    let mut grades: Vec<GradeCount> = Vec::new();
    for (subject, grade, count) in &rows {
        if let Some(code) = subject {
            match subjects.iter_mut().find(|known| known.code == *code) {
                Some(known) => known.count += count,
                None => subjects.push(SubjectCount { code: code.clone(), count: *count }),
            }
        }
        if let Some(grade) = grade {
            match grades.iter_mut().find(|known| known.grade == *grade) {
                Some(known) => known.count += count,
                None => grades.push(GradeCount { grade: *grade, count: *count }),
            }
        }
    }
    subjects.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
    grades.sort_by_key(|grade| grade.grade);
    Ok(LibraryFacets { subjects, grades, total: rows.iter().map(|(.., count)| count).sum() })
}
