use std::collections::BTreeMap;
use std::mem;

use scraper::node::Element;
use scraper::{Html, Node};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::{Block, Cell, CellKind, Inline, ListKind, Marks, MathDisplay, MediaKind, Rich, Script};

type Tree<'a> = ego_tree::NodeRef<'a, Node>;

/// Elements inside one another past which only their letters are kept.
const DEEPEST: usize = 60;

/// From the address of a picture or sound to its id in the paper.
type Resolve<'a> = dyn FnMut(&str, MediaKind) -> Option<String> + 'a;

/// What HTML of some source means: where its pictures are, and whether dollars are formulas.
pub struct HtmlContext<'a> {
    resolve: Box<Resolve<'a>>,
    tex: Tex,
    /// What could not be carried over, in the source's words; for the report.
    pub lost: Vec<Lost>,
}

/// Whether letters may hold formulas: `$$…$$`, `\(…\)`, `\[…\]` and `$…$`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tex {
    /// They do, as in Moodle.
    InLetters,
    /// Formulas are elements alone, as in our own HTML.
    Elements,
}

/// Something that HTML held and our tree cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// A picture or sound that is not in the file; its address.
    Media(String),
    /// A formula in a form that could not be read; its letters were kept.
    Formula(String),
    /// An element that cannot be carried: a frame, an applet, a form; its name.
    Element(String),
}

impl<'a> HtmlContext<'a> {
    /// For HTML of another program. `resolve` finds a picture or sound by its address.
    pub fn foreign(tex: Tex, resolve: impl FnMut(&str, MediaKind) -> Option<String> + 'a) -> Self {
        Self { resolve: Box::new(resolve), tex, lost: Vec::new() }
    }

    /// For HTML that we wrote, or that claims so.
    #[must_use]
    pub fn ours() -> Self {
        Self::foreign(Tex::Elements, |_, _| None)
    }
}

/// Reads HTML of any origin into our subset. Scripts, styles, handlers and addresses of other hosts
/// have no place in the tree, so nothing has to be cleaned.
pub fn from_html(html: &str, context: &mut HtmlContext<'_>) -> Rich {
    if is_endless(html) {
        context.lost.push(Lost::Element("…".to_owned()));
        return Rich::plain(&without_tags(html));
    }
    let document = Html::parse_fragment(html);
    let mut builder = Builder { context, blocks: Vec::new(), line: Vec::new() };
    for node in document.tree.root().children() {
        builder.walk(node, Marks::default(), 0);
    }
    builder.finish()
}

struct Builder<'b, 'a> {
    context: &'b mut HtmlContext<'a>,
    blocks: Vec<Block>,
    line: Vec<Inline>,
}

impl Builder<'_, '_> {
    fn finish(mut self) -> Rich {
        self.flush();
        Rich { blocks: self.blocks }
    }

    fn flush(&mut self) {
        let line = trimmed(mem::take(&mut self.line));
        if !line.is_empty() {
            self.blocks.push(Block::Paragraph(line));
        }
    }

    fn walk(&mut self, node: Tree<'_>, marks: Marks, depth: usize) {
        match node.value() {
            Node::Text(text) => self.letters(text, marks),
            Node::Element(element) if depth < DEEPEST => self.element(node, element, marks, depth + 1),
            Node::Element(element) if !is_unseen(element.name()) => {
                let text = letters_below(node);
                self.letters(&text, marks);
            }
            Node::Document | Node::Fragment => node.children().for_each(|child| self.walk(child, marks, depth)),
            _ => {}
        }
    }

    fn letters(&mut self, text: &str, marks: Marks) {
        let collapsed = collapse(text);
        if collapsed.is_empty() {
            return;
        }
        let composed: String = collapsed.nfc().collect();
        match self.context.tex {
            Tex::InLetters if !marks.code => self.line.extend(crate::rich::tex_in_letters(&composed, marks)),
            _ => self.line.push(Inline::Text(composed, marks)),
        }
    }

    fn element(&mut self, node: Tree<'_>, element: &Element, marks: Marks, depth: usize) {
        let name = element.name();
        match name {
            "br" => self.line.push(Inline::Break),
            "p" | "div" | "section" | "article" | "blockquote" | "center" | "figure" | "figcaption" | "address" | "dl" | "dd" | "dt"
            | "header" | "footer" | "main" | "html" | "body" => self.block(node, marks, depth),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.block(node, Marks { bold: true, ..marks }, depth),
            "hr" => self.flush(),
            "ul" | "ol" => self.list(node, name, depth),
            // Outside a list or a table, as browsers show them.
            "li" | "tr" | "td" | "th" | "tbody" | "thead" => self.block(node, marks, depth),
            "table" => self.table(node, depth),
            "pre" => {
                self.flush();
                let text = letters_below(node);
                self.blocks.push(Block::Code(text.trim_matches('\n').to_owned()));
            }
            "strong" | "b" => self.inside(node, Marks { bold: true, ..marks }, depth),
            "em" | "i" | "cite" | "dfn" | "var" => self.inside(node, Marks { italic: true, ..marks }, depth),
            "u" | "ins" => self.inside(node, Marks { underline: true, ..marks }, depth),
            "s" | "del" | "strike" => self.inside(node, Marks { strike: true, ..marks }, depth),
            "code" | "kbd" | "samp" | "tt" => self.inside(node, Marks { code: true, ..marks }, depth),
            "sub" => self.inside(node, Marks { script: Script::Sub, ..marks }, depth),
            "sup" => self.inside(node, Marks { script: Script::Super, ..marks }, depth),
            "span" => self.span(node, element, marks, depth),
            "img" => match equation(element) {
                Some(latex) => self.line.push(Inline::math(latex)),
                None => self.media(element, MediaKind::Picture, element.attr("src")),
            },
            "audio" => {
                let inner = node.descendants().filter_map(|below| below.value().as_element()).find(|below| below.name() == "source");
                let address = element.attr("src").or_else(|| inner.and_then(|source| source.attr("src")));
                self.media(element, MediaKind::Sound, address);
            }
            "a" => self.link(node, element, marks, depth),
            "math" => self.math(node, element),
            "iframe" | "object" | "embed" | "video" | "canvas" | "svg" | "applet" | "form" | "input" | "select" | "textarea" => {
                self.context.lost.push(Lost::Element(name.to_owned()));
                if name == "form" {
                    self.inside(node, marks, depth);
                }
            }
            _ if is_unseen(name) => {}
            _ => self.inside(node, marks, depth),
        }
    }

    fn inside(&mut self, node: Tree<'_>, marks: Marks, depth: usize) {
        node.children().for_each(|child| self.walk(child, marks, depth));
    }

    fn block(&mut self, node: Tree<'_>, marks: Marks, depth: usize) {
        self.flush();
        self.inside(node, marks, depth);
        self.flush();
    }

    fn span(&mut self, node: Tree<'_>, element: &Element, marks: Marks, depth: usize) {
        if let Some(latex) = element.attr("data-math") {
            let display = if element.attr("data-display") == Some("block") { MathDisplay::Block } else { MathDisplay::Inline };
            self.line.push(Inline::Math { latex: composed(latex.chars()), display });
        } else if let Some(number) = element.attr("data-blank").and_then(|number| number.parse().ok()) {
            self.line.push(Inline::Blank(number));
        } else {
            self.inside(node, styled(element.attr("style").unwrap_or_default(), marks), depth);
        }
    }

    fn media(&mut self, element: &Element, kind: MediaKind, address: Option<&str>) {
        let words = element.attr("alt").or_else(|| element.attr("title")).unwrap_or_default();
        let own = element.attr("data-media").filter(|id| is_id(id)).map(str::to_owned);
        let found = own.or_else(|| address.and_then(|address| (self.context.resolve)(address, kind)));
        match found {
            Some(id) => {
                let width = element.attr("width").and_then(|width| width.trim_end_matches("px").parse().ok()).filter(|width| *width > 0);
                self.line.push(Inline::Media { id, kind, alt: composed(words.chars()), width });
            }
            None => {
                self.context.lost.push(Lost::Media(address.unwrap_or_default().chars().take(200).collect()));
                // What was written for those who cannot see it is better than nothing.
                self.letters(words, Marks::default());
            }
        }
    }

    fn link(&mut self, node: Tree<'_>, element: &Element, marks: Marks, depth: usize) {
        let href = element.attr("href").map(str::trim).filter(|href| is_harmless(href));
        let outer = mem::take(&mut self.line);
        let above = self.blocks.len();
        self.inside(node, marks, depth);
        let content = joined(mem::replace(&mut self.line, outer));
        match href {
            // Nothing but a line, no link in the link.
            Some(href) if self.blocks.len() == above && !content.iter().any(|part| matches!(part, Inline::Link { .. })) => {
                self.line.push(Inline::Link { href: href.to_owned(), content });
            }
            _ => self.line.extend(content),
        }
    }

    fn math(&mut self, node: Tree<'_>, element: &Element) {
        let display = if element.attr("display") == Some("block") { MathDisplay::Block } else { MathDisplay::Inline };
        match crate::math::from_mathml_tree(node) {
            Ok(latex) => self.line.push(Inline::Math { latex: composed(latex.chars()), display }),
            Err(letters) => {
                self.context.lost.push(Lost::Formula(letters.clone()));
                self.letters(&letters, Marks::default());
            }
        }
    }

    /// What stands inside an item or a cell, as a text of its own.
    fn apart(&mut self, node: Tree<'_>, depth: usize) -> Rich {
        let mut inner = Builder { context: &mut *self.context, blocks: Vec::new(), line: Vec::new() };
        inner.inside(node, Marks::default(), depth);
        inner.finish()
    }

    fn list(&mut self, node: Tree<'_>, name: &str, depth: usize) {
        self.flush();
        let children: Vec<_> = node.children().collect();
        let mut items = Vec::new();
        for child in children {
            if child.value().as_element().is_some_and(|element| element.name() == "li") {
                items.push(self.apart(child, depth));
            } else {
                self.walk(child, Marks::default(), depth);
                self.flush();
            }
        }
        if !items.is_empty() {
            let kind = if name == "ol" { ListKind::Numbers } else { ListKind::Bullets };
            self.blocks.push(Block::List { kind, items });
        }
    }

    fn table(&mut self, node: Tree<'_>, depth: usize) {
        self.flush();
        let mut rows = Vec::new();
        let mut waiting: Vec<_> = node.children().rev().collect();
        while let Some(child) = waiting.pop() {
            match child.value().as_element().map(Element::name) {
                Some("tr") => rows.push(self.row(child, depth)),
                Some("tbody" | "thead" | "tfoot" | "colgroup") => waiting.extend(child.children().rev()),
                Some("caption") => self.block(child, Marks::default(), depth),
                _ => {}
            }
        }
        rows.retain(|row: &Vec<Cell>| !row.is_empty());
        if !rows.is_empty() {
            self.blocks.push(Block::Table(rows));
        }
    }

    fn row(&mut self, node: Tree<'_>, depth: usize) -> Vec<Cell> {
        let mut row = Vec::new();
        for child in node.children() {
            let Some(element) = child.value().as_element() else { continue };
            let kind = match element.name() {
                "td" => CellKind::Data,
                "th" => CellKind::Heading,
                _ => continue,
            };
            let span = |name| element.attr(name).and_then(|count| count.parse::<u16>().ok()).unwrap_or(1).clamp(1, 100);
            row.push(Cell { content: self.apart(child, depth), kind, columns: span("colspan"), rows: span("rowspan") });
        }
        row
    }
}

/// Elements open in one another past which nobody wrote the text by hand. The parser looks through all
/// of them at each tag, so a hundred kilobytes could keep it busy for a minute.
const MOST_OPEN: usize = 1000;

/// Elements the parser may make anew: looks that were not closed it opens again in every block that follows.
const MOST_REOPENED: usize = 1_000_000;
/// Attributes of one element: the parser compares each with all before it.
const MOST_ATTRIBUTES: usize = 1000;

fn is_endless(html: &str) -> bool {
    let mut open = OpenElements::default();
    let mut reopened = 0_usize;
    for tag in html.split('<').skip(1) {
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        // These close by themselves, or hold nothing.
        let closes = matches!(
            name.as_str(),
            "" | "p" | "li" | "tr" | "br" | "img" | "hr" | "input" | "source" | "col" | "meta" | "link" | "wbr" | "option"
        );
        match (closes, tag.starts_with('/')) {
            (true, _) => {}
            (false, true) => open.end(&name),
            (false, false) => open.begin(name),
        }
        reopened += open.count;
        if open.count > MOST_OPEN || reopened > MOST_REOPENED {
            return true;
        }
    }
    has_too_many_attributes(html)
}

/// Elements that are open as far as their tags tell. What is opened outside of a cell is not closed inside it.
#[derive(Default)]
struct OpenElements {
    count: usize,
    outside: BTreeMap<String, usize>,
    /// The cells and the like that are open, with what is open in each.
    inside: Vec<(String, BTreeMap<String, usize>)>,
}

impl OpenElements {
    fn begin(&mut self, name: String) {
        if is_wall(&name) {
            // Of cells it is their content that counts: rows of many cells are no depth.
            self.inside.push((name, BTreeMap::new()));
            return;
        }
        self.count += 1;
        *self.inside.last_mut().map_or(&mut self.outside, |(_, open)| open).entry(name).or_default() += 1;
    }

    fn end(&mut self, name: &str) {
        if let Some(at) = self.inside.iter().rposition(|(wall, _)| wall == name) {
            let closed: usize = self.inside.drain(at..).flat_map(|(_, open)| open.into_values()).sum();
            self.count -= closed;
        } else if let Some(open) = self.inside.last_mut().map_or(&mut self.outside, |(_, open)| open).get_mut(name)
            && *open > 0
        {
            *open -= 1;
            self.count -= 1;
        }
    }
}

fn is_wall(name: &str) -> bool {
    matches!(name, "td" | "th" | "caption" | "object" | "applet" | "marquee" | "template")
}

fn has_too_many_attributes(html: &str) -> bool {
    let (mut count, mut quote, mut in_tag, mut at_gap, mut after_equals) = (0_usize, None, false, false, false);
    let mut before = ' ';
    for letter in html.chars() {
        if let Some(open) = quote {
            if letter == open {
                (quote, at_gap) = (None, true);
            }
        } else if !in_tag {
            (in_tag, count, at_gap, after_equals) = (before == '<' && letter.is_ascii_alphabetic(), 0, false, false);
        } else if letter == '>' {
            in_tag = false;
        } else if after_equals && (letter == '"' || letter == '\'') {
            (quote, after_equals) = (Some(letter), false);
        } else if letter.is_whitespace() || letter == '/' {
            at_gap = true;
        } else {
            count += usize::from(at_gap && letter != '=' && !after_equals);
            (at_gap, after_equals) = (false, letter == '=');
            if count > MOST_ATTRIBUTES {
                return true;
            }
        }
        before = letter;
    }
    false
}

fn without_tags(html: &str) -> String {
    html.split('<')
        .enumerate()
        .map(|(at, piece)| if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) })
        .collect()
}

/// Letters as we write them: without control characters, and then NFC. The other way round, what stood on
/// both sides of one would be put in order only when it is read again.
fn composed(letters: impl Iterator<Item = char>) -> String {
    letters.filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).nfc().collect()
}

/// All letters of a node and of what is in it.
fn letters_below(node: Tree<'_>) -> String {
    composed(node.descendants().filter_map(|below| below.value().as_text()).flat_map(|text| text.chars()))
}

/// The LaTeX of a formula that Canvas shows as a picture of its server.
fn equation(element: &Element) -> Option<String> {
    let shown = element.attr("class").is_some_and(|class| class.split_whitespace().any(|own| own == "equation_image"))
        || element.attr("src").is_some_and(|src| src.contains("/equation_images/"));
    let latex = element.attr("data-equation-content").or_else(|| element.attr("alt")?.strip_prefix("LaTeX:")).filter(|_| shown)?;
    Some(composed(latex.trim().chars())).filter(|latex| !latex.is_empty())
}

fn is_unseen(name: &str) -> bool {
    matches!(name, "script" | "style" | "head" | "title" | "meta" | "link" | "template" | "noscript" | "noembed" | "noframes" | "base")
}

/// Ids are ours: letters, digits, `-`, `_`.
fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_harmless(href: &str) -> bool {
    let lower = href.to_ascii_lowercase();
    href.len() <= 2000
        && ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme))
        && !href.chars().any(|letter| letter.is_control() || letter.is_whitespace())
}

/// The looks that inline styles of Word and of editors carry.
fn styled(style: &str, marks: Marks) -> Marks {
    let mut marks = marks;
    for (name, value) in style.split(';').filter_map(|rule| rule.split_once(':')) {
        let value = value.trim().to_ascii_lowercase();
        match name.trim().to_ascii_lowercase().as_str() {
            "font-weight" => marks.bold = value == "bold" || value.parse::<u32>().is_ok_and(|weight| weight >= 600),
            "font-style" => marks.italic = value == "italic",
            "text-decoration" | "text-decoration-line" => {
                marks.underline |= value.contains("underline");
                marks.strike |= value.contains("line-through");
            }
            "vertical-align" if value == "sub" => marks.script = Script::Sub,
            "vertical-align" if value == "super" => marks.script = Script::Super,
            _ => {}
        }
    }
    marks
}

/// Runs of white space as one space; a space that does not break stays.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' ' | '\t' | '\n' | '\r' | '\u{c}' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            control if control.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// Neighbours of one look as one, and spaces that meet across looks as one.
fn joined(parts: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(parts.len());
    for part in parts {
        match (out.last_mut(), part) {
            (Some(Inline::Text(before, worn)), Inline::Text(text, marks)) => {
                let text = if before.ends_with(' ') { text.trim_start_matches(' ') } else { &text };
                if *worn == marks {
                    before.push_str(text);
                } else if !text.is_empty() {
                    out.push(Inline::Text(text.to_owned(), marks));
                }
            }
            (_, part) => out.push(part),
        }
    }
    // A tone mark that stood alone may have met its letter.
    for text in out.iter_mut().filter_map(|part| if let Inline::Text(text, _) = part { Some(text) } else { None }) {
        if !is_nfc(text) {
            *text = text.nfc().collect();
        }
    }
    out
}

/// A line without spaces and breaks at its ends, neighbours of one look joined.
fn trimmed(line: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(line.len());
    for part in joined(line) {
        match (out.last(), part) {
            (None | Some(Inline::Break), Inline::Text(text, marks)) => {
                let text = text.trim_start_matches(' ').to_owned();
                if !text.is_empty() {
                    out.push(Inline::Text(text, marks));
                }
            }
            (None, Inline::Break) => {}
            (_, part) => out.push(part),
        }
    }
    loop {
        match out.last_mut() {
            Some(Inline::Break) => {
                out.pop();
            }
            Some(Inline::Text(text, _)) => {
                text.truncate(text.trim_end_matches(' ').len());
                if !text.is_empty() {
                    return out;
                }
                out.pop();
            }
            _ => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(html: &str) -> String {
        from_html(html, &mut HtmlContext::ours()).to_html()
    }

    #[test]
    fn texts_that_would_keep_the_parser_busy_for_minutes_are_read_as_letters() {
        let many = |piece: &str, count: usize| piece.repeat(count);
        let numbered = |count: usize| (0..count).map(|number| format!("<i id={number}>")).collect::<String>();
        let attributes: String = (0..100_000).map(|number| format!("a{number}=1 ")).collect();
        let cells = format!("<p>{}</p><table><tr><td>{}</td></tr></table>{}", numbered(900), many("</i>", 900), many("<p>x</p>", 50_000));
        for html in [
            format!("<p {attributes}>chữ</p>"),
            format!("<p title='>' {attributes}>chữ</p>"),
            format!("<p>{}</p>{}chữ", numbered(900), many("<p>x</p>", 100_000)),
            format!("<p>{}</p>{}{}chữ", numbered(900), many("</x>", 900), many("<p>x</p>", 100_000)),
            format!("{cells}chữ"),
        ] {
            let mut context = HtmlContext::ours();
            assert!(from_html(&html, &mut context).to_text().contains("chữ"));
            assert_eq!(context.lost.len(), 1, "{}", &html[..60]);
        }
        let honest =
            many("<table><tr><td><b>một</b> <a href=\"https://a.vn\">hai</a></td><td colspan=\"2\">ba</td></tr></table><p>bốn</p>", 2_000);
        let mut context = HtmlContext::ours();
        from_html(&honest, &mut context);
        assert!(context.lost.is_empty());
    }

    #[test]
    fn what_we_write_is_read_back_the_same() {
        for html in [
            "<p>Cho <strong>hàm số</strong> <span data-math=\"y=x^2\"></span></p>",
            "<p>H<sub>2</sub>O <img data-media=\"img1\" alt=\"a &quot;b&quot;\" width=\"40\"></p><p>hai</p>",
            "<ul><li>một</li><li><p>hai</p><p>ba</p></li></ul>",
            "<table><tbody><tr><th>x</th><td colspan=\"2\">1</td></tr></tbody></table>",
            "<p>Gap <span data-blank=\"1\"></span>; <a href=\"https://a.vn/?a=1&amp;b=2\">xem</a></p><pre>a &lt; b\n  c</pre>",
            "<p>một<br>hai&nbsp;ba</p>",
        ] {
            assert_eq!(ours(html), html);
        }
    }

    #[test]
    fn spaces_that_meet_across_looks_are_one_also_in_links() {
        let html = "<p><a href=\"https://a.vn\"><b>một<sub>2</sub> </b><b> hai</b> <i> ba</i></a></p>";
        let once = ours(html);
        assert_eq!(
            once,
            "<p><a href=\"https://a.vn\"><strong>một</strong><strong><sub>2</sub></strong><strong> hai</strong> <em>ba</em></a></p>"
        );
        assert_eq!(ours(&once), once);
    }

    #[test]
    fn nothing_that_runs_comes_through() {
        for html in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"java\nscript:alert(1)\">x</a>",
            "<svg><script>alert(1)</script></svg>",
            "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
            "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
            "<p style=\"background:url(javascript:alert(1))\">x</p>",
        ] {
            let out = ours(html).to_lowercase();
            // What was markup may be left as letters, which run nowhere.
            let quiet = !["<script", "<img", "javascript:", "style=", "<svg", "<iframe"].iter().any(|bad| out.contains(bad));
            assert!(quiet, "{html} became {out}");
        }
    }

    #[test]
    fn formulas_shown_as_pictures_are_formulas() {
        let html = "<p><img class=\"equation_image\" src=\"/equation_images/x\" alt=\"LaTeX: \\frac{1}{2}\" data-equation-content=\"\\frac{1}{2}\"></p>";
        assert_eq!(from_html(html, &mut HtmlContext::ours()).to_text(), "$\\frac{1}{2}$");
    }

    #[test]
    fn elements_in_one_another_without_end_do_not_overflow() {
        let html = format!("{}x{}", "<div><b>".repeat(20_000), "</b></div>".repeat(20_000));
        assert!(ours(&html).contains('x'));
    }

    #[test]
    fn dollars_are_formulas_only_where_they_are() {
        let mut moodle = HtmlContext::foreign(Tex::InLetters, |_, _| None);
        assert_eq!(from_html("<p>Giải \\(x^2=1\\) và $$y$$</p>", &mut moodle).to_text(), "Giải $x^2=1$ và $y$");
        assert_eq!(ours("<p>giá 5$ và 6$</p>"), "<p>giá 5$ và 6$</p>");
    }
}
