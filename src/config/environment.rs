//! The environment as a source of settings: `SKEP_SERVER__LISTEN` is `listen` of the topic `server`.

use figment::value::{Dict, Value};

use super::Topic;
use super::setting::Kind;

/// What the names of our variables begin with.
const PREFIX: &str = "SKEP_";
/// What separates the topic from the setting.
const SEPARATOR: &str = "__";

/// The variables of the process, taken once.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: Vec<(String, String)>,
}

impl Environment {
    /// Those of this process. One that is not UTF-8 is none of ours.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the environment is read"
    )]
    pub fn of_process() -> Self {
        let text = |part: std::ffi::OsString| part.into_string().ok();
        Self {
            variables: std::env::vars_os()
                .filter_map(|(name, value)| Some((text(name)?, text(value)?)))
                .collect(),
        }
    }

    /// Made up, for tests.
    pub fn of(variables: &[(&str, &str)]) -> Self {
        Self {
            variables: variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    /// The value of a variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables
            .iter()
            .find(|(other, value)| other == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The settings among the variables, by topic and name. Those have [`SEPARATOR`] in them: `SKEP_CONFIG` is none.
    pub(super) fn settings(&self, topics: &[Topic]) -> Dict {
        let mut settings = Dict::new();
        for (variable, value) in &self.variables {
            let Some((topic, name)) = variable
                .strip_prefix(PREFIX)
                .and_then(|rest| rest.split_once(SEPARATOR))
            else {
                continue;
            };
            let (topic, name) = (topic.to_lowercase(), name.to_lowercase());
            let value = typed(value, kind_of(&topic, &name, topics));
            match settings
                .entry(topic)
                .or_insert_with(|| Value::from(Dict::new()))
            {
                Value::Dict(_, of_topic) => drop(of_topic.insert(name, value)),
                _ => unreachable!("only tables are put in"),
            }
        }
        settings
    }

    /// A variable that names a setting without its topic (`SKEP_LISTEN`), and the name that was meant.
    pub(super) fn without_topic(&self, topics: &[Topic]) -> Option<(String, String)> {
        self.variables.iter().find_map(|(variable, _)| {
            let rest = variable.strip_prefix(PREFIX)?.to_lowercase();
            topics.iter().find_map(|topic| {
                let setting = topic.settings.iter().find(|setting| {
                    rest == setting.name || rest == format!("{}_{}", topic.name, setting.name)
                })?;
                Some((variable.clone(), variable_of(topic.name, setting.name)))
            })
        })
    }
}

/// The name of the variable for a setting.
pub(super) fn variable_of(topic: &str, setting: &str) -> String {
    format!("{PREFIX}{topic}{SEPARATOR}{setting}").to_uppercase()
}

/// A variable is always text. It is read as its setting's kind, so that a password may be `1234`.
fn typed(value: &str, kind: Option<Kind>) -> Value {
    match kind {
        Some(Kind::Integer) => value
            .parse::<i64>()
            .map_or_else(|_| Value::from(value), Value::from),
        Some(Kind::Boolean) => value
            .parse::<bool>()
            .map_or_else(|_| Value::from(value), Value::from),
        _ => Value::from(value),
    }
}

fn kind_of(topic: &str, name: &str, topics: &[Topic]) -> Option<Kind> {
    topics
        .iter()
        .find(|other| other.name == topic)?
        .settings
        .iter()
        .find(|other| other.name == name)
        .map(|setting| setting.kind)
}
