use super::*;

fn latex(inside: &str) -> String {
    let xml = format!("<m:oMath xmlns:m='m' xmlns:w='w'>{inside}</m:oMath>");
    from_omml(&Element::parse(xml.as_bytes(), "thử").unwrap()).latex
}

fn r(text: &str) -> String {
    format!("<m:r><m:t>{text}</m:t></m:r>")
}

fn plain(text: &str) -> String {
    format!("<m:r><m:rPr><m:sty m:val='p'/></m:rPr><m:t>{text}</m:t></m:r>")
}

fn normal(text: &str) -> String {
    format!("<m:r><m:rPr><m:nor/></m:rPr><m:t xml:space='preserve'>{text}</m:t></m:r>")
}

fn e(inside: &str) -> String {
    format!("<m:e>{inside}</m:e>")
}

fn sup(base: &str, sup: &str) -> String {
    format!("<m:sSup><m:e>{base}</m:e><m:sup>{sup}</m:sup></m:sSup>")
}

fn fraction(kind: &str, num: &str, den: &str) -> String {
    format!("<m:f><m:fPr><m:type m:val='{kind}'/></m:fPr><m:num>{num}</m:num><m:den>{den}</m:den></m:f>")
}

fn delimited(begin: &str, end: &str, inside: &str) -> String {
    format!("<m:d><m:dPr><m:begChr m:val='{begin}'/><m:endChr m:val='{end}'/></m:dPr>{inside}</m:d>")
}

#[test]
fn fractions_and_radicals() {
    assert_eq!(latex(&fraction("bar", &r("1"), &r("x"))), "\\frac{1}{x}");
    assert_eq!(latex(&fraction("lin", &r("1"), &r("x"))), "{1}/{x}");
    assert_eq!(latex(&delimited("(", ")", &e(&fraction("noBar", &r("n"), &r("k"))))), "\\binom{n}{k}");
    assert_eq!(latex(&format!("<m:rad><m:radPr><m:degHide m:val='1'/></m:radPr><m:deg/>{}</m:rad>", e(&r("2")))), "\\sqrt{2}");
    assert_eq!(latex(&format!("<m:rad><m:deg>{}</m:deg>{}</m:rad>", r("3"), e(&r("2")))), "\\sqrt[3]{2}");
}

#[test]
fn scripts_before_and_behind() {
    assert_eq!(latex(&sup(&r("x"), &r("2"))), "x^{2}");
    assert_eq!(latex(&sup(&sup(&r("x"), &r("2")), &r("3"))), "{x^{2}}^{3}");
    assert_eq!(latex(&sup("", &r("2"))), "{}^{2}");
    assert_eq!(latex(&sup(&r("f"), &r("′"))), "f'");
    assert_eq!(latex(&sup(&r("30"), &r("°"))), "30^{\\circ}");
    assert_eq!(latex(&sup(&r("30"), &r("°C"))), "30^{\\circ C}");
    assert_eq!(latex(&format!("<m:sSubSup>{}<m:sub>{}</m:sub><m:sup>{}</m:sup></m:sSubSup>", e(&r("x")), r("i"), r("2"))), "x_{i}^{2}");
    let pre = format!("<m:sPre><m:sub>{}</m:sub><m:sup>{}</m:sup>{}</m:sPre>", r("92"), r("235"), e(&plain("U")));
    assert_eq!(latex(&pre), "{}_{92}^{235}{\\mathrm{U}}");
}

#[test]
fn big_operators() {
    let nary = |chr: &str, rest: &str| format!("<m:nary><m:naryPr>{chr}</m:naryPr>{rest}</m:nary>");
    let limits = format!("<m:sub>{}</m:sub><m:sup>{}</m:sup>{}", r("0"), r("1"), e(&r("xdx")));
    assert_eq!(latex(&nary("", &limits)), "\\int_{0}^{1}xdx");
    assert_eq!(latex(&nary("<m:chr m:val='∑'/>", &limits)), "\\sum_{0}^{1}xdx");
    let hidden = format!("<m:sub/><m:sup/>{}", e(&r("xdx")));
    assert_eq!(latex(&nary("<m:subHide m:val='1'/><m:supHide m:val='1'/>", &hidden)), "\\int xdx");
    assert_eq!(latex(&nary("<m:limLoc m:val='undOvr'/>", &limits)), "\\int\\limits_{0}^{1}xdx");
}

#[test]
fn brackets_matrices_and_systems() {
    assert_eq!(latex(&format!("<m:d>{}</m:d>", e(&r("x+1")))), "(x+1)");
    assert_eq!(latex(&format!("<m:d>{}{}</m:d>", e(&r("1")), e(&r("2")))), "(1|2)");
    assert_eq!(latex(&delimited("[", ")", &e(&r("0;1")))), "[0;1)");
    assert_eq!(latex(&delimited("{", "}", &e(&r("1;2")))), "\\{1;2\\}");
    assert_eq!(latex(&delimited("|", "|", &e(&fraction("bar", &r("1"), &r("2"))))), "\\left|\\frac{1}{2}\\right|");
    assert_eq!(latex(&delimited("", "|", &e(&r("F")))), "\\left.F\\right|");
    assert_eq!(latex(&delimited("⟨", "⟩", &e(&r("a")))), "\\langle a\\rangle");
    let rows = format!("<m:m><m:mr>{}{}</m:mr><m:mr>{}{}</m:mr></m:m>", e(&r("1")), e(&r("2")), e(&r("3")), e(&r("4")));
    assert_eq!(latex(&rows), "\\begin{matrix}1 & 2 \\\\ 3 & 4\\end{matrix}");
    assert_eq!(latex(&delimited("|", "|", &e(&rows))), "\\begin{vmatrix}1 & 2 \\\\ 3 & 4\\end{vmatrix}");
    let system = format!("<m:eqArr>{}{}</m:eqArr>", e(&r("x=1")), e(&r("y=2")));
    assert_eq!(latex(&delimited("{", "", &e(&system))), "\\begin{cases}x=1 \\\\ y=2\\end{cases}");
    assert_eq!(latex(&delimited("[", "", &e(&system))), "\\left[\\begin{array}{l}x=1 \\\\ y=2\\end{array}\\right.");
    let aligned = format!("<m:eqArr>{}{}</m:eqArr>", e(&r("x&amp;=1")), e(&r("y&amp;=2")));
    assert_eq!(latex(&delimited("{", "", &e(&aligned))), "\\left\\{\\begin{aligned}x&=1 \\\\ y&=2\\end{aligned}\\right.");
    assert_eq!(latex(&aligned), "\\begin{aligned}x&=1 \\\\ y&=2\\end{aligned}");
    assert_eq!(latex(&r("a&amp;b")), "a\\&b");
}

#[test]
fn accents_bars_and_frames() {
    let accent = |chr: &str, base: &str| format!("<m:acc><m:accPr><m:chr m:val='{chr}'/></m:accPr>{}</m:acc>", e(&r(base)));
    assert_eq!(latex(&accent("\u{20d7}", "a")), "\\vec{a}");
    assert_eq!(latex(&accent("\u{20d7}", "AB")), "\\overrightarrow{AB}");
    assert_eq!(latex(&accent("\u{302}", "ABC")), "\\widehat{ABC}");
    assert_eq!(latex(&format!("<m:acc>{}</m:acc>", e(&r("α")))), "\\hat{\\alpha}");
    assert_eq!(latex(&format!("<m:bar><m:barPr><m:pos m:val='top'/></m:barPr>{}</m:bar>", e(&r("z")))), "\\overline{z}");
    assert_eq!(latex(&format!("<m:borderBox>{}</m:borderBox>", e(&r("x")))), "\\boxed{x}");
    assert_eq!(latex(&format!("<m:phant><m:phantPr><m:show m:val='0'/></m:phantPr>{}</m:phant>", e(&r("x")))), "\\phantom{x}");
    assert_eq!(latex(&format!("<m:box>{}</m:box>", e(&r("x")))), "x");
    let strange = format!("<m:acc><m:accPr><m:chr m:val='?'/></m:accPr>{}</m:acc>", e(&r("x")));
    let converted = from_omml(&Element::parse(format!("<oMath>{strange}</oMath>").as_bytes(), "thử").unwrap());
    assert_eq!((converted.latex.as_str(), converted.unknown.len()), ("x", 1));
}

#[test]
fn functions_and_limits() {
    let function = |name: &str, of: &str| format!("<m:func><m:fName>{name}</m:fName>{}</m:func>", e(of));
    assert_eq!(latex(&function(&plain("sin"), &r("x"))), "\\sin x");
    assert_eq!(latex(&function(&plain("tg"), &r("x"))), "\\operatorname{tg} x");
    let log = format!("<m:sSub>{}<m:sub>{}</m:sub></m:sSub>", e(&plain("log")), r("2"));
    assert_eq!(latex(&function(&log, &r("8"))), "\\log_{2} 8");
    let limit = format!("<m:limLow>{}<m:lim>{}</m:lim></m:limLow>", e(&plain("lim")), r("x→0"));
    assert_eq!(latex(&function(&limit, &r("x"))), "\\lim_{x\\to0} x");
    let arrow = format!("<m:limUpp>{}<m:lim>{}</m:lim></m:limUpp>", e(&r("→")), sup(&normal("t"), &r("°")));
    assert_eq!(latex(&arrow), "\\xrightarrow{\\text{t}^{\\circ}}");
    let group = format!("<m:groupChr><m:groupChrPr><m:chr m:val='→'/><m:pos m:val='top'/></m:groupChrPr>{}</m:groupChr>", e(&r("AB")));
    assert_eq!(latex(&group), "\\overrightarrow{AB}");
}

#[test]
fn runs_of_letters_words_and_symbols() {
    assert_eq!(latex(&r("αb≤2π")), "\\alpha b\\le2\\pi");
    assert_eq!(latex(&(r("α") + &r("b"))), "\\alpha b");
    assert_eq!(latex(&r("𝑥∈ℝ")), "x\\in\\mathbb{R}");
    assert_eq!(latex(&r("𝛼b")), "\\alpha b");
    assert_eq!(latex(&r("nếu x>0")), "\\text{nếu }x>0");
    assert_eq!(latex(&normal("khi ")), "\\text{khi }".trim());
    assert_eq!(latex(&(r("x") + &normal(" khi ") + &r("y"))), "x\\text{ khi }y");
    assert_eq!(latex(&r("50%")), "50\\%");
    assert_eq!(latex(&r("5 cm")), "5\\ cm");
    assert_eq!(latex(&r("x = 1 ")), "x = 1");
    let iron = format!("<m:sSub>{}<m:sub>{}</m:sub></m:sSub>{}", e(&plain("H")), plain("2"), plain("O"));
    assert_eq!(latex(&iron), "\\mathrm{H}_{2}\\mathrm{O}");
    assert_eq!(latex("<m:r><m:rPr><m:scr m:val='double-struck'/></m:rPr><m:t>R</m:t></m:r>"), "\\mathbb{R}");
    assert_eq!(latex("<m:r><m:rPr><m:sty m:val='bi'/></m:rPr><m:t>F</m:t></m:r>"), "\\boldsymbol{F}");
    assert_eq!(latex("<m:r><w:rPr><w:b/></w:rPr><m:t>F</m:t></m:r>"), "F");
}

#[test]
fn deleted_revisions_go_and_unknown_elements_keep_their_letters() {
    assert_eq!(latex(&format!("<w:ins>{}</w:ins><w:del>{}</w:del>", r("x"), r("y"))), "x");
    let xml = format!("<m:oMath>{}<m:strange>{}</m:strange></m:oMath>", r("a"), r("b"));
    let converted = from_omml(&Element::parse(xml.as_bytes(), "thử").unwrap());
    assert_eq!((converted.latex.as_str(), converted.unknown), ("ab", vec!["strange".to_owned()]));
}
