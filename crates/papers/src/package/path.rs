use percent_encoding::percent_decode_str;

/// Whether a name in an archive leads out of it.
pub(super) fn is_unsafe(name: &str) -> bool {
    let name = name.replace('\\', "/");
    let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    name.starts_with('/') || drive || name.contains('\0') || name.split('/').any(|part| part == "..")
}

/// Paths are compared without case and with one kind of slash: packages come from every system.
pub(super) fn folded(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches("./").to_lowercase()
}

/// The folder a file lies in, without a slash at its end; empty for the top.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rfind(['/', '\\']).and_then(|end| path.get(..end)).unwrap_or_default()
}

/// The path that an address means from a folder. `None` for addresses of other hosts and for those
/// that lead out of the package.
pub(crate) fn resolve(folder: &str, address: &str) -> Option<String> {
    let address = address.split(['?', '#']).next().unwrap_or_default().trim();
    let before_colon = address.split('/').next().unwrap_or_default();
    if address.is_empty() || before_colon.contains(':') || address.starts_with("//") {
        return None;
    }
    let decoded = percent_decode_str(address).decode_utf8().ok()?.replace('\\', "/");
    let mut parts: Vec<&str> = if decoded.starts_with('/') { Vec::new() } else { folder.split(['/', '\\']).collect() };
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.retain(|part| !part.is_empty());
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_files_of_the_package_only() {
        for (folder, address, expected) in [
            ("items", "images/a.png", Some("items/images/a.png")),
            ("items", "../media/a%20b.png?x=1", Some("media/a b.png")),
            ("", "./a.png", Some("a.png")),
            ("items", "/top.png", Some("top.png")),
            ("items", "../../etc/passwd", None),
            ("", "..%2f..%2fetc", None),
            ("", "https://a.vn/a.png", None),
            ("", "//a.vn/a.png", None),
            ("", "javascript:alert(1)", None),
            ("", "data:image/png;base64,AAAA", None),
        ] {
            assert_eq!(resolve(folder, address).as_deref(), expected, "{folder} {address}");
        }
    }

    #[test]
    fn names_that_lead_out_are_unsafe() {
        for name in ["../a", "a/../../b", "..\\a", "/tmp/a", "C:\\a", "\\a"] {
            assert!(is_unsafe(name), "{name}");
        }
        for name in ["a/b.xml", "a..b/c", "Câu 1.xml"] {
            assert!(!is_unsafe(name), "{name}");
        }
    }
}
