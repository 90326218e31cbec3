//! From a draft to a question: its key settled from every source, its doubts told.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Address, Answer, Choice, Entry, Paper, Question, QuestionType, Statement};
use crate::rich::Rich;

use super::doubts::{doubt, hint};
use super::draft::{Claim, Draft, Source};
use super::keys::Value;
use super::looks::asks_for_many;
use super::missing;
use super::signs::pattern;
use super::writing::{Bit, rich};

static PINNED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:(?:tat ca|moi|ca)\s+(?:cac\s+)?(?:[234]|hai|ba|bon|dap an|phuong an|y|cau|deu|tren|phat bieu|menh de|khang dinh|y kien)\b.*|(?:ca\s+)?[abcd]\s*(?:,\s*[abcd]\s*)*(?:,|va|and|&|hoac)\s*[abcd]\b.{0,30}|all (?:of )?(?:the )?(?:above|answers?|are correct).*|none of (?:the )?(?:above|these|them).*|both\s+[abcd]\s+and\s+[abcd].*|(?:khong co )(?:dap an|phuong an|cau|y|khang dinh)\b.*(?:dung|nao|tren).*|(?:mot|dap an|phuong an|ket qua) khac.*|ca (?:ba|hai|bon|3|2|4)\b.*|.*(?:deu (?:dung|sai)))\W*$",
    )
});
static UNIT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^[\s\x01~=]*-?\d[\d.,\s]*(?:\s*/\s*\d+)?\s*([a-z%\x01][a-z0-9%/\x01^.]*)\s*$"));
static THOUSANDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*-?\d{1,3}(?:[. ]\d{3})+(?:,\d+)?\s*$"));

/// Makes the question of a draft and tells its doubts.
pub(crate) fn question(draft: &Draft<'_>, passage: Option<&(String, Rich)>, paper: &mut Paper) -> Question {
    let kind = kind(draft);
    let mut question = Question::new(kind);
    question.address = Address { part: draft.part, number: Some(draft.number()), paragraph: Some(draft.block.paragraph) };
    question.stem = rich(&draft.stem);
    question.level = draft.level;
    question.points = draft.block.sign.points.map(|points| points.normalize());
    question.passage = passage.map(|(id, _)| id.clone());
    let explanation = rich(&draft.explanation);
    question.explanation = (!explanation.is_empty()).then_some(explanation);
    match kind {
        QuestionType::SingleChoice => choices(draft, &mut question, &mut paper.report),
        QuestionType::TrueFalse => statements(draft, &mut question, &mut paper.report),
        QuestionType::ShortAnswer => answers(draft, &mut question, &mut paper.report),
        _ => essay(draft, &mut question),
    }
    unplaced_answers(draft, &question, &mut paper.report);
    question.settle_key();
    shape_doubts(draft, &question, passage.map(|(_, content)| content), &mut paper.report);
    question
}

/// The kind, now that keys from everywhere are known.
pub(crate) fn kind(draft: &Draft<'_>) -> QuestionType {
    if let Some(kind) = draft.kind {
        return kind;
    }
    let says = |test: fn(&Value) -> bool| draft.claims.iter().any(|claim| test(&claim.value));
    if says(|value| matches!(value, Value::Letters(_))) {
        QuestionType::SingleChoice
    } else if says(|value| matches!(value, Value::Truths(_) | Value::Truth(..))) {
        QuestionType::TrueFalse
    } else if says(|value| matches!(value, Value::Text(_))) {
        QuestionType::ShortAnswer
    } else {
        draft.announced.unwrap_or(QuestionType::Essay)
    }
}

/// Different letters said by different sources.
fn letters(draft: &Draft<'_>) -> Vec<Vec<char>> {
    let mut out: Vec<Vec<char>> = Vec::new();
    for claim in &draft.claims {
        if let Value::Letters(letters) = &claim.value {
            let mut letters = letters.clone();
            letters.sort_unstable();
            letters.dedup();
            if !out.contains(&letters) {
                out.push(letters);
            }
        }
    }
    out
}

fn choices(draft: &Draft<'_>, question: &mut Question, report: &mut Vec<Entry>) {
    let address = question.address;
    for choice in &draft.choices {
        let content = rich(&choice.content);
        let pinned = PINNED.is_match(&super::keys::plain_of(content.to_text().trim()));
        question.options.push(Choice { label: choice.label.letter.to_string(), content, pinned, ..Choice::default() });
    }
    let said = letters(draft);
    match said.as_slice() {
        [] => {}
        [one] => key_choices(draft, question, one, report),
        many => {
            let list: Vec<String> = many.iter().map(|letters| letters.iter().collect()).collect();
            let message = format!("các nguồn đáp án nói khác nhau ({}). Đáp án được để trống; hãy chọn đáp án đúng.", list.join(" / "));
            report.push(doubt("key-conflict", address, &message).with("keys", list.join(" / ")));
        }
    }
    if draft.choices.is_empty() {
        report.push(doubt("options-missing", address, "không tìm thấy các phương án. Hãy kiểm tra nhãn A, B, C, D hoặc đổi loại câu hỏi."));
    }
}

fn key_choices(draft: &Draft<'_>, question: &mut Question, letters: &[char], report: &mut Vec<Entry>) {
    let address = question.address;
    let known = |letter: &char| question.options.iter().any(|option| option.label.starts_with(*letter));
    let doubtful = draft.chain.repeated.is_some_and(|letter| {
        let next = char::from_u32(u32::from(letter) + 1);
        letters.contains(&letter) || next.is_some_and(|next| letters.contains(&next))
    });
    let shown: String = letters.iter().collect();
    if !letters.iter().all(known) {
        if !draft.choices.is_empty() {
            report.push(
                doubt(
                    "key-letter-unknown",
                    address,
                    &format!("đáp án là {shown} nhưng câu không có phương án đó. Hãy kiểm tra các phương án."),
                )
                .with("key", shown),
            );
        } else {
            report.push(
                hint("key-not-placed", address, &format!("đáp án được ghi là {shown}, nhưng chưa đọc được các phương án."))
                    .with("key", shown),
            );
        }
        return;
    }
    if doubtful {
        report.push(
            doubt("key-letter-repeated", address, &format!("đáp án là {shown} nhưng nhãn phương án bị lặp. Hãy chọn đáp án đúng."))
                .with("key", shown),
        );
        return;
    }
    if letters.len() > 1 {
        if !asks_for_many(draft) && letters.len() == question.options.len() {
            report.push(doubt("key-unclear", address, "mọi phương án đều được đánh dấu là đúng. Đáp án được để trống."));
            return;
        }
        question.kind = QuestionType::MultipleChoice;
        if !asks_for_many(draft) {
            report.push(
                doubt("several-keys", address, &format!("có nhiều đáp án đúng ({shown}); câu được đọc là câu chọn nhiều. Hãy kiểm tra."))
                    .with("key", shown),
            );
        }
    }
    for option in &mut question.options {
        option.correct = Some(option.label.chars().next().is_some_and(|label| letters.contains(&label)));
    }
}

fn statements(draft: &Draft<'_>, question: &mut Question, report: &mut Vec<Entry>) {
    let address = question.address;
    if draft.table_statements.is_empty() {
        for statement in &draft.statements {
            let label = statement.label.letter.to_string();
            question.statements.push(Statement {
                label,
                content: rich(&statement.content),
                level: statement.level,
                ..Statement::default()
            });
        }
    } else {
        for statement in &draft.table_statements {
            question.statements.push(Statement {
                label: statement.label.to_string(),
                content: statement.content.clone(),
                correct: statement.correct,
                ..Statement::default()
            });
        }
    }
    // A sentence to be judged by itself.
    let alone = draft.claims.iter().any(|claim| matches!(&claim.value, Value::Truths(truths) if truths.len() == 1));
    if question.statements.is_empty() && (alone || draft.block.sign.style == super::signs::Style::Bare) {
        question.statements.push(Statement { label: "a".to_owned(), ..Statement::default() });
    }
    if question.statements.is_empty() {
        report.push(doubt("statements-missing", address, "không tìm thấy các ý a), b), c), d). Hãy kiểm tra nhãn của các ý."));
        return;
    }
    let count = question.statements.len();
    let mut conflicts: Vec<String> = Vec::new();
    for (at, statement) in question.statements.iter_mut().enumerate() {
        let mut said: Vec<bool> = statement.correct.into_iter().collect();
        for Claim { value, .. } in &draft.claims {
            let truth = match value {
                Value::Truths(truths) if truths.len() == count => truths.get(at).copied(),
                Value::Truth(letter, truth) if statement.label.starts_with(*letter) => Some(*truth),
                _ => None,
            };
            if let Some(truth) = truth.filter(|truth| !said.contains(truth)) {
                said.push(truth);
            }
        }
        statement.correct = match said.as_slice() {
            [one] => Some(*one),
            [] => None,
            _ => {
                conflicts.push(statement.label.clone());
                None
            }
        };
    }
    if !conflicts.is_empty() {
        let list = conflicts.join(", ");
        let message = format!("các nguồn đáp án nói khác nhau ở ý {list}. Đáp án của ý đó được để trống; hãy chọn Đúng hoặc Sai.");
        report.push(doubt("key-conflict", address, &message).with("statements", list));
    }
    if draft.claims.iter().any(|claim| matches!(&claim.value, Value::Truths(truths) if truths.len() != count)) {
        report.push(doubt("key-length", address, "số đáp án Đúng/Sai không bằng số ý của câu. Hãy kiểm tra."));
    }
}

fn answers(draft: &Draft<'_>, question: &mut Question, report: &mut Vec<Entry>) {
    let address = question.address;
    let mut said: Vec<String> = Vec::new();
    for claim in &draft.claims {
        let text = match &claim.value {
            Value::Text(text) => text.clone(),
            Value::Letters(letters) => letters.iter().collect(),
            Value::Truths(truths) => truths.iter().map(|truth| if *truth { 'Đ' } else { 'S' }).collect(),
            Value::Truth(..) => continue,
        };
        if !said.iter().any(|other| same_answer(other, &text)) {
            said.push(text);
        }
    }
    let text = match said.as_slice() {
        [] => return,
        [one] => one,
        many => {
            let list = many.join(" / ");
            let message = format!("các nguồn đáp án nói khác nhau ({list}). Đáp án được để trống; hãy ghi đáp án đúng.");
            report.push(doubt("key-conflict", address, &message).with("keys", list));
            return;
        }
    };
    for variant in text.split('|').map(str::trim).filter(|variant| !variant.is_empty()) {
        // The minus of typesetters is the one on the keyboard.
        let variant = match variant.strip_prefix(['−', '–']) {
            Some(rest) if rest.starts_with(|first: char| first.is_ascii_digit()) => format!("-{rest}"),
            _ => variant.to_owned(),
        };
        let plain = super::keys::plain_of(&variant);
        if let Some(unit) = UNIT.captures(&plain).and_then(|found| found.get(1)) {
            let unit: String = variant.chars().skip(unit.start()).take(unit.len()).collect();
            let message =
                format!("đáp án “{variant}” có đơn vị. Học sinh phải gõ đúng như vậy; nếu chỉ chấm số, hãy bỏ “{unit}” khỏi đáp án.");
            report.push(doubt("answer-with-unit", address, &message).with("answer", &variant));
        } else if variant.starts_with(['≈', '~']) {
            let message = format!("đáp án “{variant}” là số gần đúng. Hãy ghi số cần chấm, thêm các cách ghi khác sau dấu |.");
            report.push(doubt("answer-approximate", address, &message).with("answer", &variant));
        } else if THOUSANDS.is_match(&plain) {
            let message = format!("đáp án “{variant}” có dấu tách hàng nghìn hay là số thập phân? Hãy kiểm tra.");
            report.push(doubt("answer-separator", address, &message).with("answer", &variant));
        }
        question.answers.push(Answer { text: variant, ..Answer::default() });
    }
}

fn same_answer(a: &str, b: &str) -> bool {
    let bare = |text: &str| {
        text.chars().filter(|letter| !letter.is_whitespace() && *letter != '$').collect::<String>().replace(',', ".").to_lowercase()
    };
    bare(a) == bare(b)
}

/// An essay's short answer is part of its solution.
fn essay(draft: &Draft<'_>, question: &mut Question) {
    for claim in &draft.claims {
        if let Value::Text(text) = &claim.value {
            question.explanation.get_or_insert_default().append(Rich::plain(&format!("Đáp số: {text}")));
        }
    }
}

/// Answers of another kind than the question.
fn unplaced_answers(draft: &Draft<'_>, question: &Question, report: &mut Vec<Entry>) {
    for claim in draft.claims.iter().filter(|claim| claim.source != Source::Solution) {
        let said = match (question.kind, &claim.value) {
            (QuestionType::SingleChoice | QuestionType::MultipleChoice | QuestionType::TrueFalse, Value::Text(text)) => text.clone(),
            (QuestionType::TrueFalse | QuestionType::Essay, Value::Letters(letters)) => letters.iter().collect(),
            (QuestionType::SingleChoice | QuestionType::MultipleChoice | QuestionType::Essay, Value::Truths(truths)) => {
                truths.iter().map(|truth| if *truth { 'Đ' } else { 'S' }).collect()
            }
            _ => continue,
        };
        let message = format!("đáp án ghi là “{said}”, không hợp với loại câu hỏi nên không được dùng. Hãy kiểm tra.");
        report.push(doubt("answer-unplaced", question.address, &message).with("answer", said));
    }
}

/// Doubts about what was asked, whatever the key.
fn shape_doubts(draft: &Draft<'_>, question: &Question, passage: Option<&Rich>, report: &mut Vec<Entry>) {
    let address = question.address;
    if !draft.chain.missing.is_empty() {
        let list: String = draft.chain.missing.iter().collect();
        report.push(
            doubt(
                "option-label-missing",
                address,
                &format!("thiếu nhãn {list}. Nội dung của nó có thể nằm trong phương án đứng trước; hãy kiểm tra."),
            )
            .with("labels", list),
        );
    }
    // A question sign nobody understood may have stood between them.
    if draft.chain.second {
        report.push(doubt(
            "options-twice",
            address,
            "có hai bộ phương án A, B, C, D; bộ sau được đọc là phương án, bộ trước là phần dẫn. Hãy kiểm tra có thiếu câu ở giữa không.",
        ));
    }
    if let Some(letter) = draft.chain.repeated {
        report.push(
            doubt(
                "option-label-repeated",
                address,
                &format!("nhãn {letter} xuất hiện hai lần; nhãn sau được đọc là nhãn kế tiếp. Hãy kiểm tra."),
            )
            .with("label", letter),
        );
    }
    if question.options.len() == 1 || draft.statements.len() == 1 {
        report.push(doubt("option-alone", address, "chỉ đọc được một phương án. Hãy kiểm tra."));
    }
    for option in question.options.iter().filter(|option| option.content.is_empty()) {
        report.push(
            doubt(
                "option-empty",
                address,
                &format!(
                    "phương án {} không có nội dung. Nếu đó là hình hay công thức thì nó không chuyển được; hãy thêm lại.",
                    option.label
                ),
            )
            .with("label", &option.label),
        );
    }
    if question.stem.is_empty() && passage.is_none() {
        report.push(doubt("stem-empty", address, "không có phần dẫn. Hãy kiểm tra."));
    }
    if draft.kind.is_none() && question.options.is_empty() && question.kind == QuestionType::Essay && draft.announced.is_none() {
        report.push(doubt("type-unsure", address, "không có phương án và không có đáp án; câu được đọc là tự luận. Hãy kiểm tra."));
    }
    missing::tell(question, passage, address, report);
}

/// Everything a run of pieces says, for entries that keep what was left out.
pub(crate) fn text_of(bits: &[Bit<'_>]) -> String {
    rich(bits).to_text()
}
