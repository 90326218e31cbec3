//! Papers ready to be filled: the national forms since 2025 for every subject, periodic papers, and simple ones.

use papers::model::{Exact, QuestionType};
use serde::Serialize;

use crate::rules::{PartRules, PointRule};

/// A paper to be filled.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = TestTemplate)]
pub struct Template {
    /// Stable: `thpt2025-toan`. The screen names it in its own words.
    pub id: &'static str,
    /// Codes of the curriculum's subjects it is for; none where it is for all.
    pub subjects: &'static [&'static str],
    /// How long it lasts; as long as one likes where there is none.
    pub minutes: Option<u32>,
    /// What the whole is scaled to.
    #[schema(value_type = String)]
    pub out_of: Exact,
    /// Decimals of a mark.
    pub decimals: u32,
    /// In order.
    pub parts: Vec<TemplatePart>,
}

/// A part to be filled.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = TestTemplatePart)]
pub struct TemplatePart {
    /// As papers print it, in Vietnamese as they are; empty where there is one part only.
    pub title: &'static str,
    /// The kind of its questions; any where there is none.
    #[serde(rename = "type")]
    pub kind: Option<QuestionType>,
    /// How many questions; as many as one likes where there is none.
    pub count: Option<u32>,
    /// How it is marked.
    pub rules: PartRules,
    /// Points of single questions in order, where they differ; none where [`PartRules::points`] says it all.
    #[schema(value_type = Vec<String>)]
    pub item_points: Vec<Exact>,
}

const CHOICE: &str = "Phần I. Câu trắc nghiệm nhiều phương án lựa chọn";
const TRUE_FALSE: &str = "Phần II. Câu trắc nghiệm đúng sai";
const SHORT: &str = "Phần III. Câu trắc nghiệm trả lời ngắn";
const FOREIGN: &[&str] = &["tieng-anh", "tieng-phap", "tieng-trung-quoc", "tieng-nga", "tieng-nhat", "tieng-han", "tieng-duc"];

/// All templates, national ones first.
///
/// National ones are QĐ 764/QĐ-BGDĐT: 0.25 for a question of Part I; 1 for one of Part II, by steps; 0.5 (Toán) or 0.25
/// for one of Part III; Tin học prints six questions in Part II, of which four are answered.
#[must_use]
pub fn all() -> Vec<Template> {
    let mut all = vec![national("thpt2025-toan", &["toan"], 90, vec![choices(12), true_false(4), short(6, 50)])];
    for (id, subject) in [
        ("thpt2025-vat-li", &["vat-li"]),
        ("thpt2025-hoa-hoc", &["hoa-hoc"]),
        ("thpt2025-sinh-hoc", &["sinh-hoc"]),
        ("thpt2025-dia-li", &["dia-li"]),
    ] {
        all.push(national(id, subject, 50, vec![choices(18), true_false(4), short(6, 25)]));
    }
    for (id, subject) in
        [("thpt2025-lich-su", &["lich-su"]), ("thpt2025-gdktpl", &["giao-duc-kinh-te-phap-luat"]), ("thpt2025-cong-nghe", &["cong-nghe"])]
    {
        all.push(national(id, subject, 50, vec![choices(24), true_false(4)]));
    }
    let mut four_of_six = true_false(6);
    four_of_six.rules.answer_at_most = Some(4);
    all.push(national("thpt2025-tin-hoc", &["tin-hoc"], 50, vec![choices(24), four_of_six]));
    all.push(national("thpt2025-ngoai-ngu", FOREIGN, 50, vec![TemplatePart { title: "", ..choices(40) }]));
    all.push(national("thpt2025-ngu-van", &["ngu-van"], 120, literature()));
    all.extend(periodic());
    all.extend(simple());
    all
}

/// By its id.
#[must_use]
pub fn lookup(id: &str) -> Option<Template> {
    all().into_iter().find(|template| template.id == id)
}

fn national(id: &'static str, subjects: &'static [&'static str], minutes: u32, parts: Vec<TemplatePart>) -> Template {
    Template { id, subjects, minutes: Some(minutes), out_of: Exact::TEN, decimals: 2, parts }
}

fn part(title: &'static str, kind: Option<QuestionType>, count: Option<u32>, points: PointRule) -> TemplatePart {
    TemplatePart { title, kind, count, rules: PartRules { points, ..PartRules::default() }, item_points: Vec::new() }
}

fn choices(count: u32) -> TemplatePart {
    part(CHOICE, Some(QuestionType::SingleChoice), Some(count), PointRule::PerQuestion(Exact::new(25, 2)))
}

fn true_false(count: u32) -> TemplatePart {
    part(TRUE_FALSE, Some(QuestionType::TrueFalse), Some(count), PointRule::PerQuestion(Exact::ONE))
}

fn short(count: u32, hundredths: i64) -> TemplatePart {
    part(SHORT, Some(QuestionType::ShortAnswer), Some(count), PointRule::PerQuestion(Exact::new(hundredths, 2)))
}

/// Reading 4 points, writing 6: a passage of 2 and an essay of 4.
fn literature() -> Vec<TemplatePart> {
    let reading = part("Phần I. Đọc hiểu", Some(QuestionType::Essay), Some(5), PointRule::Total(Exact::from(4)));
    let mut writing = part("Phần II. Viết", Some(QuestionType::Essay), Some(2), PointRule::Total(Exact::from(6)));
    writing.item_points = vec![Exact::TWO, Exact::from(4)];
    vec![reading, writing]
}

/// CV 7991/BGDĐT-GDTrH: 3–2–2–3 points by kind; without short answers their points go to true/false. Marks have one
/// decimal (TT 22/2021).
fn periodic() -> [Template; 2] {
    let total = |title, kind, count, points: u32| part(title, Some(kind), count, PointRule::Total(Exact::from(points)));
    let essays = |title| total(title, QuestionType::Essay, None, 3);
    let paper = |id, parts| Template { id, subjects: &[], minutes: Some(45), out_of: Exact::TEN, decimals: 1, parts };
    let first = || total(CHOICE, QuestionType::SingleChoice, Some(12), 3);
    [
        paper(
            "dinh-ki",
            vec![
                first(),
                total(TRUE_FALSE, QuestionType::TrueFalse, Some(2), 2),
                total(SHORT, QuestionType::ShortAnswer, Some(4), 2),
                essays("Phần IV. Tự luận"),
            ],
        ),
        paper(
            "dinh-ki-khong-tra-loi-ngan",
            vec![first(), total(TRUE_FALSE, QuestionType::TrueFalse, Some(4), 4), essays("Phần III. Tự luận")],
        ),
    ]
}

fn simple() -> [Template; 3] {
    let paper = |id, minutes, part| Template { id, subjects: &[], minutes, out_of: Exact::TEN, decimals: 1, parts: vec![part] };
    let one_each = || PointRule::PerQuestion(Exact::ONE);
    [
        paper("10-cau", None, part("", Some(QuestionType::SingleChoice), Some(10), one_each())),
        paper("15-phut", Some(15), part("", None, None, PointRule::Total(Exact::TEN))),
        paper("free", None, part("", None, None, one_each())),
    ]
}
