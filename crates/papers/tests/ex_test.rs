//! LaTeX of the ex_test package.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests fail by panicking, and say what they skip")]

use papers::ex_test;
use papers::model::{Key, Level, Question, QuestionType};
use proptest::prelude::*;

const PAPER: &str = r"\documentclass{article}
\newcommand{\R}{\mathbb{R}}
\begin{document}
\section{PHẦN I. Trắc nghiệm} % một chú thích
\begin{ex}%[2D1H3-2]%[Đề thi thử, Sở Nghệ An]
Cho hàm số $y=f(x)$ xác định trên $\R$.% chú thích
 Mệnh đề nào \textbf{đúng}?
\choice
{$\heva{&x=1\\&y=2}$}
{\True $x \in \R$}
{50\% {lồng {nhau}}}
{Không}
\loigiai{
Ta có $1+1=2$.

Suy ra đúng.}
\end{ex}
\begin{ex}%[NB]
\immini{Xem hình bên.
\choice{a}{b}{c}{d}}
{\begin{tikzpicture}\draw (0,0) -- (1,1);\end{tikzpicture}}
\loigiai{Chọn C.}
\end{ex}
\section{PHẦN II}
\begin{ex}
Bảng sau:
\begin{center}
\begin{tabular}{|c|c|}\hline
$x$ & $y$ \\ \hline
\multicolumn{2}{|c|}{chung} \\ \hline
\end{tabular}
\end{center}
Gồm
\begin{itemize}
\item một
\item hai
\end{itemize}
\choiceTFt
{\True ý một}
{ý hai}
{\True ý ba}
{ý bốn}
\end{ex}
\section{PHẦN III}
\begin{ex}
Tính. \includegraphics[width=3cm]{hinh1.png}
\shortans[oly]{$12{,}5$}
\end{ex}
\begin{bt}
Chứng minh $a^2 \ge 0$.
\loigiai{Hiển nhiên.}
\end{bt}
\end{document}";

fn truths(question: &Question) -> Vec<Option<bool>> {
    question.statements.iter().map(|statement| statement.correct).collect()
}

#[test]
fn every_kind_of_question_is_read() {
    let paper = ex_test::read(PAPER.as_bytes()).unwrap();
    let [first, second, statements, short, essay] = paper.questions.as_slice() else { panic!("{:#?}", paper.questions) };
    assert_eq!((first.kind, first.key, first.level), (QuestionType::SingleChoice, Key::Known, Some(Level::Th)));
    assert_eq!((first.address.part, first.address.number), (Some(1), Some(1)));
    assert_eq!(first.stem.to_text(), "Cho hàm số $y=f(x)$ xác định trên $\\mathbb{R}$. Mệnh đề nào đúng?");
    assert_eq!(first.options[2].content.to_text(), "50% lồng nhau");
    assert_eq!(first.options[0].content.to_text(), "$\\left\\{\\begin{aligned}&x=1\\\\&y=2\\end{aligned}\\right.$");
    assert_eq!(first.options[1].correct, Some(true));
    assert_eq!(first.explanation.as_ref().unwrap().blocks.len(), 2);
    assert_eq!(first.tags, ["2D1H3-2", "Đề thi thử, Sở Nghệ An"]);
    assert_eq!((second.level, second.options[2].correct), (Some(Level::Nb), Some(true)));
    assert_eq!((statements.kind, statements.address.part, statements.address.number), (QuestionType::TrueFalse, Some(2), Some(1)));
    assert_eq!(truths(statements), [Some(true), Some(false), Some(true), Some(false)]);
    assert!(statements.stem.to_html().contains("<td colspan=\"2\">chung</td>"), "{}", statements.stem.to_html());
    assert!(statements.stem.to_html().contains("<ul><li>một</li><li>hai</li></ul>"), "{}", statements.stem.to_html());
    assert_eq!((short.kind, short.answers[0].text.as_str()), (QuestionType::ShortAnswer, "12,5"));
    assert_eq!((essay.kind, essay.key), (QuestionType::Essay, Key::None));
    let codes: Vec<&str> = paper.report.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, ["tikz-not-drawn", "key-from-solution", "missing-figure"], "{:#?}", paper.report);
}

#[test]
fn nothing_is_marked_so_nothing_is_known() {
    let text = r"\begin{ex}Hỏi?\choice{a}{b}{c}{d}\end{ex}\begin{ex}Hỏi?\choiceTF{a}{b}{c}{d}\end{ex}\begin{ex}Hỏi?\shortans{}\end{ex}";
    let paper = ex_test::read(text.as_bytes()).unwrap();
    assert!(paper.questions.iter().all(|question| question.key == Key::Missing));
    assert!(paper.questions[0].options.iter().all(|option| option.correct.is_none()));
    assert_eq!(truths(&paper.questions[1]), [None; 4]);
    assert_eq!(paper.report.iter().filter(|entry| entry.code == "key-missing").count(), 3);
}

#[test]
fn a_real_paper_without_keys_is_read_whole() {
    let Ok(bytes) = std::fs::read("/work/shared/samples/questions/latex/DeNgheAn.tex") else {
        eprintln!("skipped: the sample is not here");
        return;
    };
    let paper = ex_test::read(&bytes).unwrap();
    assert_eq!(paper.questions.len(), 50);
    assert!(paper.questions.iter().all(|question| question.options.len() == 4 && question.key == Key::Missing));
    assert!(paper.questions.iter().all(|question| question.options.iter().all(|option| !option.content.is_empty())));
    let dollars = paper.questions.iter().filter(|question| question.stem.to_html().contains('$')).count();
    assert_eq!(dollars, 0);
    let others: Vec<_> = paper.report.iter().filter(|entry| entry.code != "key-missing").collect();
    println!("{others:#?}");
    for question in &paper.questions {
        println!("{}", question.stem.to_text());
    }
}

#[test]
fn sources_without_questions_or_ends_are_no_panic() {
    assert_eq!(ex_test::read(b"\\section{x}").unwrap_err().code, "no-questions");
    let text = "\\begin{ex} Hỏi? \\choice{a}{\\True b}{c}{d} \\begin{ex} Nữa? \\choice{a}{b}{c}{d}\\end{ex}";
    assert_eq!(ex_test::read(text.as_bytes()).unwrap().questions.len(), 2);
    let hostile = [
        "{".repeat(200_000),
        "\\begin{ex}".repeat(5_000),
        "$".repeat(100_000),
        "\\begin{ex}{{{{$\\(\\begin{itemize}\\item".repeat(2_000),
        "\\begin{bt}".repeat(5_000),
        "\\vv{".repeat(50_000),
        "\\(".repeat(50_000),
        "%[x\n".repeat(50_000),
    ];
    for hostile in hostile {
        let began = std::time::Instant::now();
        let _ = ex_test::read(hostile.as_bytes());
        let _ = ex_test::read(format!("\\begin{{ex}}{hostile}\\end{{ex}}").as_bytes());
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn scratched_sources_never_panic(places in proptest::collection::vec(any::<prop::sample::Index>(), 1..6), pieces in proptest::collection::vec("[{}$%&\\\\\\[\\]]|\\\\choice|\\\\begin\\{ex\\}|\\\\end\\{ex\\}|đ|\\\\True", 1..6)) {
        let mut text = PAPER.to_owned();
        for (place, piece) in places.iter().zip(&pieces) {
            let at = text.floor_char_boundary(place.index(text.len()));
            text.insert_str(at, piece);
        }
        let _ = ex_test::read(text.as_bytes());
        let cut = text.floor_char_boundary(places[0].index(text.len()));
        let _ = ex_test::read(&text.as_bytes()[..cut]);
    }
}
