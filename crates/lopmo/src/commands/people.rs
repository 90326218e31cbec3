//! `lopmo admin …` about people.

use db::sql;
use identity::access::Caller;
use identity::people::{self, PeopleError, PersonChange, PersonInput, PersonState};
use kernel::{PersonId, Role};

use super::execute::Telling;
use super::organisations;
use crate::context::Context;

pub(super) async fn create_administrator(
    context: &Context,
    telling: &Telling,
    username: String,
    name: String,
    organisation: Option<String>,
    school: String,
) -> Result<(), String> {
    let organisation = organisations::find_or_make(context, organisation.as_deref(), &school).await?;
    let input = PersonInput { display_name: name, username: Some(username), ..PersonInput::default() };
    let (person, password) =
        people::create(&context.env, &Caller::Operator, organisation, Role::Administrator, &input).await.map_err(explain)?;
    telling.say(format!("{} · {}", person.row.username, person.row.display_name)).await;
    telling.say(format!("Mật khẩu dùng một lần · one-time password: {}", password.reveal())).await;
    Ok(())
}

pub(super) async fn reset_password(context: &Context, telling: &Telling, login: &str) -> Result<(), String> {
    let person = find(context, login).await?;
    let (token, expires_at) = people::password_links::create(&context.env, &Caller::Operator, person).await.map_err(explain)?;
    telling.say(format!("{}/password/{}", context.address, token.reveal())).await;
    telling.say(format!("Dùng một lần, đến · works once, until: {expires_at}")).await;
    Ok(())
}

pub(super) async fn unlock(context: &Context, telling: &Telling, login: &str) -> Result<(), String> {
    let person = find(context, login).await?;
    let change = PersonChange { state: Some(PersonState::Active), ..PersonChange::default() };
    let person = people::change(&context.env, &Caller::Operator, person, &change).await.map_err(explain)?;
    telling.say(format!("{} · {}: active", person.row.username, person.row.display_name)).await;
    Ok(())
}

async fn find(context: &Context, login: &str) -> Result<PersonId, String> {
    let folded = exchange::vietnamese::nfc(login.trim()).to_lowercase();
    let mut tx = context.env.db.read().await.map_err(|error| error.to_string())?;
    let found: Option<(PersonId,)> = sql!("SELECT id FROM person WHERE username = $1 OR email_folded = $1")
        .bind(folded)
        .fetch_optional(&mut tx)
        .await
        .map_err(|error| error.to_string())?;
    found.map(|(id,)| id).ok_or_else(|| format!("nobody has the username or e-mail `{login}`"))
}

/// Names each wrong field: an operator cannot see a form.
fn explain(error: PeopleError) -> String {
    match error {
        PeopleError::Invalid(faults) => {
            faults.iter().map(|fault| format!("{}: {}", fault.field, fault.code)).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
