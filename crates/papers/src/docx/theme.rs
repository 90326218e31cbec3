//! The theme: colours and fonts that properties name by their role.

use crate::xml::Element;

/// Colours and fonts by role.
#[derive(Clone, Debug, Default)]
pub(super) struct Theme {
    colours: Vec<(String, [u8; 3])>,
    major: String,
    minor: String,
}

impl Theme {
    pub(super) fn of(tree: &Element) -> Self {
        let mut theme = Self::default();
        if let Some(scheme) = tree.find("clrScheme") {
            for role in scheme.elements() {
                let value = role.elements().find_map(|own| own.attribute("lastClr").or_else(|| own.attribute("val")));
                if let Some(rgb) = value.and_then(hex) {
                    theme.colours.push((role.name.clone(), rgb));
                }
            }
        }
        let latin = |kind: &str| {
            let font = tree.find(kind).and_then(|fonts| fonts.first("latin")).and_then(|latin| latin.attribute("typeface"));
            font.unwrap_or("").to_owned()
        };
        theme.major = latin("majorFont");
        theme.minor = latin("minorFont");
        theme
    }

    /// A colour by `w:themeColor`, made lighter or darker as said.
    pub(super) fn colour(&self, role: &str, tint: Option<&str>, shade: Option<&str>) -> Option<[u8; 3]> {
        let name = match role {
            "dark1" | "text1" | "tx1" => "dk1",
            "light1" | "background1" | "bg1" => "lt1",
            "dark2" | "text2" | "tx2" => "dk2",
            "light2" | "background2" | "bg2" => "lt2",
            "hyperlink" => "hlink",
            "followedHyperlink" => "folHlink",
            other => other,
        };
        let rgb = self.colours.iter().find(|(own, _)| own == name)?.1;
        let share = |value: Option<&str>| value.and_then(|value| u8::from_str_radix(value, 16).ok()).map(u32::from);
        let (tint, shade) = (share(tint), share(shade));
        Some(rgb.map(|part| {
            let darker = shade.map_or(u32::from(part), |shade| u32::from(part) * shade / 255);
            let lighter = tint.map_or(darker, |tint| darker * tint / 255 + (255 - tint));
            u8::try_from(lighter).unwrap_or(u8::MAX)
        }))
    }

    /// A font by `w:asciiTheme` and its like.
    pub(super) fn font(&self, role: &str) -> &str {
        if role.starts_with("major") { &self.major } else { &self.minor }
    }
}

/// `RRGGBB`.
pub(super) fn hex(value: &str) -> Option<[u8; 3]> {
    let value = value.trim_start_matches('#');
    if value.len() != 6 || !value.is_ascii() {
        return None;
    }
    let part = |at: usize| value.get(at..at + 2).and_then(|part| u8::from_str_radix(part, 16).ok());
    Some([part(0)?, part(2)?, part(4)?])
}
