use axum::body::Body;
use http::{Request, header};
use kernel::{OrganisationKind, Role};

use super::tus::{header_of, school, upload};
use crate::support::{Reply, TestApp};

async fn get(app: &TestApp, path: &str, cookie: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().uri(path).header(header::HOST, "lopmo.test").header(header::COOKIE, cookie);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_file_is_sent_whole_in_parts_and_not_again() {
    for app in TestApp::each_engine().await {
        let (school, cookie) = school(&app).await;
        let id = upload(&app, &cookie, school, "Bảng \"điểm\".bin", b"\x00\x010123456789").await;
        let path = format!("/api/assets/{id}/file");
        let whole = get(&app, &path, &cookie, &[]).await.expect(200);
        assert_eq!(whole.body, b"\x00\x010123456789");
        assert_eq!(header_of(&whole, "x-content-type-options"), "nosniff");
        let disposition = header_of(&whole, "content-disposition");
        assert!(disposition.starts_with("attachment; filename=\"B_ng __i_m_.bin\"; filename*=UTF-8''B%E1%BA%A3ng%20%22"), "{disposition}");
        let etag = header_of(&whole, "etag");
        let part = get(&app, &path, &cookie, &[("range", "bytes=2-4"), ("if-range", &etag)]).await.expect(206);
        assert_eq!((part.body.as_slice(), header_of(&part, "content-range")), (&b"012"[..], "bytes 2-4/12".to_owned()));
        get(&app, &path, &cookie, &[("range", "bytes=2-4"), ("if-range", "\"other\"")]).await.expect(200);
        get(&app, &path, &cookie, &[("range", "bytes=12-")]).await.expect(416);
        get(&app, &path, &cookie, &[("if-none-match", &etag)]).await.expect(304);
        get(&app, &path, "", &[]).await.expect(401);
        let other = app.organisation(None, OrganisationKind::School, "Trường khác").await;
        app.person(other, Role::Administrator, "Người lạ", "nguoi.la").await;
        let stranger = app.sign_in("nguoi.la").await;
        get(&app, &path, &stranger, &[]).await.expect(404);
        get(&app, &format!("/api/assets/{id}/hls/master.m3u8"), &stranger, &[]).await.expect(404);
    }
}

#[tokio::test]
async fn pages_and_drawings_with_scripts_are_never_shown_in_place() {
    let app = TestApp::sqlite().await;
    let (school, cookie) = school(&app).await;
    for (name, bytes) in [
        ("a.html", "<!doctype html><script>alert(1)</script>"),
        ("a.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
    ] {
        let id = upload(&app, &cookie, school, name, bytes.as_bytes()).await;
        let reply = get(&app, &format!("/api/assets/{id}/file"), &cookie, &[]).await.expect(200);
        assert_eq!(header_of(&reply, "content-type"), "application/octet-stream", "{name}");
        assert!(header_of(&reply, "content-disposition").starts_with("attachment"), "{name}");
    }
}

#[tokio::test]
async fn captions_are_cleaned_and_bad_ones_named_by_line() {
    let app = TestApp::sqlite().await;
    let (school, cookie) = school(&app).await;
    let id = upload(&app, &cookie, school, "a.bin", b"\x00\x01").await;
    let put = async |language: &str, text: &str| {
        let request = Request::builder()
            .method("PUT")
            .uri(format!("/api/assets/{id}/captions/{language}?label=Ti%E1%BA%BFng"))
            .header(header::COOKIE, &cookie);
        app.send(request.header(header::HOST, "lopmo.test").body(Body::from(text.to_owned())).unwrap()).await
    };
    let row = put("vi", "1\n00:00:01,000 --> 00:00:02,500\n<script>x</script>Xin chào\n").await.expect(200).json();
    let url = row["captions"][0]["url"].as_str().unwrap().to_owned();
    let text = get(&app, &url, &cookie, &[]).await.expect(200);
    assert!(text.text().starts_with("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n") && !text.text().contains("<script"), "{}", text.text());
    assert_eq!(header_of(&text, "content-type"), "text/vtt; charset=utf-8");
    assert_eq!(put("en", "no times here").await.expect(422).code(), "bad-captions");
    put("not%20a%20language!", "x").await.expect(422);
    let chapters = serde_json::json!({ "chapters": [{ "start_us": 5_000_000, "title": "Hai" }, { "start_us": 0, "title": "Một" }] });
    let row = app.call("PUT", &format!("/api/assets/{id}/chapters"), &cookie, chapters).await.expect(200).json();
    assert_eq!(row["chapters"][0]["title"], "Một");
}

#[tokio::test]
async fn answers_of_text_are_compressed_and_files_are_sent_as_they_are() {
    let app = TestApp::sqlite().await;
    let (school, cookie) = school(&app).await;
    let plain = get(&app, "/api/curriculum", &cookie, &[]).await.expect(200);
    let packed = get(&app, "/api/curriculum", &cookie, &[("accept-encoding", "gzip, br")]).await.expect(200);
    assert_eq!(header_of(&packed, "content-encoding"), "br");
    assert!(packed.body.len() * 4 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
    let text = "Câu 1. ".repeat(1000);
    let id = upload(&app, &cookie, school, "đề.json", text.as_bytes()).await;
    let file = get(&app, &format!("/api/assets/{id}/file"), &cookie, &[("accept-encoding", "gzip, br")]).await.expect(200);
    assert_eq!((file.headers.get("content-encoding"), file.body.len()), (None, text.len()));
}

#[tokio::test]
async fn who_answers_for_a_schools_space_sees_all_its_files_and_the_largest_first() {
    for app in TestApp::each_engine().await {
        let (school, teacher) = school(&app).await;
        let campus = app.organisation(Some(school), OrganisationKind::Campus, "Điểm trường").await;
        app.person(campus, Role::Teacher, "Lê Văn Cường", "cuong.lv").await;
        app.person(school, Role::SchoolHead, "Phạm Thị Dung", "dung.pt").await;
        let other = app.organisation(None, OrganisationKind::School, "Trường khác").await;
        app.person(other, Role::SchoolHead, "Người lạ", "nguoi.la").await;
        let (colleague, head, stranger) = (app.sign_in("cuong.lv").await, app.sign_in("dung.pt").await, app.sign_in("nguoi.la").await);
        upload(&app, &teacher, school, "vừa.bin", b"\x00\x01\x02").await;
        upload(&app, &colleague, campus, "lớn.bin", b"\x00\x01\x02\x03").await;
        upload(&app, &teacher, school, "nhỏ.bin", b"\x00\x01").await;

        let names = async |query: &str, cookie: &str| -> Vec<String> {
            let reply = get(&app, &format!("/api/assets?organisation={school}{query}"), cookie, &[]).await.expect(200).json();
            reply["items"].as_array().unwrap().iter().map(|file| file["filename"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names("", &head).await, ["nhỏ.bin", "lớn.bin", "vừa.bin"]);
        assert_eq!(names("&sort=size", &head).await, ["lớn.bin", "vừa.bin", "nhỏ.bin"]);
        let first = get(&app, &format!("/api/assets?organisation={school}&sort=size&limit=2"), &head, &[]).await.expect(200).json();
        assert_eq!(first["items"][0]["owner"]["display_name"], "Lê Văn Cường");
        let next = first["next"].as_str().unwrap();
        assert_eq!(names(&format!("&sort=size&limit=2&after={next}"), &head).await, ["nhỏ.bin"]);
        // A teacher sees her own there, whatever the order.
        assert_eq!(names("&sort=size", &teacher).await, ["vừa.bin", "nhỏ.bin"]);
        get(&app, &format!("/api/assets?organisation={school}"), &stranger, &[]).await.expect(404);
        get(&app, &format!("/api/assets?organisation={school}&sort=colour"), &head, &[]).await.expect(422);
    }
}
