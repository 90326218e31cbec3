use std::fs::{self, File};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::time::Instant;

use blobs::Blobs;
use bytes::Bytes;
use db::{DbUrl, MigrationState};

use super::Finding;
use crate::config::{Config, HttpsMode};
use crate::database;
use crate::serve::local_socket;
use crate::tls;

/// Below this a day of uploads can fill the disk.
const LITTLE_SPACE: u64 = 10 << 30;
/// Every answer of a pupil waits for such a write.
const SLOW_FSYNC_MS: u128 = 50;
/// When this was written; a clock before it is wrong.
const SURELY_PAST: i64 = 1_780_000_000;

pub(super) fn data_folder(config: &Config) -> Finding {
    let folder = &config.data_folder;
    let try_it = || -> std::io::Result<(u64, u128)> {
        fs::create_dir_all(folder)?;
        let file = folder.join(".doctor");
        let began = Instant::now();
        let mut out = File::create(&file)?;
        out.write_all(&[0; 4096])?;
        out.sync_all()?;
        let took = began.elapsed().as_millis();
        fs::remove_file(file)?;
        let space = rustix::fs::statvfs(folder)?;
        Ok((space.f_bavail * space.f_frsize, took))
    };
    match try_it() {
        Err(error) => Finding::Bad(format!("{}: {error}", folder.display())),
        Ok((free, _)) if free < LITTLE_SPACE => Finding::Note(format!("only {} GiB free", free >> 30)),
        Ok((_, took)) if took > SLOW_FSYNC_MS => {
            Finding::Note(format!("one durable write takes {took} ms: a slow disk for many pupils at once"))
        }
        Ok((free, took)) => Finding::Good(format!("{} GiB free, a durable write takes {took} ms", free >> 30)),
    }
}

pub(super) async fn database(config: &Config) -> Finding {
    let url = config.database_url();
    let place = database::place(&url);
    if let DbUrl::Sqlite(path) = &url
        && !path.exists()
    {
        return Finding::Good(format!("{place} will be made at the first start"));
    }
    let db = match database::connect(&url).await {
        Ok(db) => db,
        Err(error) => return Finding::Bad(error.to_string()),
    };
    let state = database::state(&db).await;
    let unreadable = match &state {
        Ok(MigrationState::Current) => unreadable_lessons(&db).await,
        _ => Ok(Vec::new()),
    };
    db.close().await;
    match state {
        Ok(MigrationState::Current) => match unreadable {
            Ok(lessons) if lessons.is_empty() => Finding::Good(format!("{place}, schema current")),
            Ok(lessons) => {
                let named: Vec<String> = lessons.iter().map(|(id, title)| format!("{title:?} ({id})")).collect();
                Finding::Bad(format!("{place}: published lessons that cannot be read, and so are not found: {}", named.join(", ")))
            }
            Err(error) => Finding::Bad(error.to_string()),
        },
        Ok(MigrationState::Empty) => Finding::Good(format!("{place}, empty: the schema is made at the first start")),
        Ok(MigrationState::Behind(missing)) => {
            Finding::Note(format!("{place}: {missing} changes of the schema wait for the next start, or `lopmo migrate`"))
        }
        Err(error) => Finding::Bad(error.to_string()),
    }
}

async fn unreadable_lessons(db: &db::Db) -> Result<Vec<(kernel::LessonId, String)>, db::DbError> {
    let mut tx = db.read().await?;
    content::indexing::unreadable(&mut tx).await
}

pub(super) async fn storage(config: &Config) -> Finding {
    const KEY: &str = "doctor/round-trip";
    const TEXT: &[u8] = b"lopmo";
    let round_trip = async {
        let blobs = Blobs::open(&config.blobs())?;
        blobs.put(KEY, Bytes::from_static(TEXT)).await?;
        let read = blobs.get(KEY, None).await?.collect().await?;
        blobs.delete(KEY).await?;
        Ok::<bool, blobs::BlobError>(read == TEXT)
    };
    match round_trip.await {
        Ok(true) => Finding::Good(format!("{:?}: written, read and removed", config.blobs())),
        Ok(false) => Finding::Bad(format!("{:?}: what was read is not what was written", config.blobs())),
        Err(error) => Finding::Bad(format!("{:?}: {error}", config.blobs())),
    }
}

pub(super) fn port(config: &Config) -> Finding {
    match TcpListener::bind(config.listen) {
        Ok(_) => Finding::Good(format!("{} is free", config.listen)),
        Err(_) if server_runs(&config.data_folder) => Finding::Good(format!("{}: the server is running", config.listen)),
        Err(error) => Finding::Bad(format!("{}: {error}", config.listen)),
    }
}

fn server_runs(data_folder: &Path) -> bool {
    local_socket::reach(&data_folder.join("lopmo.sock"), |path| std::os::unix::net::UnixStream::connect(path)).is_ok()
}

pub(super) fn https(config: &Config) -> Finding {
    match (tls::check(config), config.https.mode) {
        (Err(error), _) => Finding::Bad(error.to_string()),
        (Ok(()), HttpsMode::Off) if config.public_url.starts_with("https://") && config.trusted_proxies.is_empty() => Finding::Note(
            "public_url is https, so a proxy stands in front; name it in trusted_proxies, or sign-in is not marked secure".to_owned(),
        ),
        (Ok(()), HttpsMode::Off) if !config.listen.ip().is_loopback() && config.trusted_proxies.is_empty() => Finding::Note(
            "off: cameras, offline use and installing as an app need HTTPS; https.mode = \"own-ca\" serves a school's network".to_owned(),
        ),
        (Ok(()), mode) => Finding::Good(format!("{mode:?}")),
    }
}

pub(super) fn encoders() -> Finding {
    if let Err(error) = ffmpeg_next::init() {
        return Finding::Bad(error.to_string());
    }
    let missing: Vec<&str> = ["libx264", "aac"].into_iter().filter(|name| ffmpeg_next::encoder::find_by_name(name).is_none()).collect();
    if missing.is_empty() {
        Finding::Good("libx264 and aac are there".to_owned())
    } else {
        Finding::Bad(format!("FFmpeg's libraries lack {}: install libavcodec with them", missing.join(", ")))
    }
}

pub(super) fn sandbox() -> Finding {
    let has = |file: &str, word: &str| fs::read_to_string(file).is_ok_and(|text| text.split([' ', ',', '\n']).any(|one| one == word));
    let seccomp = has("/proc/sys/kernel/seccomp/actions_avail", "errno");
    // Readable on every kernel that mounts securityfs; where it is not, the child still tries.
    let landlock = has("/sys/kernel/security/lsm", "landlock");
    match (seccomp, landlock) {
        (true, true) => Finding::Good("seccomp and landlock".to_owned()),
        (true, false) => Finding::Note("seccomp, but no landlock in this kernel: hostile files are parsed without network, with limits, but could read other files of this user".to_owned()),
        (false, _) => Finding::Bad("the kernel has no seccomp filters: hostile files could reach the network".to_owned()),
    }
}

pub(super) fn clock() -> Finding {
    let now = jiff::Timestamp::now();
    if now.as_second() < SURELY_PAST {
        Finding::Bad(format!("{now} is in the past: set the clock"))
    } else {
        Finding::Good(now.to_string())
    }
}

pub(super) fn libreoffice() -> Finding {
    match media::office::LibreOffice::find() {
        Some(found) => Finding::Good(format!("{}: old Word files (.doc, .rtf) can be imported", found.program().display())),
        None => Finding::Note(
            "absent: teachers with old Word files (.doc) are told to save them as .docx; Debian and Ubuntu have it in libreoffice-writer-nogui"
                .to_owned(),
        ),
    }
}
