//! Licences and languages by their standard names.

/// Licences a shared library may carry, by SPDX id. `LicenseRef-PublicDomain`
/// stands for works whose protection has ended.
pub const LICENCES: [&str; 36] = [
    "CC0-1.0",
    "PDDL-1.0",
    "CC-PDDC",
    "CC-PDM-1.0",
    "LicenseRef-PublicDomain",
    "CC-BY-1.0",
    "CC-BY-2.0",
    "CC-BY-2.5",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-SA-1.0",
    "CC-BY-SA-2.0",
    "CC-BY-SA-2.5",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-1.0",
    "CC-BY-NC-2.0",
    "CC-BY-NC-2.5",
    "CC-BY-NC-3.0",
    "CC-BY-NC-4.0",
    "CC-BY-ND-1.0",
    "CC-BY-ND-2.0",
    "CC-BY-ND-2.5",
    "CC-BY-ND-3.0",
    "CC-BY-ND-4.0",
    "CC-BY-NC-SA-1.0",
    "CC-BY-NC-SA-2.0",
    "CC-BY-NC-SA-2.5",
    "CC-BY-NC-SA-3.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-NC-ND-1.0",
    "CC-BY-NC-ND-2.0",
    "CC-BY-NC-ND-2.5",
    "CC-BY-NC-ND-3.0",
    "CC-BY-NC-ND-4.0",
    "GFDL-1.3-or-later",
];

/// The SPDX id as the list writes it, whatever case it came in; `None` when it is none of [`LICENCES`].
pub fn canonical_licence(id: &str) -> Option<&'static str> {
    LICENCES.into_iter().find(|known| known.eq_ignore_ascii_case(id.trim()))
}

/// A well-formed BCP 47 tag in the case RFC 5646 section 2.1.1 advises; `None`
/// when not well-formed. Only the form is checked, not the registry.
pub fn canonical_language(tag: &str) -> Option<String> {
    let parts: Vec<&str> = tag.trim().split('-').collect();
    let (first, rest) = parts.split_first()?;
    let alphabetic = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !(2..=8).contains(&first.len()) || !alphabetic(first) || first.len() == 4 {
        return None;
    }
    let mut out = first.to_ascii_lowercase();
    let mut extension = false;
    for (index, part) in rest.iter().enumerate() {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        out.push('-');
        if part.len() == 1 {
            // A singleton opens an extension and must be followed by something.
            if index + 1 == rest.len() {
                return None;
            }
            extension = true;
            out.push_str(&part.to_ascii_lowercase());
        } else if extension {
            out.push_str(&part.to_ascii_lowercase());
        } else if part.len() == 4 && alphabetic(part) {
            out.push_str(&part[..1].to_ascii_uppercase());
            out.push_str(&part[1..].to_ascii_lowercase());
        } else if part.len() == 2 && alphabetic(part) {
            out.push_str(&part.to_ascii_uppercase());
        } else {
            let region = part.len() == 3;
            let variant = (5..=8).contains(&part.len()) || (part.len() == 4 && part.as_bytes()[0].is_ascii_digit());
            if !region && !variant {
                return None;
            }
            out.push_str(&part.to_ascii_lowercase());
        }
    }
    Some(out)
}
