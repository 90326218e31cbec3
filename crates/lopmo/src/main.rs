//! `lopmo`: configuration, wiring, commands.

mod cli;
mod commands;
mod config;
mod context;
mod data_folder;
mod database;
mod doctor;
mod logging;
mod serve;
mod shutdown;
mod tls;
mod words;
mod work;

use std::process::ExitCode;

use clap::Parser as _;

use cli::{AdminCommand, Cli, Command, LibraryCommand, MigrateArguments, QuestionsCommand};
use commands::{Conversion, Order};
use config::Config;
use data_folder::DataFolder;
use database::Copying;
use words::{complain, say};

/// A save lays out some hundred small blocks, and they are freed on other threads than asked for them: the system's
/// allocator takes a tenth of its processor time for that, and keeps more memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As `sysexits.h` numbers it.
const WRONG_USAGE: u8 = 64;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            // Help and version are asked for; the rest is wrong usage.
            return if error.use_stderr() { ExitCode::from(WRONG_USAGE) } else { ExitCode::SUCCESS };
        }
    };
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            complain(error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Box<dyn std::error::Error>> {
    // Where the system gives huge pages unasked, an idle server would hold twenty megabytes that nobody uses. (Our
    // allocator is built not to ask for them.) Where it does not let us refuse them, they only take more room.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    // What we write is personal data: closed to others on the machine, also in a folder that is open.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    match cli.command {
        // The child reads no configuration and starts no runtime: it must be as small as it can.
        Command::MediaChild => return Ok(media_child()),
        Command::RehearsalChild => return Ok(runtime()?.block_on(commands::rehearse::child())),
        Command::Openapi => {
            say(web::openapi().to_pretty_json()?);
            return Ok(ExitCode::SUCCESS);
        }
        Command::Questions(QuestionsCommand::Convert { input, from, to, output }) => {
            return Ok(commands::convert(Conversion { input, from, to, output }));
        }
        _ => {}
    }
    let config = config::load(cli.config.as_deref(), std::env::vars());
    if matches!(cli.command, Command::Doctor) {
        return Ok(runtime()?.block_on(doctor::run(config)));
    }
    let config = config?;
    // Before the first thread.
    media::memory::give_back_early();
    logging::start(&config.log)?;
    runtime()?.block_on(command(cli.command, config))
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

fn media_child() -> ExitCode {
    u8::try_from(media::child_main(&[
        (content::processing::TEXT_HANDLER, content::processing::extract_text_in_child),
        (questions::imports::reading::PAPER_HANDLER, questions::imports::reading::read_paper_in_child),
    ]))
    .map_or(ExitCode::FAILURE, ExitCode::from)
}

async fn command(command: Command, config: Config) -> Result<ExitCode, Box<dyn std::error::Error>> {
    match command {
        Command::Serve(arguments) => serve::run(config, arguments).await?,
        Command::Worker => work::run(&config).await?,
        Command::Migrate(arguments) => migrate(&config, arguments).await?,
        Command::Demo => return Ok(commands::run(&config, Order::LoadDemo, None).await?),
        Command::Rehearse { test, students, beside } => {
            return Ok(commands::run(&config, Order::Rehearse { test, students, beside }, None).await?);
        }
        Command::Admin(admin) => return Ok(commands::run(&config, order(admin), None).await?),
        Command::Library(LibraryCommand::Import { file, org }) => {
            return Ok(commands::run(&config, Order::ImportLibrary { organisation: org }, Some(&file)).await?);
        }
        // Answered before there was a configuration.
        Command::Doctor | Command::Openapi | Command::Questions(_) | Command::MediaChild | Command::RehearsalChild => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn order(admin: AdminCommand) -> Order {
    match admin {
        AdminCommand::CreateAdministrator { username, name, org, school } => {
            Order::CreateAdministrator { username, name, organisation: org, school }
        }
        AdminCommand::ResetPassword { login } => Order::ResetPassword { login },
        AdminCommand::Unlock { login } => Order::Unlock { login },
        AdminCommand::ListOrganisations => Order::ListOrganisations,
    }
}

async fn migrate(config: &Config, arguments: MigrateArguments) -> Result<(), Box<dyn std::error::Error>> {
    let folder = DataFolder::open(&config.data_folder)?;
    let _lock = folder.lock()?;
    let url = config.database_url();
    let db = database::connect(&url).await?;
    let copying = if arguments.without_copy { Copying::LeftToTheOperator } else { Copying::Needed };
    let now = kernel::Clock::from(kernel::SystemClock).now();
    match database::bring_up(&db, &url, &folder, now, copying).await? {
        Some(copy) => say(format_args!("the schema is current; the copy from before is {}", copy.display())),
        None => say("the schema is current"),
    }
    db.close().await;
    Ok(())
}
