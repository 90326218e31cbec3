//! Passwords that everybody tries first, here and elsewhere, folded: without case, tone or spaces.

/// Whether a folded password is among them, with digits or signs at its end left out too.
pub(super) fn is_common(folded: &str) -> bool {
    let plain: String = folded.chars().filter(|letter| !letter.is_whitespace()).collect();
    let stem = plain.trim_end_matches(|letter: char| !letter.is_alphabetic());
    let one_letter = plain.chars().next().is_some_and(|first| plain.chars().all(|letter| letter == first));
    one_letter || COMMON.contains(&plain.as_str()) || WORDS.contains(&stem)
}

/// Refused exactly as they are.
const COMMON: &[&str] = &[
    "12345678", "123456789", "1234567890", "0123456789", "87654321", "987654321", "0987654321", "12341234", "11223344",
    "1122334455", "12121212", "123123123", "123321123", "147258369", "147852369", "123654789", "159753456", "963852741",
    "741852963", "789456123", "456789123", "11111111", "22222222", "66666666", "68686868", "88888888", "99999999",
    "00000000", "10101010", "01010101", "20202020", "12344321", "123454321", "1234abcd", "abcd1234", "abc12345",
    "abc123456", "abc123abc", "a1234567", "a12345678", "a123456789", "aa123456", "aa12345678", "1q2w3e4r", "1q2w3e4r5t",
    "q1w2e3r4", "1qaz2wsx", "zaq12wsx", "qazwsxedc", "q2w3e4r5", "123qwe123", "123qweasd", "1234qwer", "qwer1234",
    "asdf1234", "zxcv1234", "p@ssw0rd", "passw0rd", "pa55word", "pass1234", "admin123", "admin1234", "admin12345",
    "admin@123", "user1234", "test1234", "1234567a", "12345678a", "123456789a", "anhyeuem123", "19001009", "01020304",
    "02091945", "30041975", "19051890", "03021930", "22121944", "20112011", "10102010", "01012000", "01012010",
    "11112222", "12131415", "13579246", "24681357", "13572468", "36925814", "31415926", "314159265", "27182818",
    "11235813", "77777777", "55555555", "44444444", "33333333", "121212121", "123456123", "654321654", "112233445566",
    "0912345678", "0901234567", "0123456780", "0908070605", "0909090909", "0808080808", "0606060606", "0102030405",
];

/// Refused also with digits or signs behind them (`matkhau2026!`).
const WORDS: &[&str] = &[
    "password", "passwords", "letmein", "welcome", "iloveyou", "sunshine", "princess", "football", "baseball", "superman",
    "batman", "pokemon", "naruto", "doraemon", "dragon", "monkey", "master", "shadow", "michael", "jordan", "liverpool",
    "manchester", "barcelona", "chelsea", "arsenal", "realmadrid", "ronaldo", "messi", "qwerty", "qwertyuiop", "qwertyui",
    "asdfghjkl", "asdfghjk", "asdfgh", "zxcvbnm", "zxcvbnml", "abcdefgh", "abcdefghi", "abcdef", "abcxyz", "abc", "a",
    "aaaaaa", "computer", "internet", "samsung", "iphone", "facebook", "google", "youtube", "zalo", "tiktok", "gmail",
    "matkhau", "matkhaumoi", "matkhaucuatoi", "motconvit", "khongcho", "khongbiet", "khongnho", "khongcomatkhau", "quenmatkhau",
    "anhyeuem", "emyeuanh", "toiyeuem", "iloveyouforever", "yeuem", "yeuanh", "yeumenhieu", "yeume", "yeubame", "yeugiadinh",
    "giadinh", "bame", "mebe", "conyeu", "conyeume", "congai", "contrai", "chongyeu", "voyeu", "nhoanh", "nhoem",
    "vietnam", "vietnamvodich", "vietnamoi", "toiyeuvietnam", "hanoi", "saigon", "hochiminh", "bacho", "danang", "haiphong", "cantho",
    "hue", "hocsinh", "giaovien", "thaygiao", "cogiao", "hieutruong", "truonghoc", "lophoc", "hoctap", "hoctot",
    "thaytro", "nhatruong", "truong", "lop", "thpt", "thcs", "tieuhoc", "mamnon", "bogiaoduc", "sogiaoduc", "giaoduc", "lopmo",
    "xinchao", "xinchaocacban", "chaoban", "camon", "hanhphuc", "maiyeuem", "tinhyeu", "thanhcong", "maymanngayay", "mayman", "tien",
    "admin", "administrator", "quantri", "quantrivien", "root", "user", "guest", "test", "demo", "student", "teacher", "school",
    "school", "principal", "changeme", "default", "secret", "access", "login", "dangnhap", "taikhoan", "thanhvien",
    "nguyen", "nguyenvan", "nguyenthi", "tranvan", "tranthi", "levan", "lethi", "phamvan", "hoangvan",
];
