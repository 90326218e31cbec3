//! Parts, shared texts and questions as they begin.

use super::super::line::Line;
use super::super::points::Said;
use super::super::signs::{self, PartSign, QuestionSign, Style};
use super::super::writing::Bit;
use super::{Block, Cutter, Explaining, Group, Keyed, Shared, Target, labels};

impl<'a> Cutter<'a> {
    pub(super) fn begin_part(&mut self, line: &'a Line, sign: PartSign) {
        if self.keyed == Keyed::Yes && (self.sheet > 0 || !self.out.key_texts.is_empty()) {
            self.key_part = sign.ordinal.or(self.key_part);
        }
        if self.keyed == Keyed::Yes && self.sheet == 0 && sign.ordinal == Some(1) && !self.out.blocks.is_empty() {
            self.sheet += 1;
        }
        self.close();
        self.out.groups.push(Group { said: Said::heading(line), ..Group::of(self.sheet, Some(sign)) });
        let plain = line.plain.as_str();
        let shares = signs::range(plain).is_some() || signs::INSTRUCTION.is_match(plain) || signs::READING.is_match(plain);
        if shares && sign.kind.is_none() && !signs::CANDIDATE.is_match(plain) && self.sheet == 0 {
            self.begin_passage(line, signs::range(plain));
        } else {
            self.leave(line);
        }
    }

    pub(super) fn begin_passage(&mut self, line: &'a Line, range: Option<(u32, u32)>) {
        self.out.passages.push(Shared { bits: vec![Bit::Text(line.whole())], range });
        self.passage = Some(self.out.passages.len() - 1);
        self.target = Target::Passage;
        self.seen = 0;
        self.explaining = Explaining::Not;
    }

    pub(super) fn begin_question(&mut self, line: &'a Line, sign: QuestionSign) {
        let restarts = sign.number == 1 && self.last.is_some_and(|(_, number)| number > 1);
        if self.keyed == Keyed::Yes && self.sheet == 0 && !self.out.blocks.is_empty() && restarts {
            self.sheet += 1;
            self.close();
            self.out.groups.push(Group::of(self.sheet, None));
        } else if restarts {
            // Numbers start again without a heading that was understood.
            let passage = self.passage.filter(|_| self.target == Target::Passage);
            self.close();
            self.passage = passage;
            self.out.groups.push(Group::of(self.sheet, None));
        }
        if self.out.groups.last().is_none_or(|group| group.sheet != self.sheet) {
            self.out.groups.push(Group::of(self.sheet, None));
        }
        if self.target == Target::Nothing && self.passage.is_none() && self.sheet == 0 {
            self.adopt_text_before();
        }
        let passage = self.passage.filter(|passage| {
            self.out
                .passages
                .get(*passage)
                .is_some_and(|shared| shared.range.is_none_or(|(first, last)| (first..=last).contains(&sign.number)))
        });
        if passage.is_none() {
            self.passage = None;
        }
        self.last = Some((sign.style, sign.number));
        self.bare = if sign.style == Style::Bare { sign.number } else { 0 };
        self.list = line.list.filter(|_| line.automatic > 0);
        self.explaining = Explaining::Not;
        self.target = Target::Block;
        let body = line.from(sign.body);
        self.seen = labels(body.plain());
        let bits = if body.is_blank() { Vec::new() } else { vec![Bit::Text(body)] };
        self.out.blocks.push(Block {
            sheet: self.sheet,
            group: self.out.groups.len().saturating_sub(1),
            sign,
            paragraph: line.paragraph,
            bits,
            passage,
        });
    }

    /// Long texts and tables between a heading and its first question are shared by its questions.
    pub(super) fn adopt_text_before(&mut self) {
        let headed = self.out.groups.last().is_some_and(|group| group.sign.is_some());
        if !headed {
            return;
        }
        let mut taken: Vec<Bit<'a>> = Vec::new();
        while let Some([bit]) = self.out.left.last().map(Vec::as_slice) {
            let plain = match bit {
                Bit::Text(slice) => slice.plain(),
                Bit::Table(_) => "",
            };
            let heading = signs::part(plain).is_some()
                || signs::CANDIDATE.is_match(plain)
                || signs::NO_AID.is_match(plain)
                || signs::FOOTER.is_match(plain)
                || signs::END.is_match(plain);
            if heading {
                break;
            }
            taken.extend(self.out.left.pop().into_iter().flatten());
        }
        taken.reverse();
        let length: usize = taken.iter().map(|bit| if let Bit::Text(slice) = bit { slice.plain().len() } else { 200 }).sum();
        if length >= 200 {
            self.out.passages.push(Shared { bits: taken, range: None });
            self.passage = Some(self.out.passages.len() - 1);
        } else {
            self.out.left.extend(taken.into_iter().map(|bit| vec![bit]));
        }
    }
}
