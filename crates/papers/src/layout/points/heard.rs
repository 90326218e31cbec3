//! What one line says of points.

use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use super::super::line::Line;
use super::super::signs::{self, pattern};

static POINTS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)(\d{1,3}(?:[.,]\d{1,4})?)\s*(diem|points?|pts?|marks?|d)\b"));
/// A number that is the end of another, of a fraction or of a range.
static GOES_ON: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:\w|\d\s*[.,/-]\s*|[.,/])$"));
/// `mỗi câu trả lời đúng thí sinh được`
static EACH_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:moi|tung|mot|0?1)\s+cau(?:\s+(?:hoi|trac nghiem|tra loi|lam|dung|chinh xac|hoan toan|thi sinh|hoc sinh|hs|ts|se|duoc|dat|tinh|cham|cho|la|co|gia tri|so diem|diem|toi da|tuong ung|ung voi))*\s*[:=(-]*|\b\d{1,3}\s*cau(?:\s+hoi)?\s*[x*]|\beach\s+(?:correct\s+)?(?:question|answer|item)(?:\s+(?:is|worth|carries|gets|scores|correct))*\s*[:=(-]*)\s*$",
    )
});
/// `/câu`, `cho mỗi câu`
static EACH_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:/\s*(?:0?1\s+)?(?:moi\s+)?(?:cau|question)\b|(?:cho\s+|tren\s+)?(?:moi|mot|tung|0?1)\s+cau\b|[x*]\s*\d{1,3}\s*cau\b|each\b|(?:per|for each|a)\s+(?:correct\s+)?(?:question|answer|item)\b)",
    )
});
/// Of statements: `chính xác 02 ý`, `/ý`.
static STEP_BEFORE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:moi|tung|mot|hai|ba|bon|ca|\d{1,2})\s+(?:lenh hoi|y)\b"));
static STEP_BEHIND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:/\s*|(?:cho\s+)?(?:moi|mot|tung)\s+)(?:0?1\s+)?(?:lenh hoi|y)\b"));
static TOTAL_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:[(\[:.,;=-]|\b(?:tong|diem|toi da|gom|trac nghiem|tu luan|khach quan|lua chon|dung sai|dung/sai|ngan|doc hieu|lam van)|\b(?:phan|part|section)\s+[ivx\d]+)\s*(?:la\s*)?:?\s*$",
    )
});
static TOTAL_BEHIND: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:$|[)\],;.:/=-])"));
/// The whole of a line below a heading.
static ONLY_TOTAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^[\s(\[*-]*(?:tong\s*(?:so\s*)?(?:diem\s*)?:?\s*)?$"));
static COUNT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)(?:^|[^\w.,])(\d{1,3})\s*cau\b"));

/// Something said once, or several times the same.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Heard {
    #[default]
    Nothing,
    Is(Decimal),
    /// Different things were said.
    Unclear,
}

impl Heard {
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, only) | (only, Self::Nothing) => only,
            (Self::Is(one), Self::Is(same)) if one == same => self,
            _ => Self::Unclear,
        }
    }
}

/// What the words over questions say of their points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Said {
    /// Of one question.
    pub each: Heard,
    /// Of all of them.
    pub total: Heard,
    /// How many there are said to be.
    pub count: Option<u32>,
}

impl Said {
    pub fn is_empty(&self) -> bool {
        self.each == Heard::Nothing && self.total == Heard::Nothing
    }

    /// Hears a heading's own line.
    pub fn heading(line: &Line) -> Self {
        let mut said = Self { count: count(&line.plain), ..Self::default() };
        said.hear(line, Place::Heading);
        said
    }

    /// Hears a line between a heading and its first question.
    pub fn below(&mut self, line: &Line) {
        self.count = self.count.or_else(|| signs::CANDIDATE.is_match(&line.plain).then(|| count(&line.plain)).flatten());
        self.hear(line, Place::Below);
    }

    /// Hears a line above every heading: only what it says of one question counts.
    pub fn head(&mut self, line: &Line) {
        self.hear(line, Place::Head);
    }

    fn hear(&mut self, line: &Line, place: Place) {
        let plain = line.plain.as_str();
        let found: Vec<_> = POINTS.captures_iter(plain).filter_map(|found| Some((found.get(1)?, found.get(2)?))).collect();
        // `d` stands for points only where it was `đ`.
        let real = |unit: &regex::Match<'_>| unit.len() > 1 || matches!(line.chars.get(unit.start()), Some('đ' | 'Đ'));
        let found: Vec<_> = found.into_iter().filter(|(_, unit)| real(unit)).collect();
        let before = |at: usize| {
            let from = at.checked_sub(1).and_then(|at| found.get(at)).map_or(0, |(_, unit)| unit.end());
            found.get(at).and_then(|(number, _)| plain.get(from..number.start())).unwrap_or_default()
        };
        for (at, (number, unit)) in found.iter().enumerate() {
            let (words, behind) = (before(at), plain.get(unit.end()..).unwrap_or_default());
            if STEP_BEFORE.is_match(words) || STEP_BEHIND.is_match(behind) {
                continue;
            }
            // `mỗi câu` behind one number may belong to the next.
            let is_each = EACH_BEFORE.is_match(words) || EACH_BEHIND.is_match(behind) && !EACH_BEFORE.is_match(before(at + 1));
            let is_total = match place {
                Place::Heading => TOTAL_BEFORE.is_match(words) && TOTAL_BEHIND.is_match(behind),
                Place::Below => {
                    found.len() == 1 && ONLY_TOTAL.is_match(words) && behind.trim_matches([' ', ')', ']', '.', ':', '*']).is_empty()
                }
                Place::Head => false,
            };
            let heard = match value(number.as_str()).filter(|_| !GOES_ON.is_match(plain.get(..number.start()).unwrap_or_default())) {
                Some(value) => Heard::Is(value),
                None => Heard::Unclear,
            };
            if is_each {
                self.each = self.each.and(heard);
            } else if is_total {
                self.total = self.total.and(heard);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Heading,
    Below,
    Head,
}

fn value(number: &str) -> Option<Decimal> {
    number.replace(',', ".").parse().ok().filter(|value: &Decimal| !value.is_zero())
}

/// How many questions a heading says it has: `Gồm 12 câu`, `từ câu 1 đến câu 12`.
fn count(plain: &str) -> Option<u32> {
    if let Some((first, last)) = signs::range(plain) {
        return Some(last - first + 1);
    }
    COUNT.captures(plain)?.get(1)?.as_str().parse().ok().filter(|count| *count > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Look, Paragraph, Part};

    fn line(text: &str) -> Line {
        let paragraph = Paragraph { number: 1, label: None, parts: vec![Part::Text(text.to_owned(), Look::default())] };
        super::super::super::line::lines(&paragraph).remove(0)
    }

    fn said(text: &str) -> String {
        let said = Said::heading(&line(text));
        let word = |heard: Heard| match heard {
            Heard::Nothing => "-".to_owned(),
            Heard::Is(value) => value.normalize().to_string(),
            Heard::Unclear => "?".to_owned(),
        };
        format!("{} {}", word(said.each), word(said.total))
    }

    #[test]
    fn headings_say_points_in_every_way_teachers_write() {
        for (text, expected) in [
            ("PHẦN I (3,0 điểm)", "- 3"),
            ("Phần II. Câu trắc nghiệm đúng sai (4 điểm)", "- 4"),
            ("I. TRẮC NGHIỆM: 7,0 điểm", "- 7"),
            ("I-TRẮC NGHIỆM KHÁCH QUAN: 2 ĐIỂM", "- 2"),
            ("A. TRẮC NGHIỆM 7 ĐIỂM", "- 7"),
            ("A. TRẮC NGHIỆM (7đ)", "- 7"),
            ("I. TRẮC NGHIỆM: (4 điểm) Khoanh vào chữ cái đặt trước ý trả lời đúng.", "- 4"),
            ("I. PHẦN TRẮC NGHIỆM (7,0 điểm) – Gồm 28 câu", "- 7"),
            ("PHẦN I. (Mỗi câu trả lời đúng thí sinh được 0,25 điểm)", "0.25 -"),
            ("PHẦN III. Mỗi câu đúng được 0,5 điểm.", "0.5 -"),
            ("I. TRẮC NGHIỆM (0,25 điểm/câu)", "0.25 -"),
            ("I. TRẮC NGHIỆM (0,25đ/câu)", "0.25 -"),
            ("PHẦN I (3 điểm, mỗi câu 0,25 điểm)", "0.25 3"),
            ("PHẦN I (3 điểm mỗi câu 0,25 điểm)", "0.25 -"),
            ("PHẦN I (12 câu x 0,25 điểm = 3 điểm)", "0.25 3"),
            ("PHẦN I (12 câu × 0,25 điểm)", "0.25 -"),
            ("Phần II. Điểm tối đa của 01 câu hỏi là 1 điểm", "1 -"),
            ("Part 1 (0.2 points each)", "0.2 -"),
            ("PHẦN II. Đúng 1 ý được 0,1 điểm; đúng 2 ý được 0,25 điểm; đúng 3 ý được 0,5 điểm; đúng 4 ý được 1 điểm.", "- -"),
            ("PHẦN II. Mỗi ý đúng được 0,25 điểm", "- -"),
            ("PHẦN II (0,25 điểm/ý)", "- -"),
            ("PHẦN I. Mỗi câu hỏi thí sinh chỉ chọn một phương án (3,0 điểm)", "- 3"),
            ("PHẦN I. Câu 1–10 mỗi câu 0,2 điểm, câu 11–20 mỗi câu 0,3 điểm", "? -"),
            ("PHẦN I (0,25 - 0,5 điểm)", "- ?"),
            ("Dạng 1. Phương trình mặt phẳng đi qua 3 điểm", "- -"),
            ("Dạng 2: 3 điểm thẳng hàng", "- -"),
            ("Chủ đề 4: HÌNH HỌC 3D", "- -"),
            ("PHẦN I. TRẮC NGHIỆM", "- -"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_below_a_heading_say_points_only_plainly() {
        let mut below = Said::default();
        below.below(&line("Trong không gian cho 3 điểm A, B, C (2 điểm phân biệt)."));
        below.below(&line("- Thí sinh chỉ lựa chọn chính xác 01 ý trong 1 câu hỏi được 0,1 điểm."));
        assert!(below.is_empty());
        below.below(&line("(3,0 điểm)"));
        below.below(&line("Mỗi câu trả lời đúng thí sinh được 0,25 điểm."));
        assert_eq!((below.each, below.total), (Heard::Is(Decimal::new(25, 2)), Heard::Is(Decimal::from(3))));
    }
}
