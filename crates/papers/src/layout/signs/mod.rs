//! What marks what: the words and numbers at the beginning of a line. Patterns are matched against
//! plain letters (see [`super::line::Line::plain`]), so both styles of tone marks are one.

mod parts;

pub(crate) use parts::{Certain, PartSign, Rank, is_capitals, kind_of, ordinal_of, part};

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::model::Level;

/// A pattern of this program. The tests force every one of them.
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("a pattern of this program is broken: {error}"))
}

macro_rules! patterns {
    ($($name:ident = $text:expr;)*) => {
        $(pub(crate) static $name: LazyLock<Regex> = LazyLock::new(|| pattern($text));)*
        #[cfg(test)]
        pub(crate) fn force() { $(LazyLock::force(&$name);)* }
    };
}

patterns! {
    // `[TH] ` or `(NB)` before a question.
    LEVEL_TAG = r"(?i)^\s*[\[(]\s*((?:\d\s*,\s*)?(?:nb|th|vdc|vdt|vd|nhan biet|biet|thong hieu|hieu|van dung cao|van dung thap|van dung|muc (?:do )?[1-4]|m[1-4]))\s*[\])]\s*[:.]?\s*";
    // `[1]`; in round brackets it is a gap or a statement.
    LEVEL_DIGIT = r"^\s*\[\s*([0-3])\s*\]\s*[:.]?\s*";
    POINTS = r"(?i)^\s*[\[(]\s*(\d+(?:[.,]\d+)?)\s*(?:d|diem|diem\s*/\s*cau|pts?|points?|marks?)\s*[\])]\s*[:.]?\s*";
    STRONG = r"(?i)^\s*[*]{0,2}\s*(cau hoi|cau so|cau|question|ques|bai tap|bai)\s*[.:]?\s*(?:so\s*)?(\d{1,4})\s*(.?)";
    ROMAN_QUESTION = r"^\s*(?i:cau)\s+([IVX]{1,4})\s*([.:(])";
    OF_ALL = r"^\s*/\s*\d{1,3}\s*[.:)]";
    TWO_LEVELS = r"^\.(\d{1,3})\s*[.:)]\s*";
    BARE = r"^\s*(\d{1,3})\s*([.):/-])\s*";
    // `(1) A. …`: a gap's number before its options.
    IN_BRACKETS = r"^\s*(\()(\d{1,3})\)\s*[.:]?\s*[*#]?\(?A\s*[.):]";
    LISTED = r"(?i)^\s*(?:-|den|to|va|and|&|,|hoac)\s*(?:cau\s*)?\d";
    PART = r"(?i)^\s*(phan|part|section|nhom|muc|chuong|chu de|dang|exercise|task|group|unit|de so)\s*(?:thu\s*)?([ivx]{1,5}\b|\d{1,2}\b|[a-h]\b|mot\b|hai\b|ba\b|bon\b|nhat\b)\s*(.*)$";
    // `ĐỀ SỐ 2`, `2. ĐỀ THI SỐ 2`, `Đề 02`: another paper in the same file.
    PAPER = r"(?i)^\s*(?:\d{1,2}\s*[.)]\s*)?(?:[(\[]?\s*)de(?:\s+(?:thi|kiem tra|on tap|on|tham khao|minh hoa|luyen tap|luyen|thu))*\s*(?:so\s*)?:?\s*(\d{1,2})\s*(?:[.:)\]-].{0,60}|\(.{0,40})?$";
    ROMAN = r"^\s*([IVX]{1,5})\s*([.):/-])\s*(.*)$";
    LETTERED = r"^\s*([A-H])\s*([.):/-])\s*(.*)$";
    LEVEL_HEADING = r"(?i)^(?:[IVX\d]{1,4}\s*[.):]\s*|[a-d]\s*[.)]\s*)?(?:muc do|muc|cap do|phan|bai tap|cac cau|cau hoi)?(?: hoi)?\s*:?\s*(nhan biet|thong hieu|van dung cao|van dung thap|van dung)\b.{0,40}$";
    PART_WORDS = r"(?i)trac nghiem|tu luan|phan chung|phan rieng|doc hieu|lam van|dung sai|dung/sai|dung hoac sai|tra loi ngan|nhieu lua chon|nhieu phuong an|pronunciation|phonetics|vocabulary|grammar|reading|writing|listening|speaking|lexico|language|multiple choice|nhan biet|thong hieu|van dung|bai tap|ly thuyet|phan viet|phan doc";
    INSTRUCTION = r"(?i)^\s*(?:[A-HIVX\d]{1,4}[.):]\s*)?(?:mark|choose|read|find|circle|complete|fill|rewrite|match|listen|give|indicate|select|pick|put|write|reorder|rearrange|combine|supply|look at|identify|arrange|underline|make|correct the|answer|use the|each of the following|blacken|four phrases|tick)\b.{12,}";
    READING = r"(?i)(?:^\s*(?:doc|dua vao|dua theo|can cu|su dung|dung|quan sat|xet|cho|nghien cuu|tu|theo|hay doc)\b.*\b(?:tra loi|thuc hien|hoan thanh|lam)\b.*\b(?:cau|cac cau|cau hoi|yeu cau)\b)|(?:^\s*(?:doc|dua vao)\b.*(?:sau|duoi day|tren)\b.*:\s*$)";
    FOR_QUESTIONS = r"(?i)^\W*(?:questions?|cac cau|cau hoi|cau|su dung|dung|dua|doc|cho|thong tin|du lieu|du kien|read|use|based|for|quan sat|xet|nghien cuu|hay|tra loi|theo|doan|bai doc|passage|mark|phan|dua theo|can cu)\b";
    RANGE = r"(?i)\b(?:cau hoi|cau|cac cau|questions?|numbers?|gaps?|blanks?)\s*(?:hoi\s*)?(?:tu\s*|from\s*|so\s*)*(?:cau\s*)?\(?(\d{1,3})\)?\s*(?:-+|den|toi|to|,|va|and|&|through)\s*(?:het\s*)?(?:cau\s*)?(?:so\s*)?\(?(\d{1,3})";
    RANGE_WORDLESS = r"(?i)\b(?:tu|from)\s*(\d{1,3})\s*(?:den|to|-)\s*(\d{1,3})\b";
    CANDIDATE = r"(?i)^\s*(?:phan\s+\w+\W+)?\W*(?:thi sinh|hoc sinh)\s+(?:chi\s+)?(?:tra loi|lam|ghi|dien|chon)|moi (?:cau hoi|cau|y)\b.*thi sinh|thi sinh tra loi";
    END = r"(?i)^[\s\-_=*.<>~\x01\x22]*(?:het|the end|end)[\s\-_=*.!<>~\x01\x22]*$";
    NO_AID = r"(?i)thi sinh khong duoc|can bo coi thi|giam thi khong|khong duoc su dung tai lieu";
    KEY_HEADING = r"(?i)^[\s\-_=*.]*(?:[IVX]+\s*[.)]\s*|[ab]\s*[.)]\s*|phan\s+[ivx\d]+\s*[.:-]?\s*)?(?:bang dap an|dap an va huong dan|dap an - huong dan|huong dan cham|huong dan giai va dap an|dap an chi tiet|dap an va loi giai|dap an tham khao|dap an de|dap an phan|dap an mon|dap an ma de|dap an trac nghiem|dap an cau hoi|answer keys?|keys?|the answers?|answers|dap an va thang diem|dap an, thang diem|loi giai chi tiet|huong dan giai chi tiet|huong dan giai|giai chi tiet|loi giai tham khao|phan dap an|dap an|phan loi giai|huong dan chi tiet|giai thich chi tiet)\b.{0,80}$";
    EXPLANATION = r"(?i)^\s*[*>=-]*\s*(?:\[?\s*(?:loi giai chi tiet|loi giai tham khao|loi giai|huong dan giai chi tiet|huong dan giai|huong dan chi tiet|huong dan cham|giai thich chi tiet|giai thich dap an|giai thich|giai chi tiet|cach giai|bai giai|phuong phap giai|phuong phap|solutions?|explanations?|hdg|tam dich|dap an chi tiet|giai thich them|explain)\s*\]?\s*(?:[:.]|$|\b)|(?:huong dan|hd|giai|loi giai cau \d+|detailed answer|note)\s*(?::|\.?\s*$))\s*[:.]?\s*";
    ANSWER = r"(?i)^\s*[*>=\x01-]*\s*(?:\[?\s*(?:dap an dung|dap an can chon|dap an chinh xac|dap an|dap so|phuong an dung|phuong an|dung la|ket qua|tra loi|correct answer|the correct answer|answer|key|d/a|da|kq|ds|tl|ans)\s*(?:(?:dung\s*)?la\b|is\b)?\s*\]?\s*(?:[:.=]\s*|$))";
    // `Vậy đáp số là 45`, where a number follows.
    ANSWER_NUMBER = r"(?i)^\s*[*>=\x01-]*\s*(?:(?:vay|do do|suy ra|nen|=+>|\x01)[\s,:]*)?(?:dap an|dap so|ket qua|kq|ds|tra loi)\s*(?:(?:dung\s*)?la|bang|[:=])\s*:?\s*([-\d\x02][^a-z]{0,14})$";
    ANSWER_LETTER = r"(?i)^\s*[*>=\x01\s-]*(?:\(|\[)?(?:=>|->|vay|do do|suy ra|nen)?\s*,?\s*(?:ta\s+)?\[?(?:chon|choose|dap an|dap an dung|phuong an dung|phuong an|answer|key|d/a|correct answer)\]?\s*(?:dap an|phuong an|cau|y)?\s*(?:dung\s*)?(?:la|is)?\s*[:.]?\s*(?-i:([A-H]))\s*(?:[.;)\]]|$|:\s*$)";
    SMALL_ANSWER = r"^\s*(?i:dap an|chon|answer|key)\s*(?i:dung\s*)?(?i:la\s*)?[:.]?\s*([a-d])\s*[.)]?\s*$";
    // `=> C`, alone on its line.
    POINTED = r"^\s*(?:=+>|-+>|>+|\x01+)\s*([A-H])\s*\.?\s*$";
    // `Đáp án A: một`, an option.
    NAMED_OPTION = r"(?i)^\s*(?:dap an|phuong an|lua chon|option)\s*(?-i:[A-H])\s*[:.)]\s*\S";
    // What stands below a paper's last question.
    CLOSING = r"(?i)^\W*(?:thi sinh (?:khong )?(?:duoc )?(?:phep )?su dung|hoc sinh (?:khong )?(?:duoc )?(?:phep )?su dung tai lieu|(?:can bo|giam thi|giao vien) (?:coi thi )?khong|ho(?: va|,)? ten (?:thi sinh|hoc sinh)?\s*[:.]|so bao danh|chu ki? (?:cua )?(?:giam thi|can bo))";
    CHOSEN = r"(?i)(?:\b(?:chon|choose)\s*(?:dap an|phuong an|y|cau)?|\bdap an(?: dung| can chon| chinh xac| cua bai)?|\bthe (?:correct )?answer)\s*(?:dung\s*)?(?:la|is)?\s*:?\s*(?-i:([A-H]))\s*[.;)\]]*\s*$";
    DISTRACTOR = r"(?i)^\s*(?:[,-]\s*)?(?:sai|dung|khong|loai|bi|vi\b|va\b|hoac|co\b|la\b)";
    TRAILING_ANSWER = r"(?i)(?:\t|\s{2,}|[?.:]\s*|\()(?:dap an|dap so|ds|tra loi|kq|ket qua)\s*:\s*([^:]{1,25}?)\)?\s*$";
    TRAILING_KEY = r"(?i)(?:\s{2,}|[\t(\[]|=>\s*)(?:dap an|da|d/a|key|answer|chon|ans)\s*(?:dung\s*)?(?:la)?\s*[:.]?\s*(?-i:([A-H]))\s*[.)\]]*\s*$";
    PAPER_CODE = r"(?i)\bma\s*de(?:\s*thi)?(?:\s*so)?\s*[:.\-]?\s*[\[(]?\s*(\d{2,6})\b";
    PAPER_CODE_SHORT = r"(?i)^\s*(?:.*[-\s])?de(?:\s*(?:thi|so|goc))*\s*[:.]?\s*(\d{2,6})\s*$";
    FOOTER = r"(?i)^\s*(?:trang|page)\s*\d+\s*(?:/|of|-|$)|^\s*\d{1,3}\s*/\s*\d{1,3}\s*(?:$|-\s*ma de)|^\s*ma de(?: thi)?\s*:?\s*\d+\s*(?:-|$)(?:\s*trang.*)?$|^\W*con (?:tiep|nua)\W*$";
    // Marks of programs that mix papers, alone on a line: `[<br>]`, `<g1>`, `</#g>`, `[<g>]`.
    MIXER = r"(?i)^\s*(?:\[\s*</?[a-z$@#*]{1,3}\d{0,2}/?>\s*\]|</?\s*[#@$]?\s*g\s*\d{0,2}\s*>|<[#@$]>)\s*$";
    RIGHT_MARK = r"(?i)[\[(]\s*(?:dung|true|correct|x|dap an|dap an dung)\s*[\])]\s*\.?\s*$|^\s*[\[(]\s*(?:dung|true|correct)\s*[\])]\s*";
}

/// How a question's number was written. Weaker ones are questions only where nothing stronger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Style {
    /// `1.`
    Bare,
    /// `Bài 1.`: a question, or a heading over questions.
    Exercise,
    /// `Câu 1.`, `Question 1.`
    Named,
}

/// The beginning of a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct QuestionSign {
    pub style: Style,
    pub number: u32,
    /// Where its text begins.
    pub body: usize,
    pub level: Option<Level>,
    pub points: Option<rust_decimal::Decimal>,
}

/// The beginning of a question, where a line is one.
pub(crate) fn question(plain: &str) -> Option<QuestionSign> {
    let mut at = 0;
    let mut level = take_level(plain, &mut at);
    let rest = plain.get(at..)?;
    let (style, number, length) = match STRONG.captures(rest) {
        Some(found) => named(rest, &found)?,
        None => match ROMAN_QUESTION.captures(rest) {
            Some(found) => roman_question(&found)?,
            None => bare(rest)?,
        },
    };
    at += length;
    let mut points = None;
    for _ in 0..3 {
        level = take_level(plain, &mut at).or(level);
        points = take_points(plain, &mut at).or(points);
    }
    // `Câu 1 (NB):`
    let rest = plain.get(at..)?;
    let trimmed = rest.trim_start();
    if let Some(behind) = trimmed.strip_prefix([':', '.', '/']).filter(|_| level.is_some() || points.is_some()) {
        at = plain.len() - behind.len();
        level = take_level(plain, &mut at).or(level);
        points = take_points(plain, &mut at).or(points);
    }
    at += plain.get(at..)?.len() - plain.get(at..)?.trim_start().len();
    Some(QuestionSign { style, number, body: at, level, points })
}

fn named(rest: &str, found: &Captures<'_>) -> Option<(Style, u32, usize)> {
    let word = found.get(1)?.as_str();
    let digits = found.get(2)?;
    let number = digits.as_str().parse().ok()?;
    let style = if word.to_ascii_lowercase().starts_with("bai") { Style::Exercise } else { Style::Named };
    let behind = rest.get(digits.end()..)?;
    if LISTED.is_match(behind) {
        return None;
    }
    // `Câu 1.5:` is a number of two levels; its last one counts.
    if let Some(levels) = TWO_LEVELS.captures(behind) {
        let number = levels.get(1)?.as_str().parse().ok().filter(|number| *number > 0)?;
        return Some((style, number, digits.end() + levels.get(0)?.end()));
    }
    // `Câu 1/40:` of so many.
    let behind = match OF_ALL.find(behind) {
        Some(all) => behind.get(all.end() - 1..)?,
        None => behind,
    };
    let skipped = rest.len() - digits.end() - behind.len();
    let next = behind.trim_start();
    let spaces = behind.len() - next.len();
    let start = digits.end() + skipped;
    let length = match next.chars().next() {
        None => start,
        Some('.' | ':' | ')' | '/' | ';' | '-' | ']') => {
            let rest = next.get(1..).unwrap_or_default();
            let mut marks = 1 + rest.len() - rest.trim_start_matches(['.', ':', ')', '/', ';', ']', ' ', '\t']).len();
            // A dash with white space behind it is one more mark; another is the sign of a number.
            let rest = next.get(marks..).unwrap_or_default();
            if rest.starts_with("- ") || rest.starts_with("-\t") {
                marks += rest.len() - rest.trim_start_matches(['-', ' ', '\t']).len();
            }
            start + spaces + marks
        }
        Some('(' | '[' | '\u{2}') => start,
        // `Câu 1 đáp án B`
        Some(_) if spaces > 0 && answer_letter(next).is_some() => start,
        Some(letter) if spaces > 0 && (letter.is_ascii_uppercase() || letter == '\u{1}' || letter == '$' || letter == '"') => start,
        Some(_) => return None,
    };
    Some((style, number, length))
}

/// `Câu II.`, `Câu II (2 điểm)`
fn roman_question(found: &Captures<'_>) -> Option<(Style, u32, usize)> {
    let number = crate::roman::read(found.get(1)?.as_str(), 15)?;
    let mark = found.get(2)?;
    Some((Style::Named, number, if mark.as_str() == "(" { mark.start() } else { mark.end() }))
}

fn bare(rest: &str) -> Option<(Style, u32, usize)> {
    if let Some(found) = IN_BRACKETS.captures(rest) {
        let digits = found.get(2)?;
        let behind = rest.get(digits.end() + 1..)?;
        let blank = behind.len() - behind.trim_start_matches([' ', '\t', '.', ':']).len();
        return Some((Style::Bare, digits.as_str().parse().ok().filter(|number| *number > 0)?, digits.end() + 1 + blank));
    }
    let found = BARE.captures(rest)?;
    let whole = found.get(0)?;
    let number = found.get(1)?.as_str().parse().ok().filter(|number| *number > 0)?;
    let mark = found.get(2)?.as_str();
    let behind = rest.get(whole.end()..)?;
    let direct = rest.get(found.get(2)?.end()..)?.chars().next();
    // `1.5 kg`, `1:2` are numbers, `1/2` a fraction.
    if direct.is_some_and(|next| next.is_ascii_digit())
        || (matches!(mark, ":" | "/") && !direct.is_none_or(|next| next == ' ' || next == '\t'))
    {
        return None;
    }
    // `1- Thủ đô`, but not `12 - 5` nor the key `1 - A`.
    if mark == "-"
        && (!matches!(direct, Some(' ' | '\t')) || behind.trim().len() < 3 || behind.starts_with(|next: char| !next.is_ascii_alphabetic()))
    {
        return None;
    }
    Some((Style::Bare, number, whole.end()))
}

/// The letter a line begins to answer with (`Đáp án: B`, `Chọn B.`), and where it ends. `Đáp án A. Sai
/// vì …` speaks of an option, it does not choose it.
pub(crate) fn answer_letter(plain: &str) -> Option<(char, usize)> {
    if let Some(letter) = SMALL_ANSWER.captures(plain).and_then(|found| found.get(1)) {
        return Some((letter.as_str().to_ascii_uppercase().chars().next()?, plain.len()));
    }
    if let Some(letter) = POINTED.captures(plain).and_then(|found| found.get(1)) {
        return Some((letter.as_str().chars().next()?, plain.len()));
    }
    let found = ANSWER_LETTER.captures(plain)?;
    let letter = found.get(1)?.as_str().chars().next()?;
    let end = found.get(0)?.end();
    let rest = plain.get(end..)?;
    // `Chọn đáp án đúng: A. 5 B. 6` is followed by the options themselves.
    let next = u8::try_from(letter).ok()? + 1;
    let options =
        rest.as_bytes().windows(3).any(|three| matches!(three, [b' ' | b'\t' | 2, label, b'.' | b')' | b':' | b'/'] if *label == next));
    (!options && !DISTRACTOR.is_match(rest)).then_some((letter, end))
}

/// A level tag at a place; the place moves behind it.
pub(crate) fn take_level(plain: &str, at: &mut usize) -> Option<Level> {
    let rest = plain.get(*at..)?;
    let found = LEVEL_TAG.captures(rest).or_else(|| LEVEL_DIGIT.captures(rest))?;
    let level = level_of(found.get(1)?.as_str())?;
    *at += found.get(0)?.end();
    Some(level)
}

fn take_points(plain: &str, at: &mut usize) -> Option<rust_decimal::Decimal> {
    let found = POINTS.captures(plain.get(*at..)?)?;
    let points = found.get(1)?.as_str().replace(',', ".").parse().ok()?;
    *at += found.get(0)?.end();
    Some(points)
}

/// `NB`, `Nhận biết`, `Mức 1`, `0, NB`, without brackets, in plain letters.
pub(crate) fn level_of(word: &str) -> Option<Level> {
    let word = word.trim();
    if let Some(level) = Level::parse(word) {
        return Some(level);
    }
    let lower = word.to_ascii_lowercase();
    if lower.starts_with("muc") || lower.len() == 2 && lower.starts_with('m') {
        return Some(match lower.chars().last()? {
            '1' => Level::Nb,
            '2' => Level::Th,
            '3' => Level::Vd,
            '4' => Level::Vdc,
            _ => return None,
        });
    }
    [("van dung cao", Level::Vdc), ("van dung", Level::Vd), ("hieu", Level::Th), ("biet", Level::Nb)]
        .into_iter()
        .find_map(|(name, level)| lower.contains(name).then_some(level))
}

/// The questions a shared text says it is for.
pub(crate) fn range(plain: &str) -> Option<(u32, u32)> {
    let found = RANGE.captures(plain).or_else(|| RANGE_WORDLESS.captures(plain))?;
    let first: u32 = found.get(1)?.as_str().parse().ok()?;
    let last: u32 = found.get(2)?.as_str().parse().ok()?;
    (first > 0 && first < last && last - first < 60).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::QuestionType;

    #[test]
    fn every_pattern_is_well_formed() {
        force();
    }

    #[test]
    fn questions_begin_in_every_way_teachers_write() {
        let table = [
            ("Cau 1. Thu", Some((Style::Named, 1, 7))),
            ("Cau 12: Thu", Some((Style::Named, 12, 8))),
            ("CAU 3) x", Some((Style::Named, 3, 7))),
            ("Cau1:x", Some((Style::Named, 1, 5))),
            ("Cau 36 Tap hop", Some((Style::Named, 36, 7))),
            ("Question 7. x", Some((Style::Named, 7, 13 - 1))),
            ("[NB] Cau 1. x", Some((Style::Named, 1, 12))),
            ("Cau 1 (0,5 diem): x", Some((Style::Named, 1, 18))),
            ("Cau 1. [TH] x", Some((Style::Named, 1, 12))),
            ("Bai 2. x", Some((Style::Exercise, 2, 7))),
            ("7. x", Some((Style::Bare, 7, 3))),
            ("7) x", Some((Style::Bare, 7, 3))),
            ("1.5 kg", None),
            ("Cau 1 den cau 5 dung", None),
            ("Cau 1 va 2", None),
            ("Cau 2.13: x", Some((Style::Named, 13, 10))),
            ("Cau 2: -4,5", Some((Style::Named, 2, 7))),
            ("Cau 2 - Thu", Some((Style::Named, 2, 8))),
            ("Cau 5 sai vi", None),
            ("Cau nay", None),
        ];
        for (text, expected) in table {
            assert_eq!(question(text).map(|sign| (sign.style, sign.number, sign.body)), expected, "{text}");
        }
    }

    #[test]
    fn shared_texts_say_which_questions_they_are_for() {
        for (text, expected) in [
            ("Doc doan van sau va tra loi cac cau hoi tu 1 den 5", Some((1, 5))),
            ("Read the following passage and mark the letter A, B, C or D to answer questions from 31 to 35", Some((31, 35))),
            ("Dua vao bang so lieu tra loi cau 3, 4", Some((3, 4))),
            ("Su dung thong tin sau cho cau 3 va cau 4:", Some((3, 4))),
            ("Questions 1-5: choose", Some((1, 5))),
            ("Cau 3", None),
        ] {
            assert_eq!(range(text), expected, "{text}");
        }
    }

    #[test]
    fn headings_of_the_2025_parts_say_their_kind() {
        for (text, ordinal, kind) in [
            ("PHAN I. Cau trac nghiem nhieu phuong an lua chon.", Some(1), Some(QuestionType::SingleChoice)),
            ("PHAN II. Cau trac nghiem dung sai. Thi sinh tra loi tu cau 1 den cau 4.", Some(2), Some(QuestionType::TrueFalse)),
            ("Phan III. Cau trac nghiem tra loi ngan", Some(3), Some(QuestionType::ShortAnswer)),
            ("B. TU LUAN", Some(2), Some(QuestionType::Essay)),
            ("II. PHAN TU LUAN (3 diem)", Some(2), Some(QuestionType::Essay)),
        ] {
            let sign = part(text).unwrap();
            assert_eq!((sign.ordinal, sign.kind), (ordinal, kind), "{text}");
        }
        assert_eq!(part("Cho ham so y = f(x)"), None);
    }
}
