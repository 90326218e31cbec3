/// Longest address of a link, in bytes.
const LONGEST: usize = 2_000;

/// Whether a link may be stored: http, https and mailto, or a place on this server. Everything a
/// browser might read otherwise (control characters, spaces and backslashes, which browsers drop or
/// turn; `//host`) is refused rather than repaired.
pub fn is_safe_link(href: &str) -> bool {
    if href.is_empty() || href.len() > LONGEST || href.starts_with("//") {
        return false;
    }
    if href.chars().any(|letter| {
        letter.is_control()
            || letter.is_whitespace()
            || matches!(letter, '\\' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
    }) {
        return false;
    }
    match href.find([':', '/', '?', '#']) {
        Some(at) if href[at..].starts_with(':') => {
            let scheme = href[..at].to_ascii_lowercase();
            let rest = &href[at + 1..];
            match scheme.as_str() {
                "http" | "https" => rest.strip_prefix("//").is_some_and(|host| !host.is_empty() && !host.starts_with('/')),
                "mailto" => rest.contains('@'),
                _ => false,
            }
        }
        _ => true,
    }
}
