//! Letters, names and spellings.

use exchange::vietnamese::{
    collapse_whitespace, fold, fold_syllable, name_sort_key, nfc, text_sort_key, unify_syllable, username_stem, username_with_number,
};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

#[test]
fn folding_drops_every_mark_and_the_bar_of_d() {
    let table =
        [("Đặng Thị Huệ", "dang thi hue"), ("TRƯỜNG", "truong"), ("ƯỠN ẹo", "uon eo"), ("10A1", "10a1"), ("", ""), ("Привет", "привет")];
    for (text, folded) in table {
        assert_eq!(fold(text), folded);
        let apart: String = text.nfd().collect();
        assert_eq!(fold(&apart), folded);
    }
}

#[test]
fn every_letter_with_every_tone_folds_to_ascii() {
    for base in "aăâeêioôơuưyđ".chars() {
        for tone in ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"] {
            let letter: String = format!("{base}{tone}").nfc().collect();
            assert!(fold(&letter).is_ascii(), "{letter}");
            assert!(fold(&letter.to_uppercase()).is_ascii(), "{letter}");
        }
    }
}

#[test]
fn names_sort_by_given_name_then_by_the_rest() {
    let sorted = [
        "Trần Văn An",
        "Lê Thị Ánh",
        "Nguyễn Thị Bình",
        "Phạm Văn Bình",
        "Lê Dung",
        "Lê Gia Dung",
        "Lê Dũng",
        "Ngô Đào",
        "Ngô Hải Điệp",
        "Lê Hoa",
        "Lê Hòa",
        "Lê Uyên",
        "Lê Ước",
    ];
    let mut shuffled = sorted;
    shuffled.reverse();
    shuffled.sort_by_key(|name| name_sort_key(name));
    assert_eq!(shuffled, sorted);
}

#[test]
fn letters_and_tones_sort_as_in_a_dictionary() {
    let sorted = ["a", "à", "ả", "ã", "á", "ạ", "ă", "ắ", "â", "ấ", "b", "c", "d", "đ", "e", "ê", "o", "ô", "ơ", "u", "ư", "v"];
    let mut shuffled = sorted;
    shuffled.reverse();
    shuffled.sort_by_key(|word| text_sort_key(word));
    assert_eq!(shuffled, sorted);
}

#[test]
fn classes_sort_by_number() {
    let mut classes = ["10A1", "9A", "10A10", "10A2", "1B"];
    classes.sort_by_key(|class| text_sort_key(class));
    assert_eq!(classes, ["1B", "9A", "10A1", "10A2", "10A10"]);
}

#[test]
fn the_fifteen_tone_placements_are_one_spelling() {
    let pairs = [
        ("hoà", "hòa"),
        ("hoá", "hóa"),
        ("hoả", "hỏa"),
        ("hoã", "hõa"),
        ("hoạ", "họa"),
        ("loè", "lòe"),
        ("loé", "lóe"),
        ("loẻ", "lỏe"),
        ("loẽ", "lõe"),
        ("loẹ", "lọe"),
        ("thuỳ", "thùy"),
        ("thuý", "thúy"),
        ("thuỷ", "thủy"),
        ("thuỹ", "thũy"),
        ("thuỵ", "thụy"),
    ];
    for (new, old) in pairs {
        assert_eq!(unify_syllable(new), unify_syllable(old));
    }
    for same in ["quý", "quỳ", "hoàn", "khuỷu", "toán", "tiếng", "c", "", "h2so4", "quá"] {
        assert_eq!(unify_syllable(same), same);
    }
    assert_eq!(unify_syllable("qúy"), "quý");
    assert_eq!(unify_syllable("lý"), unify_syllable("lí"));
    assert_eq!(unify_syllable("kỹ"), unify_syllable("kĩ"));
    assert_ne!(unify_syllable("lý"), unify_syllable("ly"));
    assert_eq!(fold_syllable("lý"), fold_syllable("li"));
}

#[test]
fn user_names_are_the_given_name_and_initials() {
    let table = [
        ("Lê Gia Dung", "dung.lg"),
        ("Đặng Thị Ánh Đào", "dao.dta"),
        ("Hoa", "hoa"),
        ("  nguyễn   thị  HOA ", "hoa.nt"),
        ("O'Brien Mary-Ann", "ann.om"),
        ("李", "user"),
        ("", "user"),
    ];
    for (name, stem) in table {
        assert_eq!(username_stem(name), stem, "{name}");
    }
    assert_eq!(username_with_number("Lê Gia Dung", 1), "dung.lg");
    assert_eq!(username_with_number("Lê Gia Dung", 3), "dung.lg3");
}

#[test]
fn white_space_and_invisible_letters_are_tidied() {
    assert_eq!(collapse_whitespace(" a\u{a0}\t b\u{200b}c\u{feff} "), "a bc");
    assert_eq!(nfc("e\u{302}\u{301}"), "ế");
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once.clone());
        let apart: String = text.nfd().collect();
        prop_assert_eq!(fold(&apart), once);
    }

    #[test]
    fn unifying_twice_is_unifying_once(text in "[a-zàáảãạăâđèéêìíòóôơờùúưỳýỷỹỵ]{0,8}") {
        let once = unify_syllable(&text);
        prop_assert_eq!(unify_syllable(&once), once.clone());
        prop_assert_eq!(fold_syllable(&once), fold_syllable(&text));
    }

    #[test]
    fn keys_are_plain_ascii_and_agree_in_any_normal_form(name in "\\PC{0,40}") {
        let key = name_sort_key(&name);
        prop_assert!(key.is_ascii());
        let apart: String = name.nfd().collect();
        prop_assert_eq!(name_sort_key(&apart), key);
    }

    #[test]
    fn user_names_are_always_usable(name in "\\PC{0,60}") {
        let stem = username_stem(&name);
        prop_assert!(!stem.is_empty() && stem.len() <= 40);
        prop_assert!(stem.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.'));
    }
}
