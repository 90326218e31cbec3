//! Answers in few letters, by the author's order: `B`, `ĐSĐ-` (in English `TFT-`), `1-C; 2-A`.

use scoring::{BlankResponse, BlankSolution, Permutation, Response, Shape, Solution};

use super::book_words::BookWords;
use crate::tests::LoadedPaper;

fn letter(place: u8) -> char {
    char::from(b'A' + place % 26)
}

/// The author's place of a neutral index.
fn author(permutation: &Permutation, group: usize, neutral: u8) -> u8 {
    permutation.group(group).get(usize::from(neutral)).copied().unwrap_or(neutral)
}

fn letters(permutation: &Permutation, group: usize, chosen: &[u8]) -> String {
    let mut places: Vec<u8> = chosen.iter().map(|neutral| author(permutation, group, *neutral)).collect();
    places.sort_unstable();
    places.into_iter().map(letter).collect()
}

fn truths(permutation: &Permutation, words: &BookWords, said: impl Fn(u8) -> Option<bool>) -> String {
    let [right, wrong] = words.truth;
    let word = |said| match said {
        Some(true) => right,
        Some(false) => wrong,
        None => '-',
    };
    permutation.as_written(0).into_iter().map(|neutral| word(said(neutral))).collect()
}

fn pairs(permutation: &Permutation, right: impl Fn(u8) -> Option<u8>) -> String {
    // Right sides that say the same are one, so they are numbered by the author's order of those there are.
    let rights = permutation.as_written(1);
    let place = |neutral: u8| rights.iter().position(|right| *right == neutral).and_then(|place| u8::try_from(place).ok()).unwrap_or(0);
    let lefts = permutation.as_written(0);
    let told = (1..).zip(lefts).map(|(number, left)| match right(left) {
        Some(right) => format!("{number}-{}", letter(place(right))),
        None => format!("{number}--"),
    });
    told.collect::<Vec<_>>().join("; ")
}

fn order(permutation: &Permutation, sequence: &[u8]) -> String {
    let places = sequence.iter().map(|neutral| (u16::from(author(permutation, 0, *neutral)) + 1).to_string());
    places.collect::<Vec<_>>().join(", ")
}

/// What was answered to an item.
pub(super) fn said(paper: &LoadedPaper, item: u16, response: &Response, words: &BookWords) -> String {
    let Some(permutation) = paper.keyed.permutation(item) else { return String::new() };
    let at = |list: &[Option<u8>], index: u8| list.get(usize::from(index)).copied().flatten();
    match response {
        Response::Choice(chosen) => letters(permutation, 0, &[*chosen]),
        Response::Choices(chosen) => letters(permutation, 0, chosen),
        Response::Statements(said) => truths(permutation, words, |neutral| said.get(usize::from(neutral)).copied().flatten()),
        Response::Text(text) | Response::Essay(text) => text.clone(),
        Response::Work(work) => [work.text.clone(), format!("[{} {}]", work.photos.len(), words.photos)].join(" ").trim().to_owned(),
        Response::Pairs(chosen) => pairs(permutation, |left| at(chosen, left)),
        Response::Order(sequence) => order(permutation, sequence),
        Response::Blanks(gaps) => {
            let told = gaps.iter().enumerate().map(|(gap, said)| match said {
                None => "-".to_owned(),
                Some(BlankResponse::Choice(chosen)) => letters(permutation, gap, &[*chosen]),
                Some(BlankResponse::Choices(chosen)) => letters(permutation, gap, chosen),
                Some(BlankResponse::Text(text)) => text.clone(),
            });
            told.collect::<Vec<_>>().join("; ")
        }
    }
}

/// What is right in an item.
pub(super) fn key_of(paper: &LoadedPaper, item: u16, words: &BookWords) -> String {
    let Some((permutation, solution)) = paper.keyed.permutation(item).zip(paper.keyed.solution(item)) else { return String::new() };
    match solution {
        Solution::Options(right) if matches!(paper.shape(item), Some(Shape::Choice { .. })) => {
            let each: Vec<String> = right.iter().map(|right| letters(permutation, 0, &[*right])).collect();
            each.join("/")
        }
        Solution::Options(right) => letters(permutation, 0, &right),
        Solution::Statements(right) => truths(permutation, words, |neutral| right.get(usize::from(neutral)).copied()),
        Solution::Answers(answers) => answers.join(" / "),
        Solution::Pairs(rights) => pairs(permutation, |left| rights.get(usize::from(left)).copied()),
        Solution::Order(sequence) => order(permutation, &sequence),
        Solution::Blanks(gaps) => {
            let told = gaps.iter().enumerate().map(|(gap, right)| match right {
                BlankSolution::Options(right) => letters(permutation, gap, right),
                BlankSolution::Answers(answers) => answers.join(" / "),
            });
            told.collect::<Vec<_>>().join("; ")
        }
        Solution::ByHand => words.by_hand.to_owned(),
        Solution::Nothing => String::new(),
    }
}
