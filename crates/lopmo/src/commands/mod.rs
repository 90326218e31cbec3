//! Commands that change data. They run inside the server when one runs on the data folder, reached by
//! its local socket; otherwise they claim the folder and run right here. Both ways end in [`execute`].

mod client;
pub mod demo;
mod execute;
mod library;
mod organisations;
mod over_socket;
mod people;
mod questions;
pub mod rehearse;

pub use client::run;
pub use over_socket::router;
pub use questions::{Conversion, convert};

use kernel::TestId;
use serde::{Deserialize, Serialize};

/// A command on its way to where it runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Order {
    /// Load the demo school.
    LoadDemo,
    /// Create an administrator.
    CreateAdministrator {
        /// The name to sign in with.
        username: String,
        /// The person's name.
        name: String,
        /// Code of the organisation; the topmost when absent.
        organisation: Option<String>,
        /// What the school is called that is made when there is no organisation at all.
        school: String,
    },
    /// Make a one-time link for a new password.
    ResetPassword {
        /// Username or e-mail.
        login: String,
    },
    /// Open a locked account.
    Unlock {
        /// Username or e-mail.
        login: String,
    },
    /// List organisations.
    ListOrganisations,
    /// Bring items into the library; their lines follow the order.
    ImportLibrary {
        /// Code of the organisation that publishes them.
        organisation: String,
    },
    /// Play a test with synthetic pupils.
    Rehearse {
        /// Which.
        test: TestId,
        /// How many pupils.
        students: u32,
        /// Also while real pupils sit a test.
        beside: bool,
    },
}

/// What comes back while a command runs, one JSON object a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "kebab-case")]
pub enum News {
    /// Words for the operator.
    Say {
        /// The words.
        text: String,
    },
    /// How far it is.
    Progress {
        /// Bytes done.
        done: u64,
        /// Items done.
        items: u64,
    },
    /// It failed; the last of all news.
    Failed {
        /// Why.
        text: String,
    },
    /// It is done; the last of all news.
    Done,
}
