//! Word files of before 2007, which LibreOffice turns into `.docx`, shut in as in the server.

/// The same paper as `.docx`.
pub(super) fn docx_of(doc: &[u8]) -> Result<Vec<u8>, String> {
    let machine = |error: std::io::Error| error.to_string();
    let folder = tempfile::tempdir().map_err(machine)?;
    let (source, out_dir) = (folder.path().join("source"), folder.path().join("out"));
    std::fs::write(&source, doc).map_err(machine)?;
    std::fs::create_dir(&out_dir).map_err(machine)?;
    let program = std::env::current_exe().map_err(machine)?;
    let made = media::office::to_docx_blocking(&program, &source, &out_dir).map_err(|error| error.to_string())?;
    std::fs::read(made).map_err(machine)
}
