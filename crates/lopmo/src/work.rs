//! `lopmo worker`: background jobs for servers that share the database and the storage.

use db::Env;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::context::Context;
use crate::data_folder::DataFolder;
use crate::database;
use crate::shutdown::Shutdown;
use crate::words::say;

/// Works until the process is asked to stop. It takes no lock: any number may work beside one server.
///
/// # Errors
/// When a part cannot start.
pub async fn run(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    let mut shutdown = Shutdown::listen()?;
    let folder = DataFolder::open(&config.data_folder)?;
    let db = database::connect(&config.database_url()).await?;
    database::expect_current(&db).await?;
    // Its index stays empty: nobody searches here, and the server's own may not be shared.
    let index = tempfile::tempdir_in(folder.temporary())?;
    let context = Context::open(Env::system(db), config, &folder, index.path().to_owned())?;
    let stop = CancellationToken::new();
    let mut working = context.work(config, &stop)?;
    say("Đang chờ việc · worker is ready");
    tokio::select! {
        // It ends by itself only when it panicked: the service manager starts it anew.
        ended = &mut working => ended?,
        () = shutdown.asked() => {
            stop.cancel();
            working.await?;
        }
    }
    context.env.db.close().await;
    Ok(())
}
