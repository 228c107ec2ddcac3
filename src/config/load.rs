//! Lays the sources of the settings over each other and remembers where each value came from.

use std::path::{Path, PathBuf};

use figment::providers::{Format, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Provider};

use super::environment::Environment;
use super::error::Error;
use super::layer::{Layer, Source};
use super::origin::Origin;
use super::{Config, data_dir};

/// The credentials of the service manager that are settings: their names, and the topic and name of the setting.
const CREDENTIALS: [(&str, &str, &str); 3] = [
    ("master-key", "login", "master_key"),
    ("s3-access-key", "s3", "access_key"),
    ("s3-secret-key", "s3", "secret_key"),
];

/// A setting that the command line gives.
#[derive(Debug, Clone)]
pub struct Flag {
    /// As it is typed: `--listen`.
    pub flag: &'static str,
    /// The setting's topic.
    pub topic: &'static str,
    /// The setting's name.
    pub setting: &'static str,
    /// What was typed after it.
    pub value: String,
}

/// The settings and where they came from.
#[derive(Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// From the weakest to the strongest.
    layers: Vec<Layer>,
}

impl Loaded {
    /// Where the value of a setting came from.
    pub fn origin(&self, topic: &str, setting: &str) -> Origin {
        self.layers
            .iter()
            .rev()
            .find_map(|layer| layer.origin(topic, setting))
            .unwrap_or(Origin::Default)
    }
}

/// Reads the settings.
///
/// # Errors
/// With a whole sentence: a file that cannot be read, an unknown setting, a value of the wrong type.
pub fn load(
    file: Option<&Path>,
    environment: &Environment,
    flags: &[Flag],
) -> Result<Loaded, Error> {
    let topics = Config::default().topics();
    if let Some((variable, meant)) = environment.without_topic(&topics) {
        return Err(Error::Unknown {
            name: variable,
            origin: "the environment".to_owned(),
            suggestion: Some(meant),
        });
    }
    let mut layers = Vec::new();
    for (credential, topic, setting) in CREDENTIALS {
        if let Some(file) = credential_file(environment, credential) {
            let settings = of_credential(&file, topic, setting);
            layers.push((Source::Credential(file), settings));
        }
    }
    if let Some(file) = file {
        layers.push((Source::File(file.to_owned()), read_file(file)?));
    }
    layers.push((Source::Environment, environment.settings(&topics)));
    layers.push((Source::CommandLine(flags.to_vec()), of_flags(flags)));
    let layers = layers
        .into_iter()
        .map(|(source, settings)| Layer::new(source, settings, &topics))
        .collect::<Result<Vec<_>, _>>()?;

    let mut figment = Figment::new();
    for layer in &layers {
        figment = figment.merge(layer);
    }
    let config: Config = figment.extract().map_err(|error| wrong_value(&error))?;
    config.s3.check()?;
    let mut loaded = Loaded { config, layers };
    let storage = &mut loaded.config.storage;
    storage.data_dir = if loaded
        .layers
        .iter()
        .any(|layer| layer.origin("storage", "data_dir").is_some())
    {
        data_dir::expand(&storage.data_dir, environment)?
    } else {
        data_dir::default_folder(environment, rustix::process::geteuid().is_root())?
    };
    Ok(loaded)
}

/// What the service manager hands over (`LoadCredential=`), in a folder that only this process sees.
fn credential_file(environment: &Environment, name: &str) -> Option<PathBuf> {
    let folder = environment.get("CREDENTIALS_DIRECTORY")?;
    let file = Path::new(folder).join(name);
    file.exists().then_some(file)
}

fn of_credential(file: &Path, topic: &str, setting: &str) -> Dict {
    let file = Value::from(file.display().to_string());
    let of_topic = Dict::from([(format!("{setting}_file"), file)]);
    Dict::from([(topic.to_owned(), Value::from(of_topic))])
}

fn read_file(path: &Path) -> Result<Dict, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::File {
        path: path.to_owned(),
        source,
    })?;
    let data = Toml::string(&text).data().map_err(|error| {
        Error::Value(format!(
            "The settings in {} are not TOML: {}",
            path.display(),
            error.kind
        ))
    })?;
    Ok(data.into_values().next().unwrap_or_default())
}

fn of_flags(flags: &[Flag]) -> Dict {
    let mut settings = Dict::new();
    for flag in flags {
        let value = Value::from(flag.value.as_str());
        let of_topic = settings
            .entry(flag.topic.to_owned())
            .or_insert_with(|| Value::from(Dict::new()));
        if let Value::Dict(_, of_topic) = of_topic {
            of_topic.insert(flag.setting.to_owned(), value);
        }
    }
    settings
}

fn wrong_value(error: &figment::Error) -> Error {
    let name = error.path.join(".");
    let origin = error
        .metadata
        .as_ref()
        .map(|metadata| metadata.name.to_string())
        .unwrap_or_default();
    Error::Value(format!(
        "The setting {name} in {origin} is wrong: {}.",
        error.kind
    ))
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
