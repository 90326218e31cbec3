//! The settings LibreOffice runs under: made anew for each document.

use std::fs;
use std::io;
use std::path::Path;

/// Settings as path, name, value.
const SETTINGS: [(&str, &str, &str); 9] = [
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    // Links are never followed; the sandbox would stop them too.
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
    // MathType objects stay what they are: our own reader understands more of them.
    ("Office.Common/Filter/Microsoft/Import", "MathTypeToMath", "false"),
    ("Office.Common/Filter/Microsoft/Import", "WinWordToWriter", "false"),
    ("Office.Common/Filter/Microsoft/Import", "ExcelToCalc", "false"),
    ("Office.Common/Filter/Microsoft/Import", "PowerPointToImpress", "false"),
];

/// Writes a fresh profile into an empty folder.
pub(super) fn write(folder: &Path) -> io::Result<()> {
    let items: String = SETTINGS
        .iter()
        .map(|(path, name, value)| {
            format!(
                "<item oor:path=\"/org.openoffice.{path}\"><prop oor:name=\"{name}\" oor:op=\"fuse\"><value>{value}</value></prop></item>\n"
            )
        })
        .collect();
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\" \
         xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n{items}</oor:items>\n"
    );
    let user = folder.join("user");
    fs::create_dir_all(&user)?;
    fs::write(user.join("registrymodifications.xcu"), text)
}
