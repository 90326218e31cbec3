//! Exact numbers as files write them.

use crate::model::Exact;

/// A decimal number, with a point or a comma, maybe with an exponent.
pub(crate) fn exact(text: &str) -> Option<Exact> {
    let text = text.trim().replace('\u{2212}', "-");
    if text.is_empty() || text.len() > 60 {
        return None;
    }
    let text = if text.contains('.') { text } else { text.replacen(',', ".", 1) };
    let text = text.strip_prefix('+').unwrap_or(&text);
    if text.contains(['e', 'E']) { Exact::from_scientific(text).ok() } else { text.parse().ok() }
}

/// A share between -100 and 100 per cent.
pub(crate) fn percent(text: &str) -> Option<Exact> {
    exact(text).filter(|number| number.abs() <= Exact::ONE_HUNDRED)
}

/// Per cent as a share of one: 33.33333 is 0.3333333.
pub(crate) fn share(percent: Exact) -> Exact {
    (percent / Exact::ONE_HUNDRED).normalize()
}

/// A share of one as per cent.
pub(crate) fn to_percent(share: Exact) -> Exact {
    share.checked_mul(Exact::ONE_HUNDRED).unwrap_or(share).normalize()
}
