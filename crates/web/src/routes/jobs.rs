//! Background jobs, for those who look after the server.

use axum::extract::State;
use db::jobs::{self, JobState};
use http::StatusCode;
use identity::access::{ManageServer, authorise};
use identity::audit::{self, Event};
use kernel::{JobId, QuestionImportId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::app::App;
use crate::http::extract::{InPath, InQuery, Json};
use crate::http::list::{PageQuery, Paged};
use crate::http::problem::{ApiError, Problem};
use crate::http::signed_in::By;
use crate::routes::described::{Routes, routes};

pub(super) fn routes() -> Routes {
    Routes::new().routes(routes!(list_jobs)).routes(routes!(retry_job))
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = JobState)]
pub enum StateWanted {
    /// Waits.
    Queued,
    /// Runs.
    Running,
    /// Finished.
    Done,
    /// Failed for good.
    Dead,
}

/// A background job.
#[derive(Debug, Serialize, ToSchema)]
pub struct Job {
    /// Which.
    pub id: JobId,
    /// Which handler runs it.
    pub kind: String,
    /// `queued`, `running`, `done` or `dead`.
    pub state: String,
    /// Tries so far.
    pub attempts: i64,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// What it is about.
    pub subject_id: Option<Uuid>,
    /// When it is due.
    pub run_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Which jobs are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JobsQuery {
    /// Of one state.
    pub state: Option<StateWanted>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows of a page: 50 unless asked, 200 at most.
    pub limit: Option<u32>,
}

/// The server's jobs, newest first.
#[utoipa::path(get, path = "/api/jobs", operation_id = "list_jobs", tag = "server", params(JobsQuery),
    responses((status = 200, body = Paged<Job>), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn list_jobs(State(app): State<App>, By(caller): By, InQuery(query): InQuery<JobsQuery>) -> Result<Json<Paged<Job>>, ApiError> {
    let mut tx = app.env.db.read().await?;
    authorise::<ManageServer>(&mut tx, &caller, ()).await?;
    let state = query.state.map(|state| match state {
        StateWanted::Queued => JobState::Queued,
        StateWanted::Running => JobState::Running,
        StateWanted::Done => JobState::Done,
        StateWanted::Dead => JobState::Dead,
    });
    let page = PageQuery { after: query.after, limit: query.limit };
    let jobs = jobs::list(&mut tx, state, page.cursor().as_ref(), page.limit()).await?;
    let shown = jobs.map(|job| Job {
        id: job.id,
        kind: job.kind,
        state: job.state,
        attempts: job.attempts,
        last_error: job.last_error,
        subject_id: job.subject_id,
        run_at: job.run_at,
        updated_at: job.updated_at,
    });
    Ok(Json(shown.into()))
}

/// Tries a dead job again.
#[utoipa::path(post, path = "/api/jobs/{id}/retry", operation_id = "retry_job", tag = "server", params(("id" = JobId, Path)),
    responses((status = 204, description = "queued again"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn retry_job(State(app): State<App>, By(caller): By, InPath(id): InPath<JobId>) -> Result<StatusCode, ApiError> {
    let mut tx = app.env.db.write().await?;
    authorise::<ManageServer>(&mut tx, &caller, ()).await?;
    let job = jobs::get_job(&mut tx, id).await?.ok_or_else(ApiError::not_found)?;
    if !jobs::retry(&mut tx, id, app.env.now()).await? {
        return Err(ApiError::new(StatusCode::CONFLICT, "conflict"));
    }
    content::processing::reopen(&mut tx, &job.kind, job.subject_id, app.env.now()).await?;
    if let (questions::imports::reading::READ_PAPER, Some(import)) = (job.kind.as_str(), job.subject_id) {
        questions::imports::reading::reopen(&mut tx, QuestionImportId(import), app.env.now()).await?;
    }
    let event = Event {
        action: "job.retried",
        subject_kind: "job",
        subject_id: Some(id.as_uuid()),
        organisation: None,
        detail: serde_json::json!({}),
    };
    audit::record(&mut tx, &app.env, &caller, event).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
