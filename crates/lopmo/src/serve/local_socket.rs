//! The local socket: how commands reach the running server. Only the owner of the data folder can
//! open it, so whoever comes through it is the operator.

use std::fs;
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::UnixListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::ServeError;
use crate::commands;
use crate::context::Context;
use crate::data_folder::DataFolder;

/// The kernel takes no longer path for a socket.
const LONGEST_PATH: usize = 100;

/// Listens until `stop`. The caller holds the folder's lock: a socket found there is a dead server's.
pub fn listen(context: Arc<Context>, folder: &DataFolder, stop: &CancellationToken) -> Result<JoinHandle<()>, ServeError> {
    let path = folder.socket();
    let listener = bind(&path).map_err(|cause| ServeError::Listen { what: path.display().to_string(), cause })?;
    let stop = stop.clone();
    Ok(tokio::spawn(async move {
        let service = axum::serve(listener, commands::router(context)).with_graceful_shutdown(async move { stop.cancelled().await });
        if let Err(error) = service.await {
            tracing::error!(%error, "the local socket failed");
        }
        // Left behind it would only be removed at the next start.
        let _ = fs::remove_file(path);
    }))
}

fn bind(path: &Path) -> io::Result<UnixListener> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = reach(path, |path| UnixListener::bind(path))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Calls with a path short enough for a socket, through the folder's descriptor when need be.
pub fn reach<T>(path: &Path, open: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return open(path) };
    if path.as_os_str().len() <= LONGEST_PATH {
        return open(path);
    }
    let folder = fs::File::open(folder)?;
    let short = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(name);
    open(&short)
}
