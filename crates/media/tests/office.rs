//! Old Word files through LibreOffice in its sandbox.
#![allow(clippy::unwrap_used, reason = "a test's helpers stand outside its functions")]

mod support;

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use media::office::{LibreOffice, OfficeError, to_docx, to_docx_blocking};
use media::{Child, Event, Limits, OfficeSpec, Reason, Task};
use support::program;
use tempfile::TempDir;

/// LibreOffice, or `None` with a note; in CI it may not be missing.
fn office() -> Option<LibreOffice> {
    let found = LibreOffice::find();
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "LibreOffice must be installed in CI");
        println!("NOTE: LibreOffice is absent, this test was left out");
    }
    found
}

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn docx(body: &str, relations: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let package = "http://schemas.openxmlformats.org/package/2006";
    for (name, text) in [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" \
                 ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{RELATIONS}/officeDocument\" \
                 Target=\"word/document.xml\"/></Relationships>"
            ),
        ),
        ("word/_rels/document.xml.rels", format!("<Relationships xmlns=\"{package}/relationships\">{relations}</Relationships>")),
        ("word/document.xml", format!("<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A `.doc` that LibreOffice made, outside any sandbox.
fn old_word(office: &LibreOffice, folder: &Path, docx: &[u8]) -> PathBuf {
    let source = folder.join("made.docx");
    std::fs::write(&source, docx).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let made = folder.join("made.doc");
    // The first start only makes its profile.
    for _ in 0..2 {
        if !made.exists() {
            let mut command = Command::new(office.program());
            command.args(["--headless", "--norestore", &profile, "--convert-to", "doc:MS Word 97", "--outdir"]).arg(folder).arg(&source);
            command.env("HOME", folder).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        }
    }
    assert!(made.exists(), "LibreOffice made no .doc");
    made
}

fn part(docx: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(docx).unwrap()).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

fn written(folder: &TempDir, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join("source");
    std::fs::write(&path, bytes).unwrap();
    path
}

#[tokio::test]
async fn an_old_word_file_becomes_a_new_one_with_its_fonts_and_colours() {
    let Some(office) = office() else { return };
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let body = "<w:p><w:r><w:rPr><w:rFonts w:ascii=\"VNI-Times\" w:hAnsi=\"VNI-Times\"/></w:rPr><w:t>Caâu 1. Chaát naøo?</w:t></w:r></w:p>\
        <w:p><w:r><w:rPr><w:color w:val=\"FF0000\"/></w:rPr><w:t>A.</w:t></w:r><w:r><w:t xml:space=\"preserve\"> oxi</w:t></w:r></w:p>";
    let doc = old_word(&office, folder.path(), &docx(body, ""));
    let made = to_docx(program(), &doc, out.path()).await.unwrap();
    let text = part(&made, "word/document.xml");
    assert!(text.contains("Caâu 1. Chaát naøo?") && text.contains("w:ascii=\"VNI-Times\""), "{text}");
    assert!(text.to_lowercase().contains("w:color w:val=\"ff0000\""), "{text}");
}

#[test]
fn rich_text_is_converted_too_and_a_command_needs_no_runtime() {
    if office().is_none() {
        return;
    }
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let source = written(&folder, b"{\\rtf1\\ansi C\\'e2u 1. Bao nhi\\u234?u?\\par}");
    let made = to_docx_blocking(program(), &source, out.path()).unwrap();
    assert!(part(&made, "word/document.xml").contains("Câu 1. Bao nhiêu?"));
}

#[tokio::test]
async fn nothing_that_a_document_links_to_is_fetched() {
    let Some(office) = office() else { return };
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let called = || std::iter::from_fn(|| listener.accept().ok()).count();
    let address = format!("http://{}/hinh.png", listener.local_addr().unwrap());
    let body = "<w:p><w:r><w:t>Câu 1. Xem hình</w:t></w:r><w:r><w:drawing><wp:inline><wp:extent cx=\"990000\" cy=\"990000\"/>\
        <wp:docPr id=\"1\" name=\"h\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>\
        <pic:nvPicPr><pic:cNvPr id=\"1\" name=\"h\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link=\"rId9\"/>\
        <a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"990000\" cy=\"990000\"/></a:xfrm>\
        <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>";
    let relations = format!("<Relationship Id=\"rId9\" Type=\"{RELATIONS}/image\" Target=\"{address}\" TargetMode=\"External\"/>");
    // Whoever answers is slow: those who call are dropped at once by closing them from another thread.
    let doc = {
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let answering = scope.spawn(|| {
                let mut calls = 0;
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    calls += called();
                    std::thread::yield_now();
                }
                calls
            });
            let doc = old_word(&office, folder.path(), &docx(body, &relations));
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(answering.join().unwrap() > 0, "outside the sandbox LibreOffice fetches; else this test proves nothing");
            doc
        })
    };
    let bytes = std::fs::read(&doc).unwrap();
    assert!(bytes.windows(9).any(|window| window == b"/hinh.png"), "the link is in the .doc");
    called();
    let made = to_docx(program(), &doc, out.path()).await.unwrap();
    assert_eq!(called(), 0, "nothing came to the listener");
    assert!(part(&made, "word/document.xml").contains("Xem hình"));
}

#[tokio::test]
async fn what_is_no_old_word_file_is_refused_with_its_reason() {
    if office().is_none() {
        return;
    }
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut locked = vec![0; 4096];
    locked[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    locked[512..516].copy_from_slice(&[0xec, 0xa5, 0xc1, 0]);
    let mut broken = locked.clone();
    locked[512 + 11] = 1;
    broken[600..].iter_mut().enumerate().for_each(|(at, byte)| *byte = (at * 31 % 251) as u8);
    for (bytes, code) in [
        (&b""[..], "file-empty"),
        (&[7; 162][..], "not-a-paper"),
        (b"<html><img src='http://127.0.0.1/x'></html>", "not-a-paper"),
        (b"PK\x03\x04 a new Word file needs no conversion", "not-a-paper"),
        (&locked, "file-locked"),
        (&broken, "file-broken"),
    ] {
        let error = to_docx(program(), &written(&folder, bytes), out.path()).await.unwrap_err();
        assert_eq!(error.code(), code, "{error:?}");
        assert!(!error.to_string().is_empty());
    }
}

#[tokio::test]
async fn a_conversion_ends_at_its_limits_and_leaves_no_process_behind() {
    let Some(office) = office() else { return };
    let folder = tempfile::tempdir().unwrap();
    let doc = old_word(&office, folder.path(), &docx("<w:p><w:r><w:t>Câu 1.</w:t></w:r></w:p>", ""));
    let small = [
        (Limits { wall: Duration::from_millis(250), ..Limits::office() }, vec![Reason::OutOfTime]),
        (Limits { memory_bytes: 24 << 20, ..Limits::office() }, vec![Reason::OutOfMemory, Reason::Damaged]),
        (Limits { output_bytes: 4 << 10, ..Limits::office() }, vec![Reason::TooLarge, Reason::Damaged]),
    ];
    for (limits, reasons) in small {
        let out = tempfile::tempdir().unwrap();
        let spec = OfficeSpec { program: office.program().into(), source: doc.clone(), out_dir: out.path().into(), limits };
        let mut child = Child::spawn(program(), &Task::Office(spec)).await.unwrap();
        let mut last = None;
        while let Some(event) = child.next_event().await {
            last = Some(event);
        }
        let Some(Event::Failed { reason, detail }) = last else { panic!("{last:?}") };
        assert!(reasons.contains(&reason), "{reason:?} {detail}");
        drop(child);
        let ended = tokio::time::timeout(Duration::from_secs(10), async {
            while works_in(out.path()) {
                tokio::task::yield_now().await;
            }
        });
        ended.await.unwrap();
    }
}

/// Whether a process names the folder among its arguments.
fn works_in(folder: &Path) -> bool {
    let name = folder.to_str().unwrap();
    std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&arguments).contains(name)
    })
}

#[test]
fn where_libreoffice_is_absent_the_teacher_is_told_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    assert!(LibreOffice::at(folder.path()).is_none());
    let error = OfficeError::NoLibreOffice;
    assert_eq!(error.code(), "no-libreoffice");
    assert!(error.to_string().contains(".docx"));
}
