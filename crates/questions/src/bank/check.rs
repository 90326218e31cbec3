use content::curriculum::Curriculum;
use db::DbError;
use identity::fault::Fault;

use super::NewQuestion;
use super::stored::{StoreFault, Stored};

/// What is wrong with a question, before anything is written: for whoever puts many in at once and
/// says which of them cannot be kept.
pub(crate) fn faults_of(new: &NewQuestion, curriculum: &Curriculum) -> Result<Vec<Fault>, DbError> {
    let mut faults = new.meta.check(curriculum).err().unwrap_or_default();
    let passage = new.passage.as_ref().map(|(_, text)| text.clone());
    match Stored::new(new.question.clone(), passage) {
        Ok(stored) => {
            if stored.media.iter().any(|id| !new.media.iter().any(|medium| medium.id == *id)) {
                faults.push(Fault { field: "media", code: "missing" });
            }
        }
        Err(StoreFault::Invalid(found)) => faults.extend(found),
        Err(StoreFault::Json(error)) => return Err(error.into()),
    }
    Ok(faults)
}
