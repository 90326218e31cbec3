//! Who may call each operation, in one place. The probe test calls every operation of the OpenAPI
//! description as each role and compares with this table; one that is missing here fails it.

/// Who may call an operation at all. What of the data it then reaches is the grant's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, signed in or not.
    Public,
    /// Every signed-in person, for her own things or what she may see.
    SignedIn,
    /// Those who author lessons somewhere: administrators, heads, reviewers, teachers.
    Authors,
    /// Those who see people somewhere: administrators, heads, reviewers, teachers.
    Staff,
    /// Administrators of the organisation concerned.
    Administrators,
    /// Administrators and heads of the organisation concerned.
    Heads,
    /// Administrators of a root organisation.
    ServerAdministrators,
}

/// (method, path as in the OpenAPI description, who).
pub const TABLE: &[(&str, &str, Access)] = &[
    ("GET", "/health/live", Access::Public),
    ("GET", "/health/ready", Access::Public),
    ("GET", "/api/session", Access::Public),
    ("POST", "/api/session", Access::Public),
    ("DELETE", "/api/session", Access::Public),
    ("GET", "/api/session/devices", Access::SignedIn),
    ("DELETE", "/api/session/devices", Access::SignedIn),
    ("DELETE", "/api/session/devices/{id}", Access::SignedIn),
    ("POST", "/api/setup", Access::Public),
    ("PATCH", "/api/me", Access::SignedIn),
    ("POST", "/api/me/password", Access::SignedIn),
];
