//! Headings in whatever spelling schools use.

use super::Field;
use crate::vietnamese::fold;

/// Letters and digits of a heading, folded, single spaces; remarks in brackets dropped.
fn normal_form(heading: &str) -> String {
    let folded = fold(heading);
    let mut out = String::new();
    let mut depth = 0_u32;
    for letter in folded.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if letter.is_alphanumeric() => out.push(letter),
            _ if !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
    out.trim().to_owned()
}

/// What a heading means; `None` when it is none we know.
///
/// `HỌ VÀ TÊN`, `Ho ten`, `Họ, tên` are one; so are `Số CCCD/ĐDCN` and `CMND`.
pub fn field_of_heading(heading: &str) -> Option<Field> {
    let normal = normal_form(heading);
    let normal = normal.strip_suffix(" hs").unwrap_or(&normal);
    exact(normal).or_else(|| by_words(normal))
}

fn exact(normal: &str) -> Option<Field> {
    Some(match normal {
        "stt" | "tt" | "so tt" | "so thu tu" | "thu tu" | "no" | "#" => Field::Ordinal,
        "ho va ten"
        | "ho ten"
        | "ho va ten hoc sinh"
        | "ho ten hoc sinh"
        | "ho va ten giao vien"
        | "ho ten giao vien"
        | "ten hoc sinh"
        | "ten giao vien"
        | "hoc sinh"
        | "ho va ten day du"
        | "ho va ten gv"
        | "ho ten gv"
        | "ho ten can bo"
        | "ho va ten can bo"
        | "full name"
        | "fullname"
        | "name"
        | "student name"
        | "hovaten"
        | "hoten" => Field::FullName,
        "ho dem" | "ho va dem" | "ho lot" | "ho va ten dem" | "ho ten dem" | "ho va ten lot" | "ho" | "ho va chu lot" | "ho chu lot"
        | "ho va lot" | "last name" | "family name" | "surname" => Field::FamilyNames,
        "ten" | "first name" | "given name" => Field::GivenName,
        "ngay sinh"
        | "ngay thang nam sinh"
        | "ngay thang nam"
        | "ns"
        | "nam sinh"
        | "sinh ngay"
        | "ngay sinh hoc sinh"
        | "ngaysinh"
        | "birthday"
        | "date of birth"
        | "dob"
        | "birth date" => Field::BirthDate,
        "gioi tinh" | "phai" | "gioi" | "nam nu" | "gt" | "gioitinh" | "gender" | "sex" => Field::Gender,
        "nu" => Field::FemaleMark,
        "nam" => Field::MaleMark,
        "lop" | "lop hoc" | "ten lop" | "ma lop" | "lop hien tai" | "class" => Field::Class,
        "email" | "e mail" | "thu dien tu" | "dia chi email" | "dia chi thu dien tu" | "mail" | "hop thu" => Field::Email,
        "dien thoai"
        | "so dien thoai"
        | "sdt"
        | "dt"
        | "so dt"
        | "di dong"
        | "phone"
        | "dien thoai hoc sinh"
        | "so dien thoai hoc sinh"
        | "sdt hoc sinh"
        | "dien thoai lien he"
        | "mobile" => Field::Phone,
        "ten dang nhap" | "tai khoan" | "ten tai khoan" | "username" | "user name" | "user" | "login" => Field::Username,
        "vai tro" | "chuc vu" | "chuc danh" | "loai nguoi dung" | "role" => Field::Role,
        "dan toc" => Field::Ethnicity,
        "ghi chu" | "note" | "notes" => Field::Note,
        "ma" | "ma so" | "mshs" | "ma hs" | "code" | "student id" | "id" => Field::Code,
        _ => return None,
    })
}

/// The long tail: what the words say, relatives before the pupil herself.
fn by_words(normal: &str) -> Option<Field> {
    let words: Vec<&str> = normal.split(' ').collect();
    if words.len() > 10 {
        return None;
    }
    let has = |word: &str| words.contains(&word);
    let phrase = |text: &str| format!(" {normal} ").contains(&format!(" {text} "));
    let phone = phrase("dien thoai") || has("sdt") || has("dt") || phrase("di dong");
    let named = phrase("ho ten") || phrase("ho va ten") || has("ten");
    let other = has("nghe") || has("nam") || has("ngay") || phrase("dia chi") || has("email") || has("cccd");
    if has("cha") || has("bo") && !phrase("bo gd") && !phrase("can bo") && !phrase("bo mon") && !has("bo gddt") {
        return match () {
            () if other => None,
            () if phone => Some(Field::FatherPhone),
            () if named || words.len() <= 2 => Some(Field::FatherName),
            () => None,
        };
    }
    if has("me") {
        return match () {
            () if other => None,
            () if phone => Some(Field::MotherPhone),
            () if named || words.len() <= 2 => Some(Field::MotherName),
            () => None,
        };
    }
    if phrase("phu huynh") || has("ph") || has("phhs") || phrase("giam ho") || phrase("nguoi do dau") {
        return match () {
            () if other => None,
            () if phone => Some(Field::GuardianPhone),
            () if named || words.len() <= 3 => Some(Field::GuardianName),
            () => None,
        };
    }
    let document = has("cccd")
        || has("cmnd")
        || has("ddcn")
        || has("cmt")
        || phrase("can cuoc")
        || phrase("dinh danh ca nhan")
        || phrase("chung minh");
    if document && !has("ngay") && !has("noi") && !phrase("cap") {
        return Some(Field::NationalId);
    }
    if has("ma") && phrase("dinh danh") {
        return Some(Field::MinistryId);
    }
    let person = phrase("hoc sinh")
        || has("hs")
        || phrase("giao vien")
        || has("gv")
        || phrase("can bo")
        || phrase("hoc vien")
        || phrase("so hs")
        || phrase("nhan su");
    if (has("ma") || phrase("so hieu")) && person {
        return Some(Field::Code);
    }
    if phrase("ngay sinh") || phrase("ngay thang nam sinh") {
        return Some(Field::BirthDate);
    }
    if phrase("ho va ten") || phrase("ho ten") {
        return Some(Field::FullName);
    }
    if phone && !has("nha") {
        return Some(Field::Phone);
    }
    None
}
