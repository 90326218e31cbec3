//! Formulas of MathType, from bytes written here and from a real paper where the samples are.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use papers::math::latex::parse;
use papers::math::mtef::{self, MtefError};
use proptest::prelude::*;

/// Bytes of MTEF 5, written as MathType writes them: sizes and fonts before, END after.
fn five(records: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![5, 1, 0, 6, 0];
    out.extend(b"DSMT6\0\x00");
    out.extend([19]);
    out.extend(b"WinANSI\0");
    out.extend([17, 1]);
    out.extend(b"Times New Roman\0");
    // Preferences: one size, no spaces, two styles of which one has no font.
    out.extend([18, 0, 1, 0x21, 0x2f, 0, 2, 1, 0, 0]);
    out.push(10);
    out.extend(line(records));
    out.push(0);
    out
}

fn line(records: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![1, 0];
    out.extend(records.concat());
    out.push(0);
    out
}

fn none() -> Vec<u8> {
    vec![1, 1]
}

/// A character of a typeface.
fn c(typeface: u8, letter: char) -> Vec<u8> {
    let mut out = vec![2, 4, 128 + typeface];
    out.extend(u16::try_from(letter as u32).unwrap().to_le_bytes());
    out.push(letter as u8);
    out
}

fn v(letters: &str) -> Vec<u8> {
    letters.chars().flat_map(|letter| c(if letter.is_ascii_digit() { 8 } else { 3 }, letter)).collect()
}

fn s(letters: &str) -> Vec<u8> {
    letters.chars().flat_map(|letter| c(6, letter)).collect()
}

fn f(letters: &str) -> Vec<u8> {
    letters.chars().flat_map(|letter| c(2, letter)).collect()
}

fn t(letters: &str) -> Vec<u8> {
    letters.chars().flat_map(|letter| c(1, letter)).collect()
}

fn embellished(letter: char, mark: u8) -> Vec<u8> {
    let mut out = vec![2, 5, 131];
    out.extend(u16::try_from(letter as u32).unwrap().to_le_bytes());
    out.extend([letter as u8, 6, 0, mark, 0]);
    out
}

fn template(selector: u8, variation: u16, slots: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![3, 0, selector];
    if variation > 0x7f {
        out.extend([u8::try_from(variation & 0x7f).unwrap() | 0x80, u8::try_from(variation >> 8).unwrap()]);
    } else {
        out.push(u8::try_from(variation).unwrap());
    }
    out.push(0);
    out.extend(slots.concat());
    out.push(0);
    out
}

fn pile(align: u8, lines: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![4, 0, align, 0];
    out.extend(lines.concat());
    out.push(0);
    out
}

fn matrix(rows: u8, columns: u8, cells: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![5, 0, 0, 2, 0, rows, columns, 0, 0];
    out.extend(cells.concat());
    out.push(0);
    out
}

fn l(letters: &str) -> Vec<u8> {
    line(&[v(letters)])
}

/// One of every template, with the LaTeX it becomes.
fn formulas() -> Vec<(Vec<Vec<u8>>, &'static str)> {
    vec![
        (vec![v("x"), template(28, 0, &[none(), l("2")]), s("−"), v("1")], "x^{2}-1"),
        (vec![v("x"), template(29, 0, &[l("1"), l("n")])], "x_{1}^{n}"),
        (vec![template(29, 1, &[l("6"), l("14")]), t("C")], r"{}_{6}^{14}\text{C}"),
        (vec![template(11, 0, &[l("1"), l("x")]), template(11, 2, &[l("a"), l("b")])], r"\frac{1}{x}a/b"),
        (vec![template(10, 0, &[l("x"), none()]), template(10, 1, &[l("x"), l("3")])], r"\sqrt{x}\sqrt[3]{x}"),
        (vec![template(1, 3, &[l("x"), c(22, '('), c(22, ')')])], r"\left(x\right)"),
        (vec![template(9, 0x12, &[l("a"), c(22, '['), c(22, ')')])], r"\left[a\right)"),
        (vec![template(2, 1, &[line(&[pile(1, &[l("x"), l("y")])]), c(22, '{')])], r"\begin{cases}x \\ y\end{cases}"),
        (vec![template(3, 1, &[line(&[pile(1, &[l("x"), l("y")])]), c(22, '[')])], r"\left[\begin{array}{l}x \\ y\end{array}\right."),
        (vec![template(1, 3, &[line(&[matrix(2, 2, &[l("1"), l("2"), l("3"), l("4")])])])], r"\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}"),
        (vec![template(4, 3, &[l("x")]), template(5, 3, &[l("u")])], r"\left|x\right|\left\|u\right\|"),
        (vec![template(15, 0x31, &[l("x"), l("0"), l("1"), c(6, '∫')]), v("dx")], r"\int_{0}^{1}xdx"),
        (vec![template(15, 0x70 | 0x100 | 1, &[l("x"), l("0"), l("1")])], r"\int\limits_{0}^{1}x"),
        (vec![template(16, 0x70, &[l("k"), line(&[v("k"), s("="), v("1")]), l("n"), c(6, '∑')])], r"\sum_{k=1}^{n}k"),
        (vec![template(23, 0x10, &[line(&[f("lim")]), line(&[v("x"), s("→"), v("0")]), none()]), f("sin"), v("x")], r"\lim_{x\to0}\sin x"),
        (vec![template(31, 2, &[l("AB")]), template(31, 2, &[l("a")])], r"\overrightarrow{AB}\vec{a}"),
        (
            vec![template(13, 0, &[l("z")]), template(12, 0, &[l("z")]), template(33, 0, &[l("ABC")]), template(34, 0, &[l("AB")])],
            r"\overline{z}\underline{z}\widehat{ABC}\overset{\frown}{AB}",
        ),
        (vec![template(14, 0x24, &[line(&[t("xt")]), none()])], r"\xrightarrow{\text{xt}}"),
        (vec![template(14, 0x2e, &[line(&[t("xt")]), l("p")])], r"\xrightleftharpoons[p]{\text{xt}}"),
        (vec![template(24, 1, &[l("ab"), l("n")]), template(24, 0, &[l("ab"), l("n")])], r"\overbrace{ab}^{n}\underbrace{ab}_{n}"),
        (vec![template(37, 0x1e, &[l("x")]), template(36, 2, &[l("x")])], r"\boxed{x}\cancel{x}"),
        (vec![template(30, 3, &[l("a"), l("b")])], r"\left\langle a\middle|b\right\rangle"),
        (
            vec![embellished('f', 5), v("x"), embellished('a', 11), embellished('x', 2), embellished('x', 9), embellished('y', 6)],
            r"f'x\vec{a}\dot{x}\hat{x}y''",
        ),
        (
            vec![v("A"), s("∈"), c(7, 'R'), s("≤⇒⇔∞≠"), c(4, 'α'), c(5, 'Ω')],
            r"A\in\mathbf{R}\le\Rightarrow\Leftrightarrow\infty\ne\alpha\Omega",
        ),
        (vec![t("Số nghiệm"), c(24, '\u{ef02}'), v("x")], r"\text{Số nghiệm}\,x"),
        (vec![v("90"), s("°"), c(24, '\u{ef05}'), f("cos"), template(28, 0, &[none(), l("2")]), v("x")], r"90^{\circ}\quad\cos^{2}x"),
        (vec![pile(4, &[l("x"), l("y")])], r"\begin{aligned}x \\ y\end{aligned}"),
        (vec![vec![8, 1, 2], vec![2, 4, 127, b'k', 0, b'k'], vec![16, 0, 0, 0, 0, 0, 0, 0], vec![15, 1], vec![102, 2, 9, 9], v("x")], "kx"),
        (vec![v("C"), template(27, 0, &[l("n"), none()]), template(28, 0, &[none(), l("k")])], "C_{n}^{k}"),
    ]
}

#[test]
fn every_template_of_mathtype_becomes_latex() {
    for (records, expected) in formulas() {
        let latex = mtef::from_mtef(&five(&records)).unwrap_or_else(|error| panic!("{expected}: {error}"));
        assert_eq!(latex, expected);
        parse(&latex).unwrap_or_else(|error| panic!("{latex}: {error}"));
    }
}

#[test]
fn an_object_and_a_preview_hold_the_same_formula() {
    let bytes = five(&[v("x"), template(28, 0, &[none(), l("2")])]);
    let mut native = vec![28, 0, 0, 0, 2, 0, 0, 0];
    native.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
    native.extend([0; 16]);
    native.extend(&bytes);
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    std::io::Write::write_all(&mut file.create_stream("Equation Native").unwrap(), &native).unwrap();
    assert_eq!(mtef::from_ole(&file.into_inner().into_inner()).as_deref(), Ok("x^{2}"));
    let mut picture = b"....AppsMFCC\x01\x00".to_vec();
    let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    picture.extend(length);
    picture.extend(length);
    picture.extend(b"Design Science, Inc.\0");
    picture.extend(&bytes);
    assert_eq!(mtef::from_wmf(&picture).as_deref(), Ok("x^{2}"));
    assert_eq!(mtef::from_wmf(b"no formula"), Err(MtefError::NoEquation));
}

#[test]
fn equations_of_version_three_are_read() {
    // x² ≥ ½ and lim, as Equation Editor 3.0 writes them: kind and options in one byte, words for letters.
    let c = |typeface: u8, letter: u16| [&[2, 128 + typeface][..], &letter.to_le_bytes()].concat();
    let line = |inner: &[Vec<u8>]| [&[1][..], &inner.concat(), &[0]].concat();
    let mut out = vec![3, 1, 1, 3, 0, 10];
    let records = [
        c(3, 'x' as u16),
        [&[3, 15, 0, 0, 0x11][..], &line(&[c(8, '2' as u16)]), &[0]].concat(),
        c(6, 0x2265),
        [&[3, 14, 0, 0][..], &line(&[c(8, '1' as u16)]), &line(&[c(8, '2' as u16)]), &[0]].concat(),
        [&[0x22, 131, b'f', 0, 6, 5, 0][..]].concat(),
        [&[3, 39, 1, 0][..], &line(&[c(2, 'l' as u16), c(2, 'i' as u16), c(2, 'm' as u16)]), &line(&[c(3, 'n' as u16)]), &[0x11, 0]]
            .concat(),
        [&[3, 1, 0, 0][..], &line(&[c(3, 'y' as u16)]), &c(22, '(' as u16), &c(22, ')' as u16), &[0]].concat(),
        [&[9, 101, 1, 1][..], &[0x82 - 0x80, 128 + 3], &[b'z', 0]].concat(),
    ];
    out.extend(line(&records));
    out.push(0);
    assert_eq!(mtef::from_mtef(&out).as_deref(), Ok(r"x^{2}\ge\frac{1}{2}f'\lim_{n}\left(y\right)z"));
}

#[test]
fn what_is_not_known_is_named() {
    assert_eq!(mtef::from_mtef(&five(&[vec![42]])), Err(MtefError::Record(42)));
    assert_eq!(mtef::from_mtef(&five(&[template(99, 0, &[])])), Err(MtefError::Template { selector: 99, variation: 0 }));
    assert_eq!(mtef::from_mtef(&five(&[c(3, '\u{e123}')])), Err(MtefError::Character { code: 0xe123, typeface: 3 }));
    assert_eq!(mtef::from_mtef(&five(&[embellished('x', 99)])), Err(MtefError::Embellishment(99)));
    assert_eq!(mtef::from_mtef(&five(&[])), Err(MtefError::Empty));
    assert_eq!(mtef::from_mtef(&[4, 0, 0, 0, 0]), Err(MtefError::Version(4)));
    assert!(matches!(mtef::from_mtef(&five(&vec![vec![1, 0]; 200])), Err(MtefError::TooLarge)));
    assert!(matches!(mtef::from_ole(b"not an object"), Err(MtefError::Broken(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn broken_formulas_do_no_harm(which in any::<prop::sample::Index>(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>()) {
        let formulas = formulas();
        let mut bytes = five(&formulas[which.index(formulas.len())].0);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(latex) = mtef::from_mtef(&bytes) {
            prop_assert!(parse(&latex).is_ok(), "{}: {:?}", latex, parse(&latex));
        }
        bytes.truncate(cut.index(bytes.len()));
        let _ = mtef::from_mtef(&bytes);
        bytes.iter_mut().take(1).for_each(|version| *version = 3);
        let _ = mtef::from_mtef(&bytes);
    }

    #[test]
    fn broken_objects_do_no_harm(changes in prop::collection::vec((0_usize..3000, any::<u8>()), 1..8)) {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        std::io::Write::write_all(&mut file.create_stream("Equation Native").unwrap(), &[28; 200]).unwrap();
        let mut bytes = file.into_inner().into_inner();
        for (at, value) in changes {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
        }
        let _ = mtef::from_ole(&bytes);
    }
}

#[test]
fn a_formula_of_a_real_paper_is_read_from_its_object_and_from_its_picture() {
    let Ok(paper) = std::fs::read("/work/shared/samples/questions/word/DE-01-DE-BAI.docx") else {
        println!("the samples are not here");
        return;
    };
    let mut archive = exchange::archive::LimitedArchive::open(&paper, exchange::archive::ArchiveLimits::OFFICE).unwrap();
    let object = archive.read("word/embeddings/oleObject1.bin").unwrap().unwrap();
    let picture = archive.read("word/media/image1.wmf").unwrap().unwrap();
    assert_eq!(mtef::from_ole(&object).unwrap(), r"-C\text{OO}^{-}");
    assert_eq!(mtef::from_wmf(&picture).unwrap(), r"-C\text{OO}^{-}");
}

/// With `DOC_WITH_EQUATIONS` the formulas of an old Word file are printed, to be looked at.
#[test]
fn formulas_of_an_old_word_file_are_printed_to_be_looked_at() {
    use std::io::Read as _;
    let Ok(path) = std::env::var("DOC_WITH_EQUATIONS") else { return };
    let mut file = cfb::open(path).unwrap();
    let streams: Vec<_> = file.walk().filter(|entry| entry.name() == "Equation Native").map(|entry| entry.path().to_owned()).collect();
    for stream in streams {
        let mut bytes = Vec::new();
        file.open_stream(&stream).unwrap().read_to_end(&mut bytes).unwrap();
        println!("{} v{}: {:?} {}", stream.display(), bytes[28], mtef::from_mtef(&bytes[28..]), hex(&bytes[28..bytes.len().min(120)]));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x} ")).collect()
}
