//! Letters of LaTeX: symbols by their commands, looks, and commands that print nothing.

use unicode_normalization::UnicodeNormalization as _;

use super::source::{JOINED, TAGS};
use super::text::scripted;
use crate::rich::{Inline, Marks, Script};

/// A formula's source on one line.
pub(super) fn formula(source: &str) -> String {
    let joined: String = source.chars().filter(|letter| !matches!(*letter, JOINED) && *letter != TAGS.0 && *letter != TAGS.1).collect();
    joined.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

/// Letters outside of commands, with LaTeX's dashes and quotes as they print.
pub(super) fn plain(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for letter in source.chars() {
        match letter {
            JOINED => {}
            ' ' | '\t' | '\r' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            control if control.is_control() => {}
            other => out.push(other),
        }
    }
    let out = out.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”");
    out.nfc().collect()
}

/// What a command prints.
pub(super) fn symbol(name: &str) -> Option<&'static str> {
    Some(match name {
        "%" => "%",
        "&" => "&",
        "_" => "_",
        "#" => "#",
        "$" => "$",
        "{" => "{",
        "}" => "}",
        " " | "," | ";" | ":" | "!" | "quad" | "qquad" | "space" | "enspace" | "thinspace" => " ",
        "ldots" | "dots" | "dotfill" | "textellipsis" | "cdots" => "…",
        "textendash" => "–",
        "textemdash" => "—",
        "textbackslash" => "\\",
        "textdegree" | "degree" => "°",
        "textperiodcentered" => "·",
        "lq" => "‘",
        "rq" => "’",
        "textquotedblleft" => "“",
        "textquotedblright" => "”",
        "LaTeX" => "LaTeX",
        "TeX" => "TeX",
        "bullet" | "textbullet" => "•",
        "S" => "§",
        "copyright" => "©",
        "euro" => "€",
        "-" | "/" | "hfill" | "hfil" => "",
        _ => return None,
    })
}

/// Spaces behind a command named by letters are not printed.
pub(super) fn swallowed_space(rest: &str, name: &str) -> usize {
    if name.starts_with(|letter: char| letter.is_ascii_alphabetic()) { rest.len() - rest.trim_start_matches([' ', '\t']).len() } else { 0 }
}

/// How the last argument of a command looks, and how many groups it takes.
pub(super) fn styled(name: &str, marks: Marks) -> Option<(Marks, usize)> {
    Some(match name {
        "textbf" | "mathbf" | "indam" => (Marks { bold: true, ..marks }, 1),
        "textit" | "emph" | "textsl" | "innghieng" => (Marks { italic: true, ..marks }, 1),
        "underline" | "uline" | "uwave" => (Marks { underline: true, ..marks }, 1),
        "sout" | "st" => (Marks { strike: true, ..marks }, 1),
        "texttt" | "verb" => (Marks { code: true, ..marks }, 1),
        "textsuperscript" => (scripted(marks, Script::Super), 1),
        "textsubscript" => (scripted(marks, Script::Sub), 1),
        "textrm" | "textsf" | "textsc" | "textup" | "textmd" | "text" | "mbox" | "fbox" | "boxed" | "hbox" | "centerline" | "caption"
        | "footnote" | "makebox" | "framebox" | "section" | "subsection" | "subsubsection" | "paragraph" | "chapter" | "part" | "title"
        | "mathrm" | "captionof" | "MakeUppercase" | "tieude" | "loigiai" => (marks, 1),
        "textcolor" | "colorbox" | "parbox" | "raisebox" | "scalebox" | "rotatebox" => (marks, 2),
        "resizebox" | "fcolorbox" | "multirow" | "multicolumn" => (marks, 3),
        _ => return None,
    })
}

/// How many groups follow a command that prints nothing.
pub(super) fn silent(name: &str) -> Option<usize> {
    Some(match name {
        "noindent" | "indent" | "centering" | "raggedright" | "raggedleft" | "hline" | "toprule" | "midrule" | "bottomrule" | "tiny"
        | "small" | "footnotesize" | "scriptsize" | "normalsize" | "large" | "Large" | "LARGE" | "huge" | "Huge" | "allowdisplaybreaks"
        | "displaystyle" | "maketitle" | "tableofcontents" | "break" | "nobreak" | "pagebreak" | "nopagebreak" | "protect" | "relax"
        | "normalfont" | "rm" | "sf" | "rmfamily" | "sffamily" | "upshape" | "mdseries" | "sc" | "scshape" | "True" | "dotlineEX"
        | "vfill" | "null" | "strut" | "endinput" | "columnbreak" | "taoNdongke" | "selectfont" | "onehalfspacing" | "fi"
        | "makeatletter" | "makeatother" | "bigskipamount" | "(" | ")" | "]" | "@" | "'" | "\"" | "`" | "^" | "." | "=" | "<" | ">"
        | "|" => 0,
        "hspace" | "vspace" | "color" | "label" | "ref" | "pagestyle" | "thispagestyle" | "phantom" | "hphantom" | "vphantom"
        | "rowcolor" | "cellcolor" | "cline" | "cmidrule" | "Opensolutionfile" | "Closesolutionfile" | "usepackage" | "documentclass"
        | "input" | "include" | "usetikzlibrary" | "graphicspath" | "dotEX" | "dongke" | "renewtheorem" | "setcounter" | "addtocounter"
        | "setlength" | "bibliography" | "inputansbox" | "inputans" | "pgfplotsset" | "tikzset" | "author" | "date" => {
            1 + usize::from(matches!(name, "setcounter" | "addtocounter" | "setlength"))
        }
        "rule" | "newtheorem" | "definecolor" | "hypersetup" | "geometry" | "fontsize" | "addcontentsline" | "newcounter"
        | "renewcommand" | "newcommand" => 2,
        _ => return None,
    })
}

/// Adds letters to a line, joined with letters of the same look before them.
pub(super) fn push(line: &mut Vec<Inline>, text: &str, marks: Marks) {
    if text.is_empty() {
        return;
    }
    if let Some(Inline::Text(before, worn)) = line.last_mut() {
        let text = if before.ends_with(' ') { text.trim_start_matches(' ') } else { text };
        if *worn == marks {
            before.push_str(text);
        } else if !text.is_empty() {
            line.push(Inline::Text(text.to_owned(), marks));
        }
        return;
    }
    line.push(Inline::Text(text.to_owned(), marks));
}

/// A line without spaces and breaks at its ends and around breaks.
pub(super) fn trimmed(line: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(line.len());
    for part in line {
        match part {
            Inline::Text(text, marks) => {
                let at_start = matches!(out.last(), None | Some(Inline::Break));
                let text = if at_start { text.trim_start_matches(' ').to_owned() } else { text };
                if !text.is_empty() {
                    out.push(Inline::Text(text, marks));
                }
            }
            Inline::Break => {
                trim_end(&mut out);
                if !out.is_empty() {
                    out.push(Inline::Break);
                }
            }
            other => out.push(other),
        }
    }
    trim_end(&mut out);
    out
}

fn trim_end(out: &mut Vec<Inline>) {
    loop {
        match out.last_mut() {
            Some(Inline::Break) => {}
            Some(Inline::Text(text, _)) => {
                text.truncate(text.trim_end_matches(' ').len());
                if !text.is_empty() {
                    return;
                }
            }
            _ => return,
        }
        out.pop();
    }
}
