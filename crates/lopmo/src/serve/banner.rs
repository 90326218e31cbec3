//! What the operator reads when the server is up, in both languages.

use identity::setup;
use web::app::Demo;

use super::ServeError;
use crate::commands::demo::lines;
use crate::config::Config;
use crate::context::Context;
use crate::words::say;

/// Prints the address, and how to sign in for the first time.
///
/// # Errors
/// [`ServeError`].
pub async fn print(context: &Context, config: &Config, demo: Demo) -> Result<(), ServeError> {
    let address = config.address();
    if let Some(token) = setup::ensure_token(&context.env).await? {
        say("");
        say("Chưa có ai. Mở liên kết này để tạo người quản trị (chỉ dùng được một lần):");
        say("Nobody is here yet. Open this link to create the administrator (it works once):");
        say(format_args!("  {address}/setup?token={}", token.reveal()));
    }
    if demo == Demo::Loaded {
        say("");
        lines(&content::demo::accounts()?).into_iter().for_each(say);
    }
    say("");
    say(format_args!("Lớp Mở đang chạy · is running: {address}"));
    Ok(())
}
