//! What is logged, changed while the program runs. It lasts until the program stops: what is to last is in the settings.

use std::fmt::Write as _;
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing_subscriber::filter::ParseError;
use tracing_subscriber::{EnvFilter, Registry, reload};

use crate::access::{Error, FieldProblem, Result};

/// Parts of the program whose level may be another one at a time.
const CHANGES_MAX: usize = 100;
/// The names of everything, in the words of those who administer programs in Java.
const ALL: [&str; 3] = ["ROOT", "root", "_all"];

/// The log of the process: there is one.
static LOG: OnceLock<Log> = OnceLock::new();

struct Log {
    /// What the settings say.
    usual: String,
    /// What was said since: a part of the program, or nothing for all of it, and its level.
    changed: Mutex<Vec<(String, &'static str)>>,
    apply: Box<dyn Fn(EnvFilter) -> std::result::Result<(), reload::Error> + Send + Sync>,
}

/// The filter of a log that [`set`] changes; `usual` is what the settings say. The first one of a process is the one.
///
/// # Errors
/// When `usual` is no filter.
pub fn changeable(
    usual: &str,
) -> std::result::Result<reload::Layer<EnvFilter, Registry>, ParseError> {
    let (layer, handle) = reload::Layer::new(EnvFilter::try_new(usual)?);
    let log = Log {
        usual: usual.to_owned(),
        changed: Mutex::default(),
        apply: Box::new(move |filter| handle.reload(filter)),
    };
    // A second log would be one that nobody reads.
    drop(LOG.set(log));
    Ok(layer)
}

/// Logs a part of the program from this level on.
///
/// # Errors
/// A part or level that there can't be, or a program whose log stays as it is.
pub(super) fn set(package: &str, level: &str) -> Result<()> {
    let level = level_of(level)?;
    let target = target_of(package)?;
    let log = LOG.get().ok_or_else(|| {
        Error::NotReady("the log of this process stays as it was started".to_owned())
    })?;
    let mut changed = log.changed.lock().unwrap_or_else(PoisonError::into_inner);
    let mut after = changed.clone();
    after.retain(|(other, _)| *other != target);
    after.push((target, level));
    if after.len() > CHANGES_MAX {
        return Err(Error::Rule(format!(
            "The levels of at most {CHANGES_MAX} parts of the program can be changed"
        )));
    }
    let filter = filter(&log.usual, &after);
    let wrong = |error: &dyn std::fmt::Display| {
        Error::invalid(FieldProblem::format("packageName", error.to_string()))
    };
    let filter = EnvFilter::try_new(filter).map_err(|error| wrong(&error))?;
    (log.apply)(filter).map_err(|error| Error::Internal(format!("the log: {error}")))?;
    *changed = after;
    Ok(())
}

/// The filter with the changes after what it usually is: of two that are about the same, the last counts.
fn filter(usual: &str, changed: &[(String, &'static str)]) -> String {
    let mut filter = usual.to_owned();
    for (target, level) in changed {
        let _infallible = match target.as_str() {
            "" => write!(filter, ",{level}"),
            target => write!(filter, ",{target}={level}"),
        };
    }
    filter
}

fn level_of(level: &str) -> Result<&'static str> {
    let known = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF"];
    let level = if level == "ALL" { "TRACE" } else { level };
    known
        .into_iter()
        .find(|known| *known == level)
        .ok_or_else(|| {
            let message = "must be ALL, TRACE, DEBUG, INFO, WARN, ERROR or OFF";
            Error::invalid(FieldProblem::format("level", message))
        })
}

/// The part of the program that a name stands for, `skep::storage` or `skep.storage`; empty for all of it.
fn target_of(package: &str) -> Result<String> {
    if ALL.contains(&package) {
        return Ok(String::new());
    }
    let target = package.replace('.', "::");
    let is_name = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    if target.len() <= 128 && target.split("::").all(is_name) {
        return Ok(target);
    }
    let message = "must be a part of the program, like skep::storage, or ROOT";
    Err(Error::invalid(FieldProblem::format("packageName", message)))
}

#[cfg(test)]
mod tests {
    use super::{filter, level_of, target_of};

    #[test]
    fn names_and_levels_are_those_of_java_and_of_rust() {
        assert_eq!(target_of("skep.storage").unwrap(), "skep::storage");
        assert_eq!(target_of("skep::storage").unwrap(), "skep::storage");
        assert_eq!(target_of("ROOT").unwrap(), "");
        for wrong in ["", "a,b", "a=debug", "a::", "[span]", "a b"] {
            target_of(wrong).unwrap_err();
        }
        assert_eq!(level_of("ALL").unwrap(), "TRACE");
        level_of("debug").unwrap_err();
    }

    #[test]
    fn the_last_word_counts() {
        let changed = [
            (String::new(), "WARN"),
            ("skep::storage".to_owned(), "DEBUG"),
        ];
        assert_eq!(filter("info", &changed), "info,WARN,skep::storage=DEBUG");
    }
}
