//! How the process is asked to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Ends when the process is sent SIGTERM or SIGINT.
pub async fn asked() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        // Without handlers the signals end the process by themselves.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
