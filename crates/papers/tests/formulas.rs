//! Formulas as LaTeX: what teachers write is understood, written in one spelling, and made equations of
//! Word; MathML becomes LaTeX; nothing typed does harm.
#![allow(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use papers::math::from_mathml;
use papers::math::latex::{LatexError, parse, to_latex, to_omml};
use papers::xml::Element;
use proptest::prelude::*;

/// As teachers write it.
const WRITTEN: &[&str] = &[
    r"\dfrac{x^2-3x+2}{\sqrt[3]{x-1}}",
    r"\frac12 + \frac{1}{2}",
    r"x_1^2+x_2^{2}=x'^2+f''(x)",
    r"\left[\begin{array}{l} x=1 \\ x=-2 \end{array}\right.",
    r"\left\{\begin{aligned} &x+y=1\\ &x-y=3 \end{aligned}\right.",
    r"\begin{cases} 2x+1 & \text{khi } x\ge 0 \\ -x & \text{khi } x<0 \end{cases}",
    r"\heva{&x=1\\&y=2} \hoac{x=1\\x=2}",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}\begin{vmatrix} a & b \\ c & d \end{vmatrix}",
    r"\vec{a}\cdot\overrightarrow{AB}=\left|\vec a\right|\left|\overrightarrow{AB}\right|\cos\left(\vec a,\overrightarrow{AB}\right)",
    r"\widehat{ABC}=90^\circ, \overset{\frown}{AB}, \overline{abc}, \bar z, \underline{x}",
    r"\lim\limits_{x\to+\infty}\dfrac{2x+1}{x-1}=2",
    r"\lim_{x \to 0^{+}} f(x), \max_{[0;1]} f, \min\limits_{\mathbb{R}}y",
    r"\int\limits_0^1 x^2\mathrm{d}x = \int_{-1}^{1} f(x)\,dx",
    r"\sum_{k=0}^{n}\mathrm{C}_n^k a^{n-k}b^k=(a+b)^n",
    r"\displaystyle\sum\limits_{i=1}^n i=\frac{n(n+1)}2",
    r"\prod_{i=1}^n, \bigcup_{i} A_i, \iint_D f\,\mathrm dS",
    r"\log_2 x + \ln x + \sin^2 x+\cos 2x = \tan x",
    r"A=\{x\in\mathbb{R}\mid x^2>1\}, A\subset B, A\setminus B, \varnothing, \emptyset",
    r"\Delta ABC \backsim \Delta MNP, AB \parallel CD, a\perp b, a \not\subset b, x\ne 1, x \neq 2",
    r"\ce{2H2 + O2 ->[t^o] 2H2O}, \ce{SO4^2-}, \ce{Fe^3+}, \ce{^{14}_{6}C}, \ce{CuSO4.5H2O}, \ce{N2 + 3H2 <=>[xt][p] 2NH3}",
    r"\xrightarrow[p]{t^\circ, xt}, \xleftarrow{a}, \overbrace{a+b}^{n}, \underbrace{1+1}_{2}",
    r"\underset{x\to 0}{\lim} f, \overset{\text{đn}}{=}, \stackrel{a}{b}",
    r"{}^{14}_{6}\mathrm{C}, {}_nC_k, 30^\circ\text{C}, 25\%, 5\text{ km/h}, \mathrm{ƯCLN}(a,b)",
    r"\binom{n}{k}, {n \choose k}, {a \over b}, \boxed{x=1}, \cancel{x}",
    r"\big(x\big), \Bigl[ y \Bigr], \left(\frac{a}{b}\right)^2, \left]-\infty;1\right[, (1;2], [3;+\infty)",
    r"a\;b\,c\ d\quad e~f\!g",
    r"\mathbf{x}, \boldsymbol{\alpha}, \mathcal{C}, \mathfrak{g}, \bf x",
    r"x = 1 \\ y = 2",
    r"\text{Số nghiệm của $x^2=1$ là } 2",
    r"\sqrt{2\sqrt{3}}, \sqrt 2, \sqrt[n]{a^{m}}",
    r"\Leftrightarrow, \Rightarrow, \to, \mapsto, \pm, \mp, \infty, \alpha,\varphi,\Omega,\hbar,\ell,\ldots,\cdots",
    r"\operatorname{tg}x+\cotg x, \gcd(a,b), \arctan x, \limsup_{n} u_n",
    r"y=\left|x^2-1\right|, \left\| \vec{u} \right\|, \left\langle a\middle|b\right\rangle",
    r"đường thẳng d: y=ax+b",
    "x < y \\text{ và } a > b % ghi chú\n + 1",
];

#[test]
fn what_teachers_write_is_understood_and_written_in_one_spelling() {
    for source in WRITTEN {
        let node = parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        let written = to_latex(&node);
        let again = parse(&written).unwrap_or_else(|error| panic!("{source} became {written}: {error}"));
        assert_eq!(to_latex(&again), written, "{source}");
    }
}

#[test]
fn spellings_are_the_usual_ones() {
    for (source, expected) in [
        (r"\dfrac12x", r"\frac{1}{2}x"),
        (r"x'^2", r"x'^{2}"),
        (r"a\leq b\neq c", r"a\le b\ne c"),
        (r"\overrightarrow a", r"\vec{a}"),
        (r"\vec{AB}", r"\overrightarrow{AB}"),
        (r"\left\{\begin{array}{l}x\\y\end{array}\right.", r"\begin{cases}x \\ y\end{cases}"),
        (r"\heva{&x\\&y}\hoac{&x\\&y}", r"\begin{cases}x \\ y\end{cases}\left[\begin{array}{l}x \\ y\end{array}\right."),
        (r"đường thẳng d: y=1", r"\text{đường thẳng}d:y=1"),
        (r"\begin{bmatrix}1&2\end{bmatrix}", r"\begin{bmatrix}1 & 2\end{bmatrix}"),
        (r"90^\circ", r"90^{\circ}"),
        (r"90°", r"90^{\circ}"),
        (r"\lim\limits_{x\to 0}x", r"\lim\limits_{x\to0}x"),
        (r"\alpha b", r"\alpha b"),
    ] {
        assert_eq!(to_latex(&parse(source).unwrap()), expected, "{source}");
    }
}

#[test]
fn every_formula_is_a_well_formed_equation_without_empty_operands() {
    for source in WRITTEN {
        let omml = to_omml(&parse(source).unwrap());
        let root = Element::parse(omml.as_bytes(), "omml").unwrap_or_else(|error| panic!("{source}: {error} in {omml}"));
        assert_eq!(root.name, "oMath");
        for nary in find_all(&root, "nary").into_iter().chain(find_all(&root, "func")) {
            assert!(!nary.first("e").unwrap().children.is_empty(), "{source}: {omml}");
        }
    }
}

fn find_all<'a>(element: &'a Element, name: &str) -> Vec<&'a Element> {
    let mut out = Vec::new();
    for child in element.elements() {
        if child.name == name {
            out.push(child);
        }
        out.extend(find_all(child, name));
    }
    out
}

#[test]
fn what_is_not_understood_is_named() {
    assert_eq!(parse(r"\tikz{x}"), Err(LatexError::UnknownCommand(r"\tikz".to_owned())));
    assert_eq!(parse(r"\begin{tikzpicture}\end{tikzpicture}"), Err(LatexError::UnknownEnvironment("tikzpicture".to_owned())));
    assert!(matches!(parse(r"\frac{1}"), Err(LatexError::Missing(_))));
    assert!(matches!(parse(r"{a"), Err(LatexError::Missing(_))));
    assert!(matches!(parse(r"a}"), Err(LatexError::Unexpected(_))));
    assert_eq!(parse(&"{".repeat(500)), Err(LatexError::TooLarge));
    assert_eq!(parse(&"x".repeat(30_000)), Err(LatexError::TooLarge));
}

fn mathml(inside: &str) -> Result<String, String> {
    from_mathml(&Element::parse(format!("<m:math xmlns:m='x'>{inside}</m:math>").as_bytes(), "mathml").unwrap())
}

#[test]
fn mathml_of_editors_becomes_latex() {
    for (source, expected) in [
        ("<mfrac><mn>1</mn><mi>x</mi></mfrac>", r"\frac{1}{x}"),
        ("<m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup><m:mo>-</m:mo><m:mn>12</m:mn>", "x^{2}-12"),
        ("<mroot><mi>a</mi><mn>3</mn></mroot><msqrt><mi>b</mi><mo>+</mo><mn>1</mn></msqrt>", r"\sqrt[3]{a}\sqrt{b+1}"),
        (
            "<mover><mi>a</mi><mo>&#x2192;</mo></mover><mover><mrow><mi>A</mi><mi>B</mi></mrow><mo>&#xAF;</mo></mover>",
            r"\vec{a}\overline{AB}",
        ),
        ("<munder><mi>lim</mi><mrow><mi>x</mi><mo>&#x2192;</mo><mn>0</mn></mrow></munder><mi>sin</mi><mi>x</mi>", r"\lim_{x\to0}\sin x"),
        ("<munderover><mo>&#x2211;</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi>", r"\sum_{i=1}^{n}i"),
        (
            "<mo>{</mo><mtable columnalign='left'><mtr><mtd><mi>x</mi></mtd></mtr><mtr><mtd><mi>y</mi></mtd></mtr></mtable>",
            r"\begin{cases}x \\ y\end{cases}",
        ),
        ("<mfenced open='[' close=')'><mn>1</mn><mi>x</mi></mfenced>", r"\left[1,x\right)"),
        (
            "<mrow><mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable><mo>)</mo></mrow>",
            r"\begin{pmatrix}1 & 2\end{pmatrix}",
        ),
        ("<mmultiscripts><mi mathvariant='normal'>C</mi><mprescripts/><mn>6</mn><mn>14</mn></mmultiscripts>", r"{}_{6}^{14}\mathrm{C}"),
        ("<mover><mo>&#x2192;</mo><mtext>xt</mtext></mover>", r"\xrightarrow{\text{xt}}"),
        ("<mi>x</mi><mo>&#x2208;</mo><mi>&#x211D;</mi><mtext>, số &lt; 5%</mtext>", r"x\in\mathbb{R}\text{, số < 5\%}"),
        ("<semantics><mi>x</mi><annotation encoding='application/x-tex'>\\dfrac12</annotation></semantics>", r"\dfrac12"),
        ("<mstyle displaystyle='true'><mo>(</mo><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>)</mo></mstyle>", r"\left(\frac{a}{b}\right)"),
        (
            "<msub><mi>log</mi><mn>2</mn></msub><mi>x</mi><mspace width='0.17em'/><menclose notation='box'><mi>y</mi></menclose>",
            r"\log_{2}x\,\boxed{y}",
        ),
    ] {
        assert_eq!(mathml(source).as_deref(), Ok(expected), "{source}");
        parse(expected).unwrap();
    }
    assert_eq!(mathml(&format!("{}x{}", "<mrow>".repeat(100), "</mrow>".repeat(100))), Err("x".to_owned()));
    assert_eq!(mathml(""), Err(String::new()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_typed_does_harm(pieces in prop::collection::vec(prop::sample::select(vec![
        "\\frac", "\\sqrt", "[", "]", "{", "}", "^", "_", "'", "&", "\\\\", "\\left", "\\right", "(", ")", ".", "|", "\\begin{cases}", "\\end{cases}",
        "\\begin{array}{lc}", "\\end{array}", "\\text{", "$", "\\ce{", "->", "H2", "\\vec", "\\sum", "\\int", "\\limits", "\\lim", "x", "1", " ", "ế", "\\over", "\\not",
        "\\overset", "\\middle", "\\mathrm", "\\", "%", "\n", "\\xrightarrow", "\\heva{", "-", "\\genfrac", "\\operatorname",
    ]), 0..40)) {
        let source: String = pieces.concat();
        if let Ok(node) = parse(&source) {
            let written = to_latex(&node);
            let again = parse(&written).map_err(|error| TestCaseError::fail(format!("{source:?} became {written:?}: {error}")))?;
            // Senseless input may take two rounds to settle.
            let settled = to_latex(&again);
            prop_assert_eq!(to_latex(&parse(&settled).unwrap()), settled, "{}", source);
            Element::parse(to_omml(&node).as_bytes(), "omml").unwrap();
        }
    }

    #[test]
    fn no_letters_do_harm(source in ".{0,60}") {
        if let Ok(node) = parse(&source) {
            Element::parse(to_omml(&node).as_bytes(), "omml").unwrap();
            let _ = to_latex(&node);
        }
    }
}
