use kernel::{DeviceId, PersonId};

/// Who asks.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody has signed in.
    Anonymous {
        /// Where the request came from.
        address: String,
    },
    /// A person with a valid session.
    Person(SignedIn),
    /// Somebody with access to the server's machine: a command, never a request from the network.
    Operator,
}

/// A person with a valid session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person_id: PersonId,
    /// On which device.
    pub device_id: DeviceId,
    /// Where the request came from.
    pub address: String,
}

impl Caller {
    /// The person, if one is signed in.
    pub fn person_id(&self) -> Option<PersonId> {
        match self {
            Self::Person(signed_in) => Some(signed_in.person_id),
            Self::Anonymous { .. } | Self::Operator => None,
        }
    }

    /// Where the request came from, for the audit log.
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Person(signed_in) => Some(&signed_in.address),
            Self::Anonymous { address } => Some(address),
            Self::Operator => None,
        }
    }
}
