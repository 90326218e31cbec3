//! Lists of people, read and written.

use std::path::PathBuf;

use exchange::roster::{
    self, Field, Gender, PartialPerson, ProblemCode, Relative, RosterError, RosterRole, field_of_heading, parse_date, read,
};
use exchange::roster_export::write_xlsx;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

fn sample(name: &str) -> Option<Vec<u8>> {
    let place = std::env::var_os("LOPMO_SAMPLES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples"), PathBuf::from);
    std::fs::read(place.join(name)).ok()
}

fn codes(row: &roster::Row) -> Vec<&'static str> {
    row.problems.iter().map(|problem| problem.code.as_str()).collect()
}

#[test]
fn headings_are_known_in_any_spelling() {
    let table = [
        ("STT", Some(Field::Ordinal)),
        ("HỌ VÀ TÊN", Some(Field::FullName)),
        ("ho va ten", Some(Field::FullName)),
        ("Họ, tên học sinh", Some(Field::FullName)),
        ("Họ đệm", Some(Field::FamilyNames)),
        ("Họ và tên đệm", Some(Field::FamilyNames)),
        ("Tên", Some(Field::GivenName)),
        ("Ngày, tháng, năm sinh", Some(Field::BirthDate)),
        ("Ngày sinh (dd/mm/yyyy)", Some(Field::BirthDate)),
        ("Giới tính", Some(Field::Gender)),
        ("Phái", Some(Field::Gender)),
        ("Nữ", Some(Field::FemaleMark)),
        ("LỚP", Some(Field::Class)),
        ("Mã học sinh", Some(Field::Code)),
        ("Mã định danh Bộ GD&ĐT", Some(Field::MinistryId)),
        ("Mã định danh", Some(Field::MinistryId)),
        ("Mã HS", Some(Field::Code)),
        ("Số CCCD", Some(Field::NationalId)),
        ("Số CCCD/ĐDCN", Some(Field::NationalId)),
        ("Số định danh cá nhân", Some(Field::NationalId)),
        ("E-mail", Some(Field::Email)),
        ("SĐT", Some(Field::Phone)),
        ("Số điện thoại", Some(Field::Phone)),
        ("Tên đăng nhập", Some(Field::Username)),
        ("Vai trò", Some(Field::Role)),
        ("Dân tộc", Some(Field::Ethnicity)),
        ("Họ tên cha", Some(Field::FatherName)),
        ("Họ và tên bố", Some(Field::FatherName)),
        ("SĐT bố", Some(Field::FatherPhone)),
        ("Họ tên mẹ", Some(Field::MotherName)),
        ("Số điện thoại mẹ", Some(Field::MotherPhone)),
        ("Họ tên phụ huynh", Some(Field::GuardianName)),
        ("SĐT phụ huynh", Some(Field::GuardianPhone)),
        ("Nghề nghiệp mẹ", None),
        ("Năm sinh cha", None),
        ("Ngày cấp CCCD", None),
        ("Điểm trung bình", None),
    ];
    for (heading, field) in table {
        assert_eq!(field_of_heading(heading), field, "{heading}");
    }
}

#[test]
fn dates_are_read_day_first() {
    let table = [
        ("07/04/2011", Some(date(2011, 4, 7))),
        ("7-4-11", Some(date(2011, 4, 7))),
        ("7.4.2011", Some(date(2011, 4, 7))),
        ("1/2/85", Some(date(1985, 2, 1))),
        ("2011-04-07", Some(date(2011, 4, 7))),
        ("2011-04-07 00:00:00", Some(date(2011, 4, 7))),
        ("29/02/2012", Some(date(2012, 2, 29))),
        ("29/02/2011", None),
        ("31/02/2011", None),
        ("13/13/2011", None),
        ("2011", None),
        ("mùng 7", None),
        ("-7/4/2011", None),
    ];
    for (text, expected) in table {
        assert_eq!(parse_date(text), expected, "{text}");
    }
}

#[test]
fn a_faulty_csv_shows_each_faulty_row_and_nothing_else() {
    let Some(bytes) = sample("rosters/danh_sach_loi.csv") else {
        return;
    };
    let roster = read(&bytes).unwrap();
    assert_eq!(roster.rows.len(), 30);
    let faulty: Vec<(u32, Vec<&str>)> = roster.faulty_rows().map(|row| (row.line, codes(row))).collect();
    assert_eq!(
        faulty,
        [
            (5, vec!["bad-date"]),
            (7, vec!["missing-name"]),
            (9, vec!["duplicate-code"]),
            (15, vec!["bad-national-id"]),
            (21, vec!["unknown-gender"]),
            (25, vec!["bad-name"]),
        ]
    );
    assert!(!roster.is_clean());
    assert_eq!(roster.rows[11].person.birth_date, Some(date(2011, 4, 5)));
    assert_eq!(roster.rows[15].person.full_name.as_deref(), Some("nguyễn thị HOA"));
}

#[test]
fn one_sheet_with_titles_above_is_read() {
    let Some(bytes) = sample("rosters/danh_sach_kieu_a.xlsx") else {
        return;
    };
    let roster = read(&bytes).unwrap();
    assert!(roster.is_clean(), "{:?}", roster.faulty_rows().next());
    assert_eq!(roster.rows.len(), 126);
    let first = &roster.rows[0];
    assert_eq!(first.line, 6);
    assert_eq!(first.person.full_name.as_deref(), Some("Lê Gia Dung"));
    assert_eq!(first.person.class.as_deref(), Some("10A1"));
    assert_eq!(first.person.national_id.as_deref(), Some("096887515802"));
    assert_eq!(first.person.gender, Some(Gender::Male));
}

#[test]
fn a_sheet_a_class_with_names_apart_gives_the_same_people() {
    let (Some(one), Some(three)) = (sample("rosters/danh_sach_kieu_a.xlsx"), sample("rosters/danh_sach_kieu_b.xlsx")) else {
        return;
    };
    let key = |bytes: &[u8]| {
        let roster = read(bytes).unwrap();
        assert!(roster.is_clean(), "{:?} {:?}", roster.problems, roster.faulty_rows().next());
        roster
            .rows
            .into_iter()
            .map(|row| {
                let person = row.person;
                // The one calls it mã học sinh, the other mã định danh: it is the same number.
                (person.full_name, person.birth_date, person.gender, person.class, person.code.or(person.ministry_id))
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(key(&one), key(&three));
}

#[test]
fn the_same_list_is_read_in_any_encoding_and_with_any_separator() {
    let text = "TRƯỜNG THPT MẪU\r\n\r\nSTT,Họ và tên,Ngày sinh,Lớp\r\n1,Nguyễn Thị Đào,07/04/2011,10A1\r\n";
    let utf16 = |big: bool, mark: bool| {
        let mut out = Vec::new();
        for unit in (if mark { "\u{feff}" } else { "" }).encode_utf16().chain(text.encode_utf16()) {
            out.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        }
        out
    };
    let windows_1258 = b"STT;H\xf2o v\xccaa t\xean".to_vec();
    assert!(read(&windows_1258).is_ok() || read(&windows_1258).is_err());
    let encodings = [
        text.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        utf16(false, true),
        utf16(true, true),
        text.replace(',', ";").into_bytes(),
        text.replace(',', "\t").into_bytes(),
        format!("sep=;\r\n{}", text.replace(',', ";")).into_bytes(),
    ];
    for (index, bytes) in encodings.iter().enumerate() {
        let roster = read(bytes).unwrap();
        assert_eq!(roster.rows.len(), 1, "encoding {index}");
        let row = &roster.rows[0];
        assert_eq!(row.person.full_name.as_deref(), Some("Nguyễn Thị Đào"), "encoding {index}");
        assert_eq!(row.line, if index == 6 { 5 } else { 4 }, "encoding {index}");
        assert!(roster.is_clean());
    }
}

#[test]
fn a_list_in_windows_1258_is_read() {
    // "Họ và tên" and "Nguyễn Thị Đào": base letters, then tone bytes.
    let bytes = b"STT;H\x6f\xf2 v\x61\xcc t\xean;L\xf5\xecp\n1;Nguy\xea\xden Th\x69\xf2 \xd0\x61\xcco;10A1\n";
    let roster = read(bytes).unwrap();
    assert_eq!(roster.rows[0].person.full_name.as_deref(), Some("Nguyễn Thị Đào"));
    assert_eq!(roster.rows[0].person.class.as_deref(), Some("10A1"));
}

#[test]
fn numbers_typed_as_numbers_keep_their_zeros() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in ["Họ tên", "Ngày sinh", "Mã HS", "CCCD", "SĐT", "Ghi chú"].iter().enumerate() {
        sheet.write(1, u16::try_from(column).unwrap(), *heading).unwrap();
    }
    sheet.merge_range(0, 0, 0, 5, "DANH SÁCH LỚP 12 Toán", &Format::new()).unwrap();
    sheet.write(2, 0, "Lê A").unwrap();
    let date_format = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_datetime_with_format(2, 1, ExcelDateTime::from_ymd(2011, 4, 7).unwrap(), &date_format).unwrap();
    sheet.write(2, 2, 26_933_963_998_f64).unwrap();
    sheet.write(2, 3, 96_887_515_802_f64).unwrap();
    sheet.write(2, 4, 912_345_678).unwrap();
    sheet.write(3, 0, "Danh sách này có 1 học sinh").unwrap();
    sheet.write(5, 3, "HIỆU TRƯỞNG").unwrap();
    let roster = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(roster.rows.len(), 1, "{:?}", roster.rows);
    let person = &roster.rows[0].person;
    assert_eq!(person.birth_date, Some(date(2011, 4, 7)));
    assert_eq!(person.code.as_deref(), Some("26933963998"));
    assert_eq!(person.national_id.as_deref(), Some("096887515802"));
    assert_eq!(person.phone.as_deref(), Some("0912345678"));
    assert!(roster.is_clean(), "{:?}", roster.rows[0].problems);
}

#[test]
fn a_name_heading_over_two_columns_is_split() {
    let text = "STT,Họ và tên,,Lớp,Năm sinh\n1,Lê Gia,Dung,10A1,2011\n2,Ngô Hải,Điệp,10A1,22/10/2010\n(1),(2),(3),(4),(5)\n";
    let roster = read(text.as_bytes()).unwrap();
    let names: Vec<_> = roster.rows.iter().map(|row| row.person.full_name.as_deref()).collect();
    assert_eq!(names, [Some("Lê Gia Dung"), Some("Ngô Hải Điệp")]);
    assert_eq!(codes(&roster.rows[0]), ["bad-date"]);
    assert!(codes(&roster.rows[1]).is_empty());
}

#[test]
fn two_rows_of_headings_are_one() {
    let text = "STT,Họ và tên,Cha,,Mẹ,\n,,Họ tên cha,SĐT cha,Họ tên mẹ,SĐT mẹ\n1,Lê A,Lê B,0912345678,Ngô C,0987654321\n";
    let roster = read(text.as_bytes()).unwrap();
    assert!(roster.is_clean(), "{:?}", roster);
    let person = &roster.rows[0].person;
    assert_eq!(person.father.name.as_deref(), Some("Lê B"));
    assert_eq!(person.mother.phone.as_deref(), Some("0987654321"));
}

#[test]
fn a_cell_at_the_far_end_of_a_sheet_costs_nothing() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Họ và tên").unwrap();
    sheet.write(0, 1, "Lớp").unwrap();
    sheet.write(1, 0, "Lê A").unwrap();
    sheet.write(1_048_575, 16_383, "far").unwrap();
    let roster = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(roster.rows.len(), 1);
}

#[test]
fn duplicates_are_reported_on_the_later_row() {
    let text = "Họ và tên,Ngày sinh,Email,Tên đăng nhập,Số CCCD\n\
        Lê A,1/1/2011,a@x.vn,lea,001111111111\n\
        Lê B,1/1/2011,A@X.VN,LEA,001111111111\n\
        Lê C,1/1/2011,,,\nLê C,01/01/2011,,,\n";
    let roster = read(text.as_bytes()).unwrap();
    assert!(codes(&roster.rows[0]).is_empty());
    assert_eq!(codes(&roster.rows[1]), ["duplicate-national-id", "duplicate-email", "duplicate-username"]);
    assert!(codes(&roster.rows[2]).is_empty());
    assert_eq!(codes(&roster.rows[3]), ["duplicate-person"]);
}

#[test]
fn files_that_are_no_lists_are_refused_with_a_reason() {
    assert_eq!(read(b"").unwrap_err().code(), "empty");
    assert_eq!(read(b"\n\n;;;\n").unwrap_err().code(), "empty");
    assert_eq!(read(b"%PDF-1.7 ...").unwrap_err().code(), "unknown-kind");
    assert_eq!(read(b"PK\x03\x04 nothing").unwrap_err().code(), "unknown-kind");
    let no_headings = read("một,hai\nba,bốn\n".as_bytes()).unwrap();
    assert_eq!(no_headings.problems[0].code, ProblemCode::NoHeadings);
    assert!(!no_headings.is_clean());
    let no_names = read("STT,Ngày sinh\n1,1/1/2011\n".as_bytes()).unwrap();
    assert_eq!(no_names.problems[0].code, ProblemCode::NoNameColumn);
    let mut long = String::from("Họ và tên,Lớp\n");
    for _ in 0..=roster::MAX_ROWS {
        long.push_str("Lê A,10A\n");
    }
    assert!(matches!(read(long.as_bytes()), Err(RosterError::TooManyRows { .. })));
}

#[test]
fn hostile_archives_are_refused() {
    for name in ["bomb_1GiB_flat.zip", "bomb_nested_10x1GiB.zip", "many_100k_entries.zip", "dup_names.zip"] {
        if let Some(bytes) = sample(&format!("security/zips/{name}")) {
            assert!(read(&bytes).is_err(), "{name}");
        }
    }
}

#[test]
fn a_long_text_that_thousands_of_cells_share_is_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let long = "b".repeat(30_000);
    sheet.write_string(0, 0, "Họ và tên").unwrap();
    for row in 1..2_000 {
        sheet.write_string(row, 0, &long).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    assert!(bytes.len() < 200_000, "the file itself is small");
    assert!(matches!(read(&bytes), Err(RosterError::TooLarge(_))));
}

#[test]
fn an_export_does_not_run_formulas() {
    let person = PartialPerson { full_name: Some("=HYPERLINK(\"http://example.org\")".to_owned()), ..PartialPerson::default() };
    let bytes = write_xlsx(&[person]).unwrap();
    let text = exchange::text::extract(&bytes).unwrap().joined();
    assert!(text.contains("=HYPERLINK"), "{text}");
    let roster = read(&bytes).unwrap();
    assert_eq!(codes(&roster.rows[0]), ["bad-name"]);
}

fn any_date() -> impl Strategy<Value = Date> {
    (1950_i16..2026, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn any_name() -> impl Strategy<Value = String> {
    proptest::collection::vec("[A-ZĐ][a-zăâêôơưđếệọạủỳ]{0,6}", 2..5).prop_map(|words| words.join(" "))
}

prop_compose! {
    fn any_person()(
        full_name in any_name(),
        birth_date in proptest::option::of(any_date()),
        gender in proptest::option::of(prop_oneof![Just(Gender::Male), Just(Gender::Female)]),
        class in proptest::option::of("(1[0-2]|[1-9])[A-D][1-9]"),
        email in proptest::option::of("[a-z]{3,8}@[a-z]{2,6}\\.vn"),
        phone in proptest::option::of("0[1-9][0-9]{8}"),
        role in proptest::option::of(prop_oneof![
            Just(RosterRole::Pupil), Just(RosterRole::Teacher), Just(RosterRole::Reviewer),
            Just(RosterRole::SchoolHead), Just(RosterRole::Administrator), Just(RosterRole::Parent)]),
        father in proptest::option::of(any_name()),
        mother_phone in proptest::option::of("0[1-9][0-9]{8}"),
        guardian in proptest::option::of(any_name()),
    ) -> PartialPerson {
        PartialPerson {
            full_name: Some(full_name), birth_date, gender, class, email, phone, role,
            father: Relative { name: father, phone: None },
            mother: Relative { name: None, phone: mother_phone },
            guardian: Relative { name: guardian, phone: None },
            ..PartialPerson::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn what_was_exported_is_imported_without_difference(mut people in proptest::collection::vec(any_person(), 1..12)) {
        for (index, person) in people.iter_mut().enumerate() {
            person.code = Some(format!("HS{index:05}"));
            person.national_id = Some(format!("{index:012}"));
            person.email = person.email.take().map(|email| format!("{index}{email}"));
        }
        let roster = read(&write_xlsx(&people).unwrap()).unwrap();
        prop_assert!(roster.is_clean(), "{:?}", roster.faulty_rows().next());
        let back: Vec<PartialPerson> = roster.rows.into_iter().map(|row| row.person).collect();
        prop_assert_eq!(back, people);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "(Họ và tên|Lớp|Ngày sinh|[;,\t\n\"=x0-9/ ]|\\PC){0,80}") {
        let _ = read(text.as_bytes());
    }
}
