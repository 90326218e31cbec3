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
    ("OPTIONS", "/api/uploads", Access::Public),
    ("POST", "/api/uploads", Access::Authors),
    ("HEAD", "/api/uploads/{id}", Access::SignedIn),
    ("PATCH", "/api/uploads/{id}", Access::SignedIn),
    ("DELETE", "/api/uploads/{id}", Access::SignedIn),
    ("GET", "/api/assets", Access::SignedIn),
    ("GET", "/api/assets/{id}", Access::SignedIn),
    ("DELETE", "/api/assets/{id}", Access::SignedIn),
    ("POST", "/api/assets/{id}/retry", Access::SignedIn),
    ("PUT", "/api/assets/{id}/captions/{language}", Access::SignedIn),
    ("DELETE", "/api/assets/{id}/captions/{language}", Access::SignedIn),
    ("GET", "/api/assets/{id}/captions/{language}", Access::SignedIn),
    ("PUT", "/api/assets/{id}/chapters", Access::SignedIn),
    ("GET", "/api/assets/{id}/file", Access::SignedIn),
    ("GET", "/api/assets/{id}/poster", Access::SignedIn),
    ("GET", "/api/assets/{id}/preview", Access::SignedIn),
    ("GET", "/api/assets/{id}/storyboard.vtt", Access::SignedIn),
    ("GET", "/api/assets/{id}/storyboard/{sheet}", Access::SignedIn),
    ("GET", "/api/assets/{id}/hls/master.m3u8", Access::SignedIn),
    ("GET", "/api/assets/{id}/hls/{track}/{file}", Access::SignedIn),
    ("GET", "/api/curriculum", Access::Public),
    ("POST", "/api/lessons", Access::Authors),
    ("GET", "/api/lessons", Access::SignedIn),
    ("GET", "/api/lessons/{id}", Access::SignedIn),
    ("DELETE", "/api/lessons/{id}", Access::SignedIn),
    ("GET", "/api/lessons/{id}/draft", Access::SignedIn),
    ("PUT", "/api/lessons/{id}/draft", Access::SignedIn),
    ("POST", "/api/lessons/{id}/publish", Access::SignedIn),
    ("POST", "/api/lessons/{id}/withdraw", Access::SignedIn),
    ("GET", "/api/lessons/{id}/versions", Access::SignedIn),
    ("GET", "/api/lessons/{id}/versions/{version}", Access::SignedIn),
    ("POST", "/api/lessons/{id}/versions/{version}/restore", Access::SignedIn),
    ("GET", "/api/lessons/{id}/compare", Access::SignedIn),
    ("GET", "/api/library", Access::SignedIn),
    ("GET", "/api/library/facets", Access::SignedIn),
    ("GET", "/api/search", Access::SignedIn),
    ("PUT", "/api/lessons/{id}/watch/{asset_id}", Access::SignedIn),
    ("GET", "/api/lessons/{id}/watch", Access::SignedIn),
    ("GET", "/api/lessons/{id}/watchers", Access::SignedIn),
    ("GET", "/api/watch/recent", Access::SignedIn),
];
