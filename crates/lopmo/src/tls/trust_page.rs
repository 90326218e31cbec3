//! `/ca`: how a device learns to trust the authority of this server, in both languages.

use std::sync::Arc;

use axum::response::{Html, IntoResponse as _, Response};
use http::HeaderMap;
use http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};

/// The page and the certificate it offers.
#[derive(Clone, Debug)]
pub struct TrustPage {
    certificate: Arc<str>,
}

impl TrustPage {
    /// For this authority, in PEM.
    pub fn new(certificate: String) -> Self {
        Self { certificate: certificate.into() }
    }

    /// The answer, if the path is one of ours.
    pub fn answer(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        match path {
            "/ca" => Some(
                (
                    [
                        (CACHE_CONTROL, "no-cache"),
                        (http::HeaderName::from_static("content-security-policy"), "default-src 'none'; style-src 'unsafe-inline'"),
                    ],
                    Html(page(headers)),
                )
                    .into_response(),
            ),
            "/ca.crt" => Some(
                (
                    [
                        (CONTENT_TYPE, "application/x-x509-ca-cert"),
                        (CONTENT_DISPOSITION, "attachment; filename=\"lopmo-ca.crt\""),
                        (CACHE_CONTROL, "no-cache"),
                    ],
                    self.certificate.to_string(),
                )
                    .into_response(),
            ),
            _ => None,
        }
    }
}

const STYLE: &str = "body{font:1.0625rem/1.6 'Be Vietnam Pro',system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:24px 16px;\
background:#fbfaf7;color:#1f2421}a.button{display:inline-block;background:#0b6b57;color:#fff;padding:12px 20px;border-radius:12px;\
text-decoration:none}section{border-top:1px solid #dcd9d0;margin-top:32px;padding-top:8px}\
@media(prefers-color-scheme:dark){body{background:#161a18;color:#eceae4}a{color:#7fd0bb}section{border-color:#333a36}}";

fn page(headers: &HeaderMap) -> String {
    let english_first = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).is_some_and(|value| value.starts_with("en"));
    let parts = if english_first { [ENGLISH, VIETNAMESE] } else { [VIETNAMESE, ENGLISH] };
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
<title>Lớp Mở</title><style>{STYLE}</style></head><body><main><h1>Lớp Mở</h1>{}{}</main></body></html>",
        if english_first { "en" } else { "vi" },
        parts[0],
        parts[1]
    )
}

const VIETNAMESE: &str = "<section lang=\"vi\"><h2>Để thiết bị tin máy chủ của trường</h2>\
<p>Làm một lần trên mỗi thiết bị, chỉ khi bạn đang ở trong mạng của trường.</p>\
<p><a class=\"button\" href=\"/ca.crt\">Tải chứng chỉ của trường</a></p>\
<h3>Android</h3><p>Cài đặt → Bảo mật → Mã hóa và thông tin xác thực → Cài đặt chứng chỉ → Chứng chỉ CA → chọn tệp vừa tải.</p>\
<h3>iPhone, iPad</h3><p>Mở tệp vừa tải → Cài đặt → Đã tải về hồ sơ → Cài đặt. Sau đó: Cài đặt → Cài đặt chung → Giới thiệu → Cài đặt tin cậy chứng nhận → bật Lop Mo.</p>\
<h3>Windows</h3><p>Mở tệp vừa tải → Cài đặt chứng chỉ → Máy cục bộ → Đặt vào kho “Trusted Root Certification Authorities”.</p>\
<h3>macOS</h3><p>Mở tệp vừa tải bằng Truy cập chuỗi khóa → chọn Lop Mo → Tin cậy → Luôn tin cậy.</p>\
<h3>Firefox</h3><p>Cài đặt → Quyền riêng tư &amp; bảo mật → Xem chứng chỉ → Nhà cung cấp → Nhập.</p></section>";

const ENGLISH: &str = "<section lang=\"en\"><h2>Let this device trust the school’s server</h2>\
<p>Once on each device, and only while you are inside the school’s network.</p>\
<p><a class=\"button\" href=\"/ca.crt\">Download the school’s certificate</a></p>\
<h3>Android</h3><p>Settings → Security → Encryption &amp; credentials → Install a certificate → CA certificate → choose the file.</p>\
<h3>iPhone, iPad</h3><p>Open the file → Settings → Profile downloaded → Install. Then: Settings → General → About → Certificate trust settings → switch Lop Mo on.</p>\
<h3>Windows</h3><p>Open the file → Install certificate → Local machine → place it in “Trusted Root Certification Authorities”.</p>\
<h3>macOS</h3><p>Open the file with Keychain Access → choose Lop Mo → Trust → Always trust.</p>\
<h3>Firefox</h3><p>Settings → Privacy &amp; security → View certificates → Authorities → Import.</p></section>";
