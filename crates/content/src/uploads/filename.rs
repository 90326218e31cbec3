use exchange::vietnamese::{collapse_whitespace, nfc};

/// Longest name kept, in characters.
const LONGEST: usize = 200;

/// A file's name as it may be shown: the last part of a path, NFC, one line, without control and
/// direction characters. Never used as a path.
pub fn clean_filename(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or("");
    let kept: String = nfc(last)
        .chars()
        .filter(|letter| {
            !letter.is_control()
                && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        })
        .collect();
    let name = collapse_whitespace(&kept);
    let length = name.chars().count();
    let name = if length <= LONGEST {
        name
    } else {
        // The ending says what it is: it stays.
        let ending: String =
            name.rsplit_once('.').map(|(_, end)| format!(".{end}")).filter(|end| end.chars().count() <= 12).unwrap_or_default();
        let room = LONGEST - ending.chars().count();
        name.chars().take(room).chain(ending.chars()).collect()
    };
    if name.trim_matches('.').is_empty() { "tệp".to_owned() } else { name }
}
