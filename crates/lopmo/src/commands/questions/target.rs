//! Where the result goes.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use papers::Paper;

/// `a.json.media` beside `a.json`.
pub(super) fn media_folder(json: &Path) -> PathBuf {
    let mut name = json.as_os_str().to_owned();
    name.push(".media");
    PathBuf::from(name)
}

/// Writes a file whole or not at all.
pub(super) fn file(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let fails = |error: io::Error| format!("không ghi được {} ({error}).", path.display());
    // Devices and pipes are written into; a folder is refused by the system.
    if fs::metadata(path).is_ok_and(|about| !about.is_file()) {
        return fs::write(path, bytes).map_err(fails);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(fails)?;
    file.write_all(bytes).map_err(fails)?;
    file.persist(path).map_err(|error| fails(error.error))?;
    Ok(())
}

/// Pictures and sounds, each in its own file in a folder beside the JSON; without any there is no folder.
pub(super) fn media(json: &Path, paper: &Paper) -> Result<(), String> {
    if paper.media.is_empty() {
        return Ok(());
    }
    let folder = media_folder(json);
    fs::create_dir_all(&folder).map_err(|error| format!("không tạo được thư mục {} ({error}).", folder.display()))?;
    for media in &paper.media {
        // Readers name these files themselves; one name that leads elsewhere would be one too many.
        let is_plain = Path::new(&media.file).file_name().is_some_and(|name| name == media.file.as_str());
        if !is_plain {
            return Err(format!("tên tệp hình “{}” không dùng được.", media.file));
        }
        file(&folder.join(&media.file), &media.content)?;
    }
    Ok(())
}

/// Who closes the pipe has read enough.
pub(super) fn standard_output(bytes: &[u8]) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("không ghi được ra đầu ra chuẩn ({error}).")),
        _ => Ok(()),
    }
}
