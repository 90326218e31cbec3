//! `lopmo demo`, and what is told of the demo school.

use classroom::Classroom;
use content::demo::{self, Accounts};
use questions::Questions;

use super::execute::Telling;
use crate::context::Context;

pub(super) async fn load(context: &Context, telling: &Telling) -> Result<(), String> {
    let accounts = demo::load(&context.content).await.map_err(|error| error.to_string())?;
    let questions = Questions::new(context.content.clone());
    questions::demo::load(&questions).await.map_err(|error| error.to_string())?;
    classroom::demo::load(&Classroom::new(questions)).await.map_err(|error| error.to_string())?;
    for line in lines(&accounts) {
        telling.say(line).await;
    }
    Ok(())
}

/// The accounts a visitor may try, one a line.
pub fn lines(accounts: &Accounts) -> Vec<String> {
    let mut lines = vec![format!("Tài khoản dùng thử · demo accounts (mật khẩu · password: {}):", accounts.password)];
    lines.extend(accounts.accounts.iter().map(|one| format!("  {:<20} {} · {}", one.username, one.description.vi, one.description.en)));
    lines
}
