//! Folders as Moodle writes them: `$course$/top/Toán 12/Hàm số`. What is Moodle's own in front says
//! which course it was in there, and nothing elsewhere.

/// The folder, parts separated by `/`.
pub(crate) fn from_moodle(path: &str) -> Option<String> {
    let path = path.trim();
    let own = path.strip_prefix('$').and_then(|rest| rest.split_once('$')).map_or(path, |(_, rest)| rest);
    let own = own.trim_start_matches('/');
    let below = own.strip_prefix("top").filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(own);
    let folder = below.trim_matches('/').trim();
    (!folder.is_empty()).then(|| folder.to_owned())
}

/// As Moodle writes it.
pub(crate) fn to_moodle(folder: Option<&str>) -> String {
    match folder {
        Some(folder) => format!("$course$/top/{}", folder.split_whitespace().collect::<Vec<_>>().join(" ")),
        None => "$course$/top".to_owned(),
    }
}
