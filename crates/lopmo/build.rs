//! Decides what is embedded as the site: the built frontend, or a page that says how to build it.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

const PAGE: &str = "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\"><title>Lớp Mở</title>\
<p>Máy chủ đang chạy, nhưng bản này được dựng mà chưa có giao diện. Hãy chạy <code>make run</code>.\
<p lang=\"en\">The server runs, but it was built without its pages. Use <code>make run</code>.</html>";

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let frontend = manifest.join("../../frontend");
    let built = frontend.join("build");
    // Without a build there is nothing to watch but the folder in which one would appear.
    println!("cargo:rerun-if-changed={}", if built.exists() { built.display() } else { frontend.display() });
    println!("cargo:rerun-if-changed=build.rs");
    let site = if built.join("index.html").exists() {
        built.canonicalize()?
    } else {
        let folder = Path::new(&env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?).join("site");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("index.html"), PAGE)?;
        folder
    };
    println!("cargo:rustc-env=LOPMO_SITE={}", site.display());
    Ok(())
}
