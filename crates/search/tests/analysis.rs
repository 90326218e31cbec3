//! Text to terms.

use exchange::vietnamese::{fold, nfc};
use proptest::prelude::*;
use search::analysis::syllables;
use unicode_normalization::UnicodeNormalization;

fn exact(text: &str) -> Vec<String> {
    syllables(&nfc(text)).into_iter().map(|word| word.exact).collect()
}

#[test]
fn text_is_split_into_syllables_numbers_and_formulas() {
    let table = [
        ("Hoà bình, ĐỘC LẬP!", vec!["hòa", "bình", "độc", "lập"]),
        ("quý giá", vec!["quý", "giá"]),
        ("3,14 và 1.000", vec!["3", "14", "và", "1", "000"]),
        ("H₂SO₄ + Fe^{3+}", vec!["h2so4", "fe3"]),
        ("x_1^2 a_b C# F#", vec!["x12", "a", "b", "c#", "f#"]),
        ("10A1 Niu-tơn", vec!["10a1", "niu", "tơn"]),
        ("ＡＢＣ１２", vec!["abc12"]),
        ("… — ''", vec![]),
    ];
    for (text, expected) in table {
        assert_eq!(exact(text), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn offsets_point_at_the_words(text in "(hoà|[a-zà-ỹ]|[_^{}+#0-9]|\\PC| ){0,40}") {
        let text = nfc(&text);
        let mut last = 0;
        for word in syllables(&text) {
            prop_assert!(word.start >= last && word.start < word.end);
            prop_assert!(text.get(word.start..word.end).is_some());
            prop_assert!(!word.folded.is_empty() && !word.folded.contains(' ') && !word.exact.contains(' '));
            last = word.end;
        }
    }

    #[test]
    fn normal_forms_and_case_do_not_matter(text in "[a-zA-ZàáảãạăắâấêềđôốơớưứừỳýĐẾƯ ]{0,40}") {
        let apart: String = text.nfd().collect();
        prop_assert_eq!(exact(&apart), exact(&text));
        prop_assert_eq!(exact(&text.to_uppercase()), exact(&text));
        let folded: Vec<String> = syllables(&nfc(&text)).into_iter().map(|word| word.folded).collect();
        let bare: Vec<String> = syllables(&fold(&text)).into_iter().map(|word| word.folded).collect();
        prop_assert_eq!(folded, bare);
    }
}
