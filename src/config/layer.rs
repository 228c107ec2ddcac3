//! One source of settings: every name in it is known, and secrets that lie in files are read.

use std::path::{Path, PathBuf};

use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::environment::variable_of;
use super::error::Error;
use super::load::Flag;
use super::origin::Origin;
use super::setting::Kind;
use super::{Setting, Topic};

/// How a setting ends that names a file with the secret.
const FILE_SUFFIX: &str = "_file";
/// How alike two names must be for one to be suggested in place of the other.
const LIKENESS_MIN: f64 = 0.75;

/// Where a layer comes from.
#[derive(Debug)]
pub(super) enum Source {
    /// What the service manager hands over, in this file.
    Credential(PathBuf),
    File(PathBuf),
    Environment,
    CommandLine(Vec<Flag>),
}

/// The settings of one source.
#[derive(Debug)]
pub(super) struct Layer {
    source: Source,
    settings: Dict,
    /// The topics and names of secrets that were given as the name of a file.
    read_from_files: Vec<(&'static str, &'static str)>,
}

impl Layer {
    /// Checks the names and reads the secrets.
    pub(super) fn new(source: Source, settings: Dict, topics: &[Topic]) -> Result<Self, Error> {
        let mut layer = Self {
            source,
            settings: Dict::new(),
            read_from_files: Vec::new(),
        };
        for (name, value) in settings {
            let Some(topic) = topics.iter().find(|topic| topic.name == name) else {
                return Err(layer.unknown(None, &name, topics.iter().map(|topic| topic.name)));
            };
            let Value::Dict(tag, given) = value else {
                return Err(Error::Value(format!(
                    "{name} in {} is a group of settings, not a single one.",
                    layer.source.place()
                )));
            };
            let read = layer.topic(topic, given)?;
            layer.settings.insert(name, Value::Dict(tag, read));
        }
        Ok(layer)
    }

    /// The settings of one topic, with secrets in place of the files that hold them.
    fn topic(&mut self, topic: &Topic, given: Dict) -> Result<Dict, Error> {
        let mut read = Dict::new();
        for (name, value) in given {
            if topic.settings.iter().any(|setting| setting.name == name) {
                read.insert(name, value);
            } else if let Some(secret) = secret_in_file(topic, &name) {
                let full_name = format!("{}.{name}", topic.name);
                let path = value.as_str().map(PathBuf::from).ok_or_else(|| {
                    Error::Value(format!("{full_name} has to be the path of a file."))
                })?;
                self.read_from_files.push((topic.name, secret.name));
                read.insert(
                    secret.name.to_owned(),
                    Value::from(read_secret(full_name, &path)?),
                );
            } else {
                let known = topic.settings.iter().map(|setting| setting.name);
                return Err(self.unknown(Some(topic.name), &name, known));
            }
        }
        Ok(read)
    }

    /// How this layer gives the setting, if it does.
    pub(super) fn origin(&self, topic: &str, setting: &str) -> Option<Origin> {
        let Value::Dict(_, settings) = self.settings.get(topic)? else {
            return None;
        };
        settings.get(setting)?;
        let is_file = self.read_from_files.contains(&(topic, setting));
        Some(match &self.source {
            Source::Credential(path) => Origin::Credential(path.clone()),
            Source::File(path) => Origin::File(path.clone()),
            Source::Environment => Origin::Environment(variable_of(
                topic,
                &format!("{setting}{}", if is_file { FILE_SUFFIX } else { "" }),
            )),
            Source::CommandLine(flags) => Origin::CommandLine(
                flags
                    .iter()
                    .find(|flag| flag.topic == topic && flag.setting == setting)?
                    .flag,
            ),
        })
    }

    fn unknown(
        &self,
        topic: Option<&str>,
        name: &str,
        known: impl Iterator<Item = &'static str>,
    ) -> Error {
        let spell = |name: &str| match (&self.source, topic) {
            (Source::Environment, Some(topic)) => variable_of(topic, name),
            (Source::Environment, None) => variable_of(name, "…"),
            (_, Some(topic)) => format!("{topic}.{name}"),
            (_, None) => name.to_owned(),
        };
        let nearest = known
            .map(|known| (strsim::jaro_winkler(known, name), known))
            .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
            .max_by(|one, other| one.0.total_cmp(&other.0));
        Error::Unknown {
            name: spell(name),
            origin: self.source.place(),
            suggestion: nearest.map(|(_, known)| spell(known)),
        }
    }
}

impl Source {
    fn place(&self) -> String {
        match self {
            Self::Credential(path) | Self::File(path) => path.display().to_string(),
            Self::Environment => "the environment".to_owned(),
            Self::CommandLine(_) => "the command line".to_owned(),
        }
    }
}

impl Provider for &Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.source.place())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.settings.clone()))
    }
}

fn secret_in_file<'a>(topic: &'a Topic, name: &str) -> Option<&'a Setting> {
    let secret = name.strip_suffix(FILE_SUFFIX)?;
    topic
        .settings
        .iter()
        .find(|setting| setting.name == secret && setting.kind == Kind::Secret)
}

/// The file's text without the line end that editors leave.
fn read_secret(setting: String, path: &Path) -> Result<String, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
        Err(source) => Err(Error::SecretFile {
            setting,
            path: path.to_owned(),
            source,
        }),
    }
}
