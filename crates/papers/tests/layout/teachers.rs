//! Papers as teachers type them, one after another in `teachers*.txt`: `=== name | keys | doubts`, the
//! lines of the paper, and what else must be so behind `?`.

use papers::model::{Address, Paper, Question};

use crate::sheet::{doubts, keys, paper, report};
use crate::word;

fn asked<'p>(paper: &'p Paper, place: &str) -> &'p Question {
    let (part, number) = place.split_once('.').map_or((None, place), |(part, number)| (part.parse().ok(), number));
    let number = number.parse().ok();
    let fits = |address: Address| address.number == number && (part.is_none() || address.part == part);
    paper.questions.iter().find(|question| fits(question.address)).unwrap_or_else(|| panic!("there is no question {place}"))
}

/// What a question says in a field.
fn said(paper: &Paper, field: &str, place: &str) -> String {
    if field == "option" || field == "statement" {
        let (place, label) = place.rsplit_once('.').unwrap();
        let question = asked(paper, place);
        let options = question.options.iter().map(|option| (option.label.as_str(), &option.content));
        let statements = question.statements.iter().map(|statement| (statement.label.as_str(), &statement.content));
        let found = options.chain(statements).find(|(own, _)| *own == label);
        return found.map(|(_, content)| content.to_text()).unwrap_or_default();
    }
    let question = asked(paper, place);
    match field {
        "stem" => question.stem.to_text().replace('\n', " ⏎ "),
        "stemhtml" => question.stem.to_html(),
        "explanation" => question.explanation.as_ref().map(|rich| rich.to_text().replace('\n', " ⏎ ")).unwrap_or_default(),
        "passage" => question.passage.clone().unwrap_or_else(|| "-".to_owned()),
        "passagetext" => paper
            .passages
            .iter()
            .find(|passage| Some(&passage.id) == question.passage.as_ref())
            .map(|passage| passage.content.to_text().replace('\n', " ⏎ "))
            .unwrap_or_default(),
        "level" => question.level.map_or("-", papers::model::Level::word).to_owned(),
        "levels" => question.statements.iter().map(|one| one.level.map_or("-", papers::model::Level::word)).collect::<Vec<_>>().join(" "),
        "kind" => format!("{:?}", question.kind),
        "points" => question.points.map(|points| points.to_string()).unwrap_or_default(),
        "options" => question.options.len().to_string(),
        other => panic!("no field {other}"),
    }
}

fn check(head: &str, body: &str, paper: impl Fn(&str) -> Paper) -> Result<(), String> {
    let mut fields = head.split(" | ");
    let (_, expected) = (fields.next(), fields.next().unwrap_or_default().trim());
    let allowed: Vec<&str> = fields.next().unwrap_or_default().split_whitespace().collect();
    let (lines, checks): (Vec<&str>, Vec<&str>) = body.lines().partition(|line| !line.starts_with("? "));
    let paper = paper(&lines.join("\n"));
    let mut wrong = Vec::new();
    if keys(&paper) != expected {
        wrong.push(format!("keys {}\n wanted {expected}", keys(&paper)));
    }
    let told = doubts(&paper);
    if told != allowed {
        wrong.push(format!("doubts {told:?}"));
    }
    for line in checks {
        let line = line.trim_start_matches("? ");
        let (left, right, inside) = match line.split_once(" = ") {
            Some((left, right)) => (left, right, false),
            None => line.split_once(" ~ ").map(|(left, right)| (left, right, true)).unwrap(),
        };
        let (field, place) = left.split_once(' ').unwrap();
        let found = std::panic::catch_unwind(|| said(&paper, field, place)).unwrap_or_else(|_| "no such question".to_owned());
        if if inside { !found.contains(right) } else { found != right } {
            wrong.push(format!("{left}: {found:?}, wanted {right:?}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("=== {head}\n{}\n{}", wrong.join("\n"), report(&paper))) }
}

/// Checks every paper of some texts.
fn check_all(texts: &[&str], least: usize, paper: impl Fn(&str) -> Paper) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for one in texts.iter().flat_map(|text| text.split("=== ")).filter(|one| !one.trim().is_empty()) {
        let (head, body) = one.split_once('\n').unwrap();
        count += 1;
        wrong.extend(check(head, body, &paper).err());
    }
    assert!(count >= least, "{count}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n\n"));
}

const TEACHERS: [&str; 6] = [
    include_str!("teachers.txt"),
    include_str!("teachers2.txt"),
    include_str!("teachers3.txt"),
    include_str!("teachers4.txt"),
    include_str!("teachers5.txt"),
    include_str!("teachers6.txt"),
];

#[test]
fn papers_are_read_as_teachers_type_them() {
    check_all(&TEACHERS, 30, paper);
}

#[test]
fn the_same_papers_as_word_files_are_read_the_same() {
    check_all(&TEACHERS, 30, word::paper);
}

#[test]
fn papers_in_word_files_are_read_as_teachers_type_them() {
    check_all(
        &[include_str!("word1.txt"), include_str!("word2.txt"), include_str!("word3.txt"), include_str!("word4.txt")],
        60,
        word::paper,
    );
}
