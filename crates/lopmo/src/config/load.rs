use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::{Config, HttpsMode, StorageKind};

/// Variables that are not settings: where the file is, and what tests and builds use.
const OUTSIDE: &[&str] = &["LOPMO_CONFIG", "LOPMO_SITE", "LOPMO_API"];
const OUTSIDE_PREFIX: &str = "LOPMO_TEST_";

/// Why the configuration is refused; each names the place to look at.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file named cannot be read.
    #[error("{}: {cause}", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file holds something else than settings.
    #[error("{}: {problem}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Line, key and what is wrong.
        problem: String,
    },
    /// A variable names no setting.
    #[error("environment variable {0}: there is no such setting")]
    UnknownVariable(String),
    /// A variable has a value the setting cannot take.
    #[error("environment variable {name}: {problem}")]
    Variable {
        /// Which.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// Settings that do not go together.
    #[error("configuration: {0}")]
    Contradiction(String),
}

/// Reads the file (`named`, else `lopmo.toml` here or in the data folder when there is one) and the
/// variables over it.
///
/// # Errors
/// [`ConfigError`].
pub fn load(named: Option<&Path>, variables: impl IntoIterator<Item = (String, String)>) -> Result<Config, ConfigError> {
    let defaults = Value::try_from(Config::default()).map_err(|error| ConfigError::Contradiction(error.to_string()))?;
    let mut variables: Vec<(String, String)> = variables
        .into_iter()
        .filter(|(name, _)| name.starts_with("LOPMO_") && !name.starts_with(OUTSIDE_PREFIX) && !OUTSIDE.contains(&name.as_str()))
        .collect();
    variables.sort();
    let (mut table, mut config) = match find_file(named, &variables) {
        None => (Table::new(), Config::default()),
        Some(file) => read_file(file)?,
    };
    for (name, text) in variables {
        let path: Vec<String> = name["LOPMO_".len()..].split("__").map(str::to_lowercase).collect();
        let default = lookup(&defaults, &path).ok_or_else(|| ConfigError::UnknownVariable(name.clone()))?;
        let value = parse_as(default, &text).map_err(|problem| ConfigError::Variable { name: name.clone(), problem })?;
        put(&mut table, &path, value);
        config = Value::Table(table.clone())
            .try_into()
            .map_err(|error: toml::de::Error| ConfigError::Variable { name, problem: error.message().to_owned() })?;
    }
    check(&config)?;
    Ok(config)
}

fn find_file(named: Option<&Path>, variables: &[(String, String)]) -> Option<PathBuf> {
    if let Some(named) = named {
        return Some(named.to_owned());
    }
    let folder = variables.iter().find(|(name, _)| name == "LOPMO_DATA_FOLDER").map_or("./data", |(_, value)| value);
    [PathBuf::from("lopmo.toml"), Path::new(folder).join("lopmo.toml")].into_iter().find(|file| file.exists())
}

fn read_file(file: PathBuf) -> Result<(Table, Config), ConfigError> {
    let text = std::fs::read_to_string(&file).map_err(|cause| ConfigError::Unreadable { file: file.clone(), cause })?;
    let wrong = |error: toml::de::Error| ConfigError::File { file: file.clone(), problem: error.to_string().trim_end().to_owned() };
    let config = toml::from_str(&text).map_err(wrong)?;
    Ok((toml::from_str(&text).map_err(wrong)?, config))
}

fn lookup<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    let found = path.iter().try_fold(value, |value, key| value.as_table()?.get(key))?;
    // A group of settings is not a setting.
    (!found.is_table()).then_some(found)
}

fn parse_as(default: &Value, text: &str) -> Result<Value, String> {
    Ok(match default {
        Value::Integer(_) => Value::Integer(text.trim().parse().map_err(|_| format!("`{text}` is not a number"))?),
        Value::Boolean(_) => Value::Boolean(text.trim().parse().map_err(|_| format!("`{text}` is neither true nor false"))?),
        Value::Array(_) => Value::Array(
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| Value::String(part.to_owned())).collect(),
        ),
        _ => Value::String(text.to_owned()),
    })
}

fn put(table: &mut Table, path: &[String], value: Value) {
    let Some((key, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        table.insert(key.clone(), value);
    } else if let Value::Table(inner) = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new())) {
        put(inner, rest, value);
    }
}

fn check(config: &Config) -> Result<(), ConfigError> {
    let needed = |present: bool, key: &str, because: &str| {
        if present { Ok(()) } else { Err(ConfigError::Contradiction(format!("`{key}` is needed {because}"))) }
    };
    if config.storage.kind == StorageKind::S3 {
        needed(!config.storage.bucket.is_empty(), "storage.bucket", "when storage.kind is s3")?;
    }
    match config.https.mode {
        HttpsMode::Files => {
            needed(!config.https.certificate.as_os_str().is_empty(), "https.certificate", "when https.mode is files")?;
            needed(!config.https.key.as_os_str().is_empty(), "https.key", "when https.mode is files")?;
        }
        HttpsMode::Acme => needed(!config.https.names.is_empty(), "https.names", "when https.mode is acme")?,
        HttpsMode::Off | HttpsMode::OwnCa => {}
    }
    let url = &config.database.url;
    if !(url.is_empty() || ["postgres://", "postgresql://", "sqlite:"].iter().any(|scheme| url.starts_with(scheme))) {
        return Err(ConfigError::Contradiction("`database.url` must begin with postgres:// or sqlite:".to_owned()));
    }
    if !config.public_url.is_empty() {
        let parsed = url::Url::parse(&config.public_url);
        needed(parsed.is_ok_and(|url| matches!(url.scheme(), "http" | "https")), "public_url", "to be a whole http(s) address, or empty")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let none = tempfile::NamedTempFile::new().unwrap();
        load(Some(none.path()), variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn the_example_file_says_the_defaults() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/lopmo.example.toml");
        let text = std::fs::read_to_string(file).unwrap();
        assert_eq!(toml::from_str::<Config>(&text).unwrap(), Config::default());
        let named: Table = toml::from_str(&text).unwrap();
        let all: Table = Table::try_from(Config::default()).unwrap();
        assert_eq!(keys(&named), keys(&all), "the example names every key");
    }

    fn keys(table: &Table) -> Vec<String> {
        let mut all: Vec<String> = table
            .iter()
            .flat_map(|(key, value)| match value {
                Value::Table(inner) => keys(inner).into_iter().map(|below| format!("{key}.{below}")).collect(),
                _ => vec![key.clone()],
            })
            .collect();
        all.sort();
        all
    }

    #[test]
    fn variables_win_over_the_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "listen = \"127.0.0.1:1\"\n[https]\nmode = \"own-ca\"\n").unwrap();
        let variables = [("LOPMO_LISTEN", "127.0.0.1:2"), ("LOPMO_HTTPS__NAMES", "a.test, b.test"), ("LOPMO_WORKER__VIDEOS", "5")];
        let config = load(Some(file.path()), variables.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.https.mode, HttpsMode::OwnCa);
        assert_eq!(config.https.names, ["a.test", "b.test"]);
        assert_eq!(config.worker.videos, 5);
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_name_and_place() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[storage]\nbuket = \"x\"\n").unwrap();
        let message = load(Some(file.path()), []).unwrap_err().to_string();
        assert!(message.contains("buket") && message.contains(&*file.path().to_string_lossy()) && message.contains("line 2"), "{message}");
        let message = with(&[("LOPMO_STORAGE__BUKET", "x")]).unwrap_err().to_string();
        assert!(message.contains("LOPMO_STORAGE__BUKET"), "{message}");
        let message = with(&[("LOPMO_STORAGE", "x")]).unwrap_err().to_string();
        assert!(message.contains("LOPMO_STORAGE"), "{message}");
    }

    #[test]
    fn a_wrong_value_is_refused_with_the_name_of_its_variable() {
        for (name, value) in [("LOPMO_WORKER__VIDEOS", "many"), ("LOPMO_HTTPS__MODE", "yes"), ("LOPMO_LISTEN", "8080")] {
            let message = with(&[(name, value)]).unwrap_err().to_string();
            assert!(message.contains(name), "{message}");
        }
    }

    #[test]
    fn settings_that_do_not_go_together_are_refused() {
        assert!(with(&[("LOPMO_STORAGE__KIND", "s3")]).unwrap_err().to_string().contains("storage.bucket"));
        assert!(with(&[("LOPMO_HTTPS__MODE", "files")]).unwrap_err().to_string().contains("https.certificate"));
        assert!(with(&[("LOPMO_DATABASE__URL", "mysql://x")]).unwrap_err().to_string().contains("database.url"));
    }
}
