//! The file that is read, and the pictures beside it.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use bytes::Bytes;
use papers::format::LARGEST_FILE;

use super::target::media_folder;

/// All bytes of a file, as long as it is one and not too large.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let about = fs::metadata(path).map_err(|error| sentence(&error))?;
    if about.is_dir() {
        return Err("đây là thư mục, không phải tệp. Hãy chọn một tệp.".to_owned());
    }
    if !about.is_file() {
        return Err("đây không phải tệp thường nên không đọc được.".to_owned());
    }
    let too_large = || format!("tệp lớn hơn {} MB nên không đọc. Hãy chia tệp hoặc nén các hình trong tệp.", LARGEST_FILE >> 20);
    if about.len() > LARGEST_FILE as u64 {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| sentence(&error))?;
    // It may grow while it is read.
    file.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes).map_err(|error| sentence(&error))?;
    if bytes.len() > LARGEST_FILE { Err(too_large()) } else { Ok(bytes) }
}

/// A file of the media folder beside our JSON. Links are not followed: a folder that came from elsewhere
/// must not fetch other files of this machine.
pub(super) fn beside(json: &Path, name: &str) -> Option<Bytes> {
    let path = media_folder(json).join(name);
    let about = fs::symlink_metadata(&path).ok()?;
    if !about.is_file() {
        return None;
    }
    bytes(&path).ok().map(Bytes::from)
}

fn sentence(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "không tìm thấy tệp này.".to_owned(),
        ErrorKind::PermissionDenied => "không có quyền đọc tệp này.".to_owned(),
        _ => format!("không đọc được tệp ({error})."),
    }
}
