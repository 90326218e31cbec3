//! All the texts of a question, whatever its kind.

use std::collections::BTreeMap;

use super::{Answer, Blank, Choice, Question};
use crate::rich::{Block, Inline, Rich};

impl Question {
    /// Every rich text of it, in the order a reader meets them.
    #[must_use]
    pub fn texts(&self) -> Vec<&Rich> {
        let mut all = vec![&self.stem];
        choices(&self.options, &mut all);
        for statement in &self.statements {
            all.push(&statement.content);
            all.extend(&statement.feedback);
        }
        for pair in &self.pairs {
            all.extend([&pair.left, &pair.right]);
        }
        all.extend(&self.items);
        answers(&self.answers, &mut all);
        for Blank { options, answers: own, .. } in &self.blanks {
            choices(options, &mut all);
            answers(own, &mut all);
        }
        all.extend(&self.hints);
        all.extend(self.feedback.values());
        all.extend(&self.explanation);
        all.extend(&self.rubric);
        all
    }

    /// The same to be changed.
    pub fn texts_mut(&mut self) -> Vec<&mut Rich> {
        let mut all = vec![&mut self.stem];
        choices_mut(&mut self.options, &mut all);
        for statement in &mut self.statements {
            all.push(&mut statement.content);
            all.extend(&mut statement.feedback);
        }
        for pair in &mut self.pairs {
            all.extend([&mut pair.left, &mut pair.right]);
        }
        all.extend(&mut self.items);
        answers_mut(&mut self.answers, &mut all);
        for Blank { options, answers: own, .. } in &mut self.blanks {
            choices_mut(options, &mut all);
            answers_mut(own, &mut all);
        }
        all.extend(&mut self.hints);
        all.extend(self.feedback.values_mut());
        all.extend(&mut self.explanation);
        all.extend(&mut self.rubric);
        all
    }

    /// Ids of the pictures and sounds it shows, each once, in the order a reader meets them.
    #[must_use]
    pub fn media_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for text in self.texts() {
            text.each_inline(&mut |inline| {
                if let Inline::Media { id, .. } = inline
                    && !ids.contains(id)
                {
                    ids.push(id.clone());
                }
            });
        }
        ids
    }

    /// Gives pictures and sounds other ids; those not named keep theirs.
    pub fn rename_media(&mut self, names: &BTreeMap<String, String>) {
        for text in self.texts_mut() {
            text.rename_media(names);
        }
    }

    /// Everything it says, a line each: its texts and accepted answers, for finding and
    /// comparing.
    #[must_use]
    pub fn plain_text(&self) -> String {
        self.lines(Rich::to_text)
    }

    /// The same for reading: lowered and raised digits as their own signs, `H₂O`.
    #[must_use]
    pub fn shown_text(&self) -> String {
        self.lines(Rich::to_shown_text)
    }

    fn lines(&self, text: impl Fn(&Rich) -> String) -> String {
        let mut lines: Vec<String> = self.texts().into_iter().map(text).collect();
        let typed = self.blanks.iter().flat_map(|blank| &blank.answers).chain(&self.answers);
        lines.extend(typed.map(|answer| answer.text.clone()));
        lines.retain(|line| !line.trim().is_empty());
        lines.join("\n")
    }
}

impl Rich {
    /// Ids of the pictures and sounds in it, in order; one that stands twice comes twice.
    #[must_use]
    pub fn media_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        self.each_inline(&mut |inline| {
            if let Inline::Media { id, .. } = inline {
                ids.push(id.clone());
            }
        });
        ids
    }

    /// Gives pictures and sounds other ids; those not named keep theirs.
    pub fn rename_media(&mut self, names: &BTreeMap<String, String>) {
        for block in &mut self.blocks {
            match block {
                Block::Paragraph(inlines) => rename(inlines, names),
                Block::List { items, .. } => items.iter_mut().for_each(|item| item.rename_media(names)),
                Block::Table(rows) => rows.iter_mut().flatten().for_each(|cell| cell.content.rename_media(names)),
                Block::Code(_) => {}
            }
        }
    }
}

fn rename(inlines: &mut [Inline], names: &BTreeMap<String, String>) {
    for inline in inlines {
        match inline {
            Inline::Media { id, .. } => {
                if let Some(name) = names.get(id) {
                    id.clone_from(name);
                }
            }
            Inline::Link { content, .. } => rename(content, names),
            _ => {}
        }
    }
}

fn choices<'a>(choices: &'a [Choice], all: &mut Vec<&'a Rich>) {
    for choice in choices {
        all.push(&choice.content);
        all.extend(&choice.feedback);
    }
}

fn choices_mut<'a>(choices: &'a mut [Choice], all: &mut Vec<&'a mut Rich>) {
    for choice in choices {
        all.push(&mut choice.content);
        all.extend(&mut choice.feedback);
    }
}

fn answers<'a>(answers: &'a [Answer], all: &mut Vec<&'a Rich>) {
    all.extend(answers.iter().filter_map(|answer| answer.feedback.as_ref()));
}

fn answers_mut<'a>(answers: &'a mut [Answer], all: &mut Vec<&'a mut Rich>) {
    all.extend(answers.iter_mut().filter_map(|answer| answer.feedback.as_mut()));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::model::{Answer, Blank, BlankType, Choice, Pair, Question, QuestionType};
    use crate::rich::{Inline, MediaKind, Rich};

    fn picture(id: &str) -> Rich {
        Rich::paragraph(vec![
            Inline::text("Hình "),
            Inline::Media { id: id.to_owned(), kind: MediaKind::Picture, alt: String::new(), width: None },
        ])
    }

    #[test]
    fn lowered_digits_are_signs_to_be_read_and_digits_to_be_found() {
        let mut question = Question::new(QuestionType::Essay);
        question.stem =
            crate::rich::from_html("K<sub>2</sub>SO<sub>4</sub>, Fe<sup>3+</sup>, v<sub>max</sub>", &mut crate::rich::HtmlContext::ours());
        assert_eq!(question.shown_text(), "K₂SO₄, Fe³⁺, vmax");
        assert_eq!(question.plain_text(), "K2SO4, Fe3+, vmax");
    }

    #[test]
    fn media_are_found_and_renamed_wherever_they_stand() {
        let mut question = Question::new(QuestionType::Cloze);
        question.stem = picture("img1");
        question.pairs.push(Pair { left: picture("img2"), right: picture("img1") });
        let option = Choice { content: picture("img3"), feedback: Some(picture("img4")), ..Choice::default() };
        let answers = vec![Answer { text: "12,5".to_owned(), ..Answer::default() }];
        question.blanks.push(Blank { kind: BlankType::SingleChoice, options: vec![option], answers, points: None, case_sensitive: None });
        question.rubric = Some(picture("img5"));
        assert_eq!(question.media_ids(), ["img1", "img2", "img3", "img4", "img5"]);
        let names = BTreeMap::from([("img1".to_owned(), "img2".to_owned()), ("img2".to_owned(), "img1".to_owned())]);
        question.rename_media(&names);
        assert_eq!(question.media_ids(), ["img2", "img1", "img3", "img4", "img5"]);
        let text = question.plain_text();
        assert!(text.starts_with("Hình [image:img2]\n") && text.ends_with("\n12,5"), "{text}");
    }
}
