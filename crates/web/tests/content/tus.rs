use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::stream;
use http::{Request, header};
use kernel::{OrganisationId, OrganisationKind, Role};
use sha2::{Digest as _, Sha256};

use crate::support::{Reply, TestApp};

/// A school with a teacher who is signed in.
pub async fn school(app: &TestApp) -> (OrganisationId, String) {
    let school = app.organisation(None, OrganisationKind::School, "Trường Hoa Sen").await;
    app.person(school, Role::Teacher, "Trần Thị Bình", "binh.tt").await;
    (school, app.sign_in("binh.tt").await)
}

fn request(method: &str, path: &str, cookie: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "lopmo.test")
        .header(header::COOKIE, cookie)
        .header("tus-resumable", "1.0.0")
}

fn metadata(school: OrganisationId, filename: &str) -> String {
    format!("filename {},organisation {}", STANDARD.encode(filename), STANDARD.encode(school.to_string()))
}

pub async fn begin(app: &TestApp, cookie: &str, school: OrganisationId, filename: &str, length: usize) -> String {
    let begun =
        request("POST", "/api/uploads", cookie).header("upload-length", length).header("upload-metadata", metadata(school, filename));
    let reply = app.send(begun.body(Body::empty()).unwrap()).await.expect(201);
    header_of(&reply, "location")
}

pub fn header_of(reply: &Reply, name: &str) -> String {
    reply.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

pub async fn patch(app: &TestApp, cookie: &str, place: &str, offset: usize, body: Body) -> Reply {
    let patch =
        request("PATCH", place, cookie).header("upload-offset", offset).header(header::CONTENT_TYPE, "application/offset+octet-stream");
    app.send(patch.body(body).unwrap()).await
}

/// Uploads a file and lets it be looked at; its id.
pub async fn upload(app: &TestApp, cookie: &str, school: OrganisationId, filename: &str, bytes: &[u8]) -> String {
    let place = begin(app, cookie, school, filename, bytes.len()).await;
    let done = patch(app, cookie, &place, 0, Body::from(bytes.to_vec())).await.expect(204);
    let asset = header_of(&done, "upload-asset");
    let upload = place.rsplit('/').next().unwrap().parse().unwrap();
    content::processing::finish(&app.app.content, upload, asset.parse().unwrap()).await.unwrap();
    asset
}

#[tokio::test]
async fn an_upload_survives_a_lost_connection() {
    for app in TestApp::each_engine().await {
        let (school, cookie) = school(&app).await;
        let place = begin(&app, &cookie, school, "Bài 1.bin", 10).await;
        let dying = stream::iter([Ok(Bytes::from_static(b"abcd")), Err(std::io::Error::other("gone"))]);
        patch(&app, &cookie, &place, 0, Body::from_stream(dying)).await.expect(400);
        let head = app.send(request("HEAD", &place, &cookie).body(Body::empty()).unwrap()).await.expect(200);
        assert_eq!((header_of(&head, "upload-offset"), header_of(&head, "upload-length")), ("4".to_owned(), "10".to_owned()));
        assert!(header_of(&head, "upload-expires").ends_with(" GMT"));
        assert_eq!(patch(&app, &cookie, &place, 0, Body::from("abcdefghij")).await.expect(409).code(), "conflict");
        let done = patch(&app, &cookie, &place, 4, Body::from("efghij")).await.expect(204);
        assert_eq!(header_of(&done, "upload-offset"), "10");
        let asset = header_of(&done, "upload-asset");
        let row = app.get(&format!("/api/assets/{asset}"), &cookie).await.expect(200).json();
        assert_eq!((row["state"].as_str(), row["filename"].as_str()), (Some("checking"), Some("Bài 1.bin")));
        // Asked again, as a client does that lost the last reply.
        let head = app.send(request("HEAD", &place, &cookie).body(Body::empty()).unwrap()).await.expect(200);
        assert_eq!(header_of(&head, "upload-asset"), asset);
    }
}

#[tokio::test]
async fn a_checksum_that_does_not_match_keeps_nothing() {
    let app = TestApp::sqlite().await;
    let (school, cookie) = school(&app).await;
    let place = begin(&app, &cookie, school, "a", 4).await;
    let send = async |sum: String| {
        let patch =
            request("PATCH", &place, &cookie).header("upload-offset", 0).header(header::CONTENT_TYPE, "application/offset+octet-stream");
        app.send(patch.header("upload-checksum", sum).body(Body::from("abcd")).unwrap()).await
    };
    let sum = |bytes: &[u8]| format!("sha256 {}", STANDARD.encode(Sha256::digest(bytes)));
    assert_eq!(send(sum(b"abce")).await.expect(460).code(), "checksum-mismatch");
    send("md5 AAAA".to_owned()).await.expect(400);
    send("sha256 %%%".to_owned()).await.expect(400);
    send(sum(b"abcd")).await.expect(204);
}

#[tokio::test]
async fn hostile_headers_are_refused_as_problems() {
    let app = TestApp::sqlite().await;
    let (school, cookie) = school(&app).await;
    let good = metadata(school, "a");
    let cases: [(&str, &str, u16); 9] = [
        ("10", "", 422),
        ("10", "organisation !!!", 422),
        ("10", "organisation AAAA", 422),
        ("10", "filename //8=,organisation AAAA", 422),
        ("-1", &good, 422),
        ("", &good, 422),
        ("ten", &good, 422),
        ("99999999999999999999", &good, 413),
        ("9223372036854775807", &good, 413),
    ];
    for (length, metadata, status) in cases {
        let post = request("POST", "/api/uploads", &cookie).header("upload-length", length).header("upload-metadata", metadata);
        let reply = app.send(post.body(Body::empty()).unwrap()).await.expect(status);
        assert_eq!(header_of(&reply, "content-type"), "application/problem+json", "{length} {metadata}");
        assert_eq!(header_of(&reply, "tus-resumable"), "1.0.0");
    }
    let other = format!("organisation {}", STANDARD.encode(uuid::Uuid::nil().to_string()));
    let post = request("POST", "/api/uploads", &cookie).header("upload-length", 1).header("upload-metadata", other);
    app.send(post.body(Body::empty()).unwrap()).await.expect(404);
    let old = Request::builder().method("POST").uri("/api/uploads").header(header::COOKIE, &cookie).header("upload-length", 1);
    app.send(old.body(Body::empty()).unwrap()).await.expect(412);
    let anonymous = request("POST", "/api/uploads", "").header("upload-length", 1).header("upload-metadata", good.as_str());
    app.send(anonymous.body(Body::empty()).unwrap()).await.expect(401);
}

#[tokio::test]
async fn a_first_piece_may_come_with_the_creation_and_an_upload_can_be_given_up() {
    let app = TestApp::sqlite().await;
    let (school, cookie) = school(&app).await;
    let post = request("POST", "/api/uploads", &cookie)
        .header("upload-length", 4)
        .header("upload-metadata", metadata(school, "a"))
        .header(header::CONTENT_TYPE, "application/offset+octet-stream");
    let reply = app.send(post.body(Body::from("ab")).unwrap()).await.expect(201);
    assert_eq!(header_of(&reply, "upload-offset"), "2");
    let place = header_of(&reply, "location");
    app.send(request("DELETE", &place, &cookie).body(Body::empty()).unwrap()).await.expect(204);
    app.send(request("HEAD", &place, &cookie).body(Body::empty()).unwrap()).await.expect(410);
    assert_eq!(patch(&app, &cookie, &place, 2, Body::from("cd")).await.expect(410).code(), "upload-gone");
    let options = app.send(Request::builder().method("OPTIONS").uri("/api/uploads").body(Body::empty()).unwrap()).await.expect(204);
    assert!(header_of(&options, "tus-extension").contains("checksum"));
}
