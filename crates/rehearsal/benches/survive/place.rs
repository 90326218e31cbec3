//! A file system of its own, in a file, with the database on it: one whose power can be cut.

use std::path::{Path, PathBuf};
use std::process::Command;

use db::testing::{TestDb, postgres_on, sqlite_at};

const PORT: &str = "54931";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub struct Place {
    engine: Engine,
    folder: tempfile::TempDir,
}

fn run(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .env("LOPMO_TEST_POSTGRES_PORT", PORT)
        .env("LOPMO_TEST_POSTGRES_FSYNC", "on")
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap()
        .success()
}

fn must(program: &str, arguments: &[&str]) {
    assert!(run(program, arguments), "{program} {arguments:?}");
}

fn infra(script: &str) -> String {
    format!("{}/../../infra/{script}", env!("CARGO_MANIFEST_DIR"))
}

impl Place {
    pub fn mount(engine: Engine) -> Self {
        let place = Self { engine, folder: tempfile::tempdir().unwrap() };
        let image = place.image();
        std::fs::create_dir(place.root()).unwrap();
        std::fs::File::create(&image).unwrap().set_len(2 << 30).unwrap();
        must("mkfs.ext4", &["-q", "-F", text(&image)]);
        place.mount_again();
        std::fs::create_dir(place.data()).unwrap();
        // The database's own user walks through it.
        must("chmod", &["755", text(place.folder.path()), text(&place.root())]);
        place.start_database();
        place
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("disk.img")
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    pub fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    fn cluster(&self) -> PathBuf {
        self.root().join("postgres")
    }

    pub async fn database(&self) -> TestDb {
        match self.engine {
            Engine::Sqlite => sqlite_at(&self.data().join("lopmo.db")).await,
            Engine::Postgres => postgres_on(&format!("postgres://lopmo@127.0.0.1:{PORT}/postgres")).await,
        }
    }

    pub fn start_database(&self) {
        if self.engine == Engine::Postgres {
            must(&infra("test-postgres.sh"), &["start", text(&self.cluster())]);
        }
    }

    /// Its processes are dead: what it wrote of them must not be taken for another's of the same number.
    pub fn forget_dead_database(&self) {
        for lock in ["data/postmaster.pid".to_owned(), format!(".s.PGSQL.{PORT}.lock")] {
            let _ = std::fs::remove_file(self.cluster().join(lock));
        }
    }

    /// All of its processes, with no chance to write anything.
    pub fn kill_database(&self) {
        if self.engine != Engine::Postgres {
            return;
        }
        let pid_file = self.cluster().join("data/postmaster.pid");
        // After a power cut the file cannot be read: its processes are found by their port.
        let pid = std::fs::read_to_string(pid_file).ok().and_then(|text| text.lines().next().map(str::to_owned));
        let pid = pid.unwrap_or_else(|| {
            let found = Command::new("pgrep").args(["-f", &format!("postgres.*-p {PORT}")]).output().unwrap();
            String::from_utf8(found.stdout).unwrap().lines().next().unwrap_or_default().to_owned()
        });
        // It ends by itself, too, when it can write no more.
        if pid.is_empty() {
            return;
        }
        let children = Command::new("pgrep").args(["-P", &pid]).output().unwrap();
        let children = String::from_utf8(children.stdout).unwrap();
        for process in [pid.as_str()].into_iter().chain(children.lines()) {
            run("kill", &["-9", process]);
        }
        while [pid.as_str()].into_iter().chain(children.lines()).any(|process| Path::new("/proc").join(process).exists()) {
            std::thread::yield_now();
        }
    }

    fn witness(&self) -> PathBuf {
        self.root().join("not-synced")
    }

    /// What was not synced is gone; what was just written to a new file shows that it is so. Its name may be there: what
    /// somebody else syncs takes names along.
    pub fn cut_power(&self) {
        let _ = std::fs::remove_file(self.witness());
        std::fs::write(self.witness(), "not synced").unwrap();
        must("python3", &[&infra("bench/power-cut.py"), text(&self.root())]);
    }

    pub fn mount_again(&self) {
        if run("mountpoint", &["-q", text(&self.root())]) {
            // Whoever just died may still be letting go of it.
            while !run("umount", &[text(&self.root())]) {}
        }
        must("mount", &["-o", "loop", text(&self.image()), text(&self.root())]);
        let kept = std::fs::read(self.witness()).unwrap_or_default();
        assert!(kept.is_empty(), "the power was not cut: what was not synced is still there");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.kill_database();
        while !run("umount", &[text(&self.root())]) {}
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
