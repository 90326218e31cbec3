//! What the commands do.

use std::sync::Arc;

use classroom::rehearsals::Others;
use tempfile::TempPath;
use tokio::sync::mpsc::Sender;

use super::{News, Order, organisations, people};
use crate::context::Context;

/// Carries out an order and tells how it goes; the last news is `Done` or `Failed`.
pub async fn execute(context: Arc<Context>, order: Order, input: Option<TempPath>, news: Sender<News>) {
    let telling = Telling(news.clone());
    let end = match carry_out(&context, order, input, &telling).await {
        Ok(()) => News::Done,
        Err(text) => News::Failed { text },
    };
    // Nobody listens any more: the work is done all the same.
    let _ = news.send(end).await;
}

/// Tells the operator.
pub(super) struct Telling(pub(super) Sender<News>);

impl Telling {
    /// One line. The order goes on when nobody listens any more.
    pub(super) async fn say(&self, text: impl Into<String>) {
        let _ = self.0.send(News::Say { text: text.into() }).await;
    }
}

async fn carry_out(context: &Context, order: Order, input: Option<TempPath>, telling: &Telling) -> Result<(), String> {
    match order {
        Order::ListOrganisations => organisations::list(context, telling).await,
        Order::CreateAdministrator { username, name, organisation, school } => {
            people::create_administrator(context, telling, username, name, organisation, school).await
        }
        Order::ResetPassword { login } => people::reset_password(context, telling, &login).await,
        Order::Unlock { login } => people::unlock(context, telling, &login).await,
        Order::LoadDemo => super::demo::load(context, telling).await,
        Order::Rehearse { test, students, beside } => {
            let others = if beside { Others::Beside } else { Others::First };
            super::rehearse::run(context, telling, test, students, others).await
        }
        Order::ImportLibrary { organisation } => super::library::import(context, telling, &organisation, input).await,
    }
}
