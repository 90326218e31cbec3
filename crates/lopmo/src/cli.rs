//! The commands, as typed.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use kernel::TestId;
use papers::Format;

/// Lớp Mở: a learning platform and shared library that a school runs itself.
#[derive(Debug, Parser)]
#[command(name = "lopmo", version, propagate_version = true)]
pub struct Cli {
    /// The configuration file; without it ./lopmo.toml or DATA/lopmo.toml, and without any the defaults.
    #[arg(long, global = true, env = "LOPMO_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve people, and do the background work beside it.
    Serve(ServeArguments),
    /// Do background work for servers that share the database and the storage.
    Worker,
    /// Bring the database's schema up to this program, after making a copy.
    Migrate(MigrateArguments),
    /// Load the demo school, once.
    Demo,
    /// Say what is missing or misconfigured; the exit code is 1 if anything is.
    Doctor,
    /// Print the OpenAPI description.
    Openapi,
    /// Look after people and organisations from the server's machine.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Look after the library.
    #[command(subcommand)]
    Library(LibraryCommand),
    /// Play a test that was given with synthetic pupils on the running server, and say whether it will hold.
    Rehearse {
        /// The test: its id, as in its address.
        test: TestId,
        /// How many pupils.
        #[arg(long)]
        students: u32,
        /// Also while real pupils sit a test, who then share the machine with it.
        #[arg(long)]
        beside: bool,
    },
    /// Work with files of questions; needs no server and no database.
    #[command(subcommand)]
    Questions(QuestionsCommand),
    /// The child process in which hostile files are read.
    #[command(hide = true)]
    MediaChild,
    /// The child process that is the pupils of a rehearsal.
    #[command(hide = true)]
    RehearsalChild,
}

/// How to serve.
#[derive(Clone, Copy, Debug, Args)]
pub struct ServeArguments {
    /// Leave background work to `lopmo worker`.
    #[arg(long)]
    pub no_worker: bool,
    /// Load the demo school first, if nobody is here yet.
    #[arg(long)]
    pub demo: bool,
    /// Change the schema without making a copy of the database first.
    #[arg(long)]
    pub without_copy: bool,
}

/// How to migrate.
#[derive(Clone, Copy, Debug, Args)]
pub struct MigrateArguments {
    /// Change the schema without making a copy of the database first.
    #[arg(long)]
    pub without_copy: bool,
}

/// People and organisations.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Create an administrator with a one-time password, which is printed.
    CreateAdministrator {
        /// The name to sign in with.
        username: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// Code of the organisation; the topmost when left out.
        #[arg(long)]
        org: Option<String>,
        /// The name of the school that is made when there is no organisation yet.
        #[arg(long, default_value = "Trường của tôi")]
        school: String,
    },
    /// Print a one-time link with which somebody sets a new password.
    ResetPassword {
        /// Username or e-mail.
        login: String,
    },
    /// Open a locked account.
    Unlock {
        /// Username or e-mail.
        login: String,
    },
    /// List the organisations with their codes.
    ListOrganisations,
}

/// The library.
#[derive(Debug, Subcommand)]
pub enum LibraryCommand {
    /// Bring in many items from a file of JSON lines; those of an earlier import are updated.
    Import {
        /// The file.
        file: PathBuf,
        /// Code of the organisation that publishes them.
        #[arg(long)]
        org: String,
    },
}

/// Files of questions.
#[derive(Debug, Subcommand)]
pub enum QuestionsCommand {
    /// Read a file of questions and write it in another format. The exit code is 0 when everything came
    /// over, 2 when some did not, 1 when nothing could be read.
    Convert {
        /// The file.
        input: PathBuf,
        /// What it is; recognised when left out.
        #[arg(long, value_parser = sources())]
        from: Option<Format>,
        /// What to write.
        #[arg(long, default_value = "json", value_parser = targets())]
        to: Format,
        /// Where to; standard output when left out. Pictures and sounds of JSON go to the folder OUT.media.
        #[arg(short, long, value_name = "OUT")]
        output: Option<PathBuf>,
    },
}

fn sources() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::source_name)).try_map(|name| Format::of_source(&name).ok_or("unknown format"))
}

fn targets() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::WRITTEN.iter().filter_map(|format| format.target_name()))
        .try_map(|name| Format::of_target(&name).ok_or("unknown format"))
}
