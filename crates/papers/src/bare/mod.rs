//! LaTeX typed without dollars, as programs leave it that turn equations into letters:
//! `Tính \frac{1}{2} của \left(a+b\right)`. What reads as a formula as a whole becomes one; what only
//! looks like it stays as it is, and a doubt says where.

mod document;
mod runs;
mod tokens;

pub(crate) use document::set_formulas;

use runs::{Run, Seed, runs};

use crate::model::{Address, Entry, Paper};
use crate::rich::{Block, Inline, MathDisplay, Rich};

/// Longest piece shown in a doubt, in letters.
const SHOWN: usize = 60;

/// Makes formulas of the bare LaTeX in a paper's texts.
pub(crate) fn to_formulas(paper: &mut Paper) {
    let mut unsure: Vec<(Option<Address>, String)> = Vec::new();
    let mut found = 0;
    let mut pass = |seed: Seed, found: &mut usize| {
        for question in &mut paper.questions {
            let address = question.address;
            for text in question.texts_mut() {
                *found += change(text, seed, &mut |piece| unsure.push((Some(address), piece)));
            }
        }
        for passage in &mut paper.passages {
            *found += change(&mut passage.content, seed, &mut |piece| unsure.push((None, piece)));
        }
    };
    pass(Seed::Command, &mut found);
    // Scripts alone prove nothing: `a_1` may be a name. In a paper typed as LaTeX they are formulas too.
    if found > 0 {
        pass(Seed::Script, &mut found);
    }
    let mut told: Vec<Option<Address>> = Vec::new();
    for (address, piece) in unsure {
        // One doubt a question: whoever looks sees the others.
        if told.last() != Some(&address) && !told.contains(&address) {
            paper.note(doubt(address, &piece));
            told.push(address);
        }
    }
}

fn doubt(address: Option<Address>, piece: &str) -> Entry {
    let place = address.map_or_else(|| "Đoạn dùng chung".to_owned(), crate::layout::place);
    let mut shown: String = piece.chars().take(SHOWN).collect();
    if shown.len() < piece.len() {
        shown.push('…');
    }
    let message = format!(
        "{place}: “{shown}” trông như công thức LaTeX nhưng không đọc chắc được nên giữ nguyên. Hãy sửa rồi đặt công thức giữa hai dấu $."
    );
    let entry = Entry::warning("latex-unsure", message).with("formula", shown);
    match address {
        Some(address) => entry.at(address),
        None => entry,
    }
}

/// Changes a text; tells how many formulas it has got.
fn change(text: &mut Rich, seed: Seed, unsure: &mut impl FnMut(String)) -> usize {
    let mut found = 0;
    for block in &mut text.blocks {
        match block {
            Block::Paragraph(inlines) => found += in_line(inlines, seed, unsure),
            Block::List { items, .. } => found += items.iter_mut().map(|item| change(item, seed, unsure)).sum::<usize>(),
            Block::Table(rows) => found += rows.iter_mut().flatten().map(|cell| change(&mut cell.content, seed, unsure)).sum::<usize>(),
            Block::Code(_) => {}
        }
    }
    found
}

fn in_line(inlines: &mut Vec<Inline>, seed: Seed, unsure: &mut impl FnMut(String)) -> usize {
    let mut found = 0;
    let mut out = Vec::with_capacity(inlines.len());
    for inline in std::mem::take(inlines) {
        let Inline::Text(text, marks) = inline else {
            out.push(inline);
            continue;
        };
        if marks.code {
            out.push(Inline::Text(text, marks));
            continue;
        }
        let mut from = 0;
        for Run { from: begins, to, sure } in runs(&text, seed) {
            if !sure {
                // Told once, not again for its scripts.
                if seed == Seed::Command {
                    unsure(text[begins..to].to_owned());
                }
                continue;
            }
            found += 1;
            if begins > from {
                out.push(Inline::Text(text[from..begins].to_owned(), marks));
            }
            out.push(Inline::Math { latex: text[begins..to].trim().to_owned(), display: MathDisplay::Inline });
            from = to;
        }
        if from == 0 {
            out.push(Inline::Text(text, marks));
        } else if from < text.len() {
            out.push(Inline::Text(text[from..].to_owned(), marks));
        }
    }
    *inlines = out;
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, seed: Seed) -> String {
        let mut out = String::new();
        let mut from = 0;
        for run in runs(text, seed) {
            out.push_str(&text[from..run.from]);
            let piece = &text[run.from..run.to];
            out.push_str(&if run.sure { format!("<{piece}>") } else { format!("?{piece}?") });
            from = run.to;
        }
        out + &text[from..]
    }

    #[test]
    fn formulas_are_found_between_the_words_of_a_sentence() {
        for (text, expected) in [
            ("Thể tích là: V=\\left(2a\\right)^3=8a^3.", "Thể tích là: <V=\\left(2a\\right)^3=8a^3>."),
            ("khoảng \\left(-1;0\\right) và \\left(1;+\\infty\\right).", "khoảng <\\left(-1;0\\right)> và <\\left(1;+\\infty\\right)>."),
            ("Vectơ \\vec{AB} có tọa độ là", "Vectơ <\\vec{AB}> có tọa độ là"),
            ("thỏa mãn k\\le n. Mệnh đề nào", "thỏa mãn <k\\le n>. Mệnh đề nào"),
            ("với mọi x\\in\\mathbb{R}, \\forall x\\ne 0 thì", "với mọi <x\\in\\mathbb{R}>, <\\forall x\\ne 0> thì"),
            ("mặt phẳng \\left(Oxz\\right)có phương trình", "mặt phẳng <\\left(Oxz\\right)>có phương trình"),
            ("C_n^k=\\frac{n!}{k!\\left(n-k\\right)!}.", "<C_n^k=\\frac{n!}{k!\\left(n-k\\right)!}>."),
            ("Suy ra \\Rightarrow chọn m=1", "Suy ra <\\Rightarrow> chọn m=1"),
            ("x = \\frac{1}{2} hoặc y = 3", "<x = \\frac{1}{2}> hoặc y = 3"),
            ("(với \\alpha>0)", "(với <\\alpha>0>)"),
            ("nửa khoảng [0;+\\infty) và (\\alpha)", "nửa khoảng <[0;+\\infty)> và <(\\alpha)>"),
            ("\\left\\{0;1\\right\\}", "<\\left\\{0;1\\right\\}>"),
            ("d:\\frac{x-1}{2}=\\frac{y-2}{-1} đi qua", "<d:\\frac{x-1}{2}=\\frac{y-2}{-1}> đi qua"),
            ("a\\begin{cases}x&1\\\\y&2\\end{cases}", "<a\\begin{cases}x&1\\\\y&2\\end{cases}>"),
            ("-\\infty -2 0 \\pi - 2", "<-\\infty> -2 0 <\\pi - 2>"),
            ("Góc giữa \\left(A^\\prime B C D \\right) và", "Góc giữa <\\left(A^\\prime B C D \\right)> và"),
            ("bằng 2log{\\left(ab\\right)}.", "bằng <2log{\\left(ab\\right)}>."),
            ("góc \\text{lớn hơn} \\pi", "góc <\\text{lớn hơn} \\pi>"),
        ] {
            assert_eq!(read(text, Seed::Command), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_surely_latex_stays_as_it_is() {
        for (text, expected) in [
            ("x=0\\Leftrightarrow&x=1&x=2", "?x=0\\Leftrightarrow?&x=1&x=2"),
            ("\\frac{1}", "?\\frac{1}?"),
            ("\\left(x", "?\\left(x?"),
            ("C:\\Users\\Public\\De thi", "C:\\Users\\Public\\De thi"),
            ("printf(\"\\n\")", "printf(\"\\n\")"),
            ("while(i){a[i]='\\t';}", "while(i){a[i]='\\t';}"),
            ("x^2+1", "x^2+1"),
            ("a_b ____ {x} \\", "a_b ____ {x} \\"),
        ] {
            assert_eq!(read(text, Seed::Command), expected, "{text}");
        }
    }

    #[test]
    fn in_a_paper_typed_as_latex_scripts_are_formulas_too() {
        for (text, expected) in [
            ("A. 8a^3. B. a^3", "A. <8a^3>. B. <a^3>"),
            ("hàm số f(x)=e^x+x là", "hàm số <f(x)=e^x+x> là"),
            ("u_1=2 và u_{n+1}=u_n+3", "<u_1=2> và <u_{n+1}=u_n+3>"),
            ("2log{a}+log{b}.", "<2log{a}+log{b}>."),
            ("Điền ____ vào tên_tệp", "Điền ____ vào tên_tệp"),
        ] {
            assert_eq!(read(text, Seed::Script), expected, "{text}");
        }
    }

    #[test]
    fn a_hostile_line_costs_its_length() {
        for piece in ["{", "\\frac", "\\left(", "(", "\\alpha(", "^_", "\\begin{a}", "x^{"] {
            let text = piece.repeat(50_000 / piece.len());
            assert!(runs(&text, Seed::Script).iter().all(|run| !run.sure || run.to - run.from < 25_000), "{piece}");
        }
    }
}
