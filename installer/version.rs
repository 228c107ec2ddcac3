//! Which of two versions is newer, and what another program says of itself.

use std::cmp::Ordering;
use std::path::Path;

use serde::Deserialize;

use super::command;

/// What `skep version --json` says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) schema_version: i64,
}

/// Asks a program what it is.
///
/// # Errors
/// When it does not run here or is something else.
pub(super) fn ask(program: &Path) -> Result<Told, String> {
    let text = command::output(&program.display().to_string(), &["version", "--json"])?;
    let told: Told = serde_json::from_str(&text)
        .map_err(|_| "it does not say which version of Skep it is".to_owned())?;
    if told.name == "skep" {
        Ok(told)
    } else {
        Err(format!("it is {}", told.name))
    }
}

/// Compares two versions like `1.10.0` and `1.9.0-rc.1`.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let parts = |version: &str| -> (Vec<u64>, Option<String>) {
        let (numbers, before) = match version.split_once('-') {
            Some((numbers, before)) => (numbers, Some(before.to_owned())),
            None => (version, None),
        };
        let numbers = numbers
            .split('+')
            .next()
            .unwrap_or_default()
            .split('.')
            .map(|number| number.parse().unwrap_or(0))
            .collect();
        (numbers, before)
    };
    let ((numbers, before), (other_numbers, other_before)) = (parts(one), parts(other));
    numbers
        .cmp(&other_numbers)
        .then_with(|| match (before, other_before) {
            (None, None) => Ordering::Equal,
            // What comes before a release is older than the release.
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(one), Some(other)) => one.cmp(&other),
        })
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::{ask, compare};

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert_eq!(compare("1.10.0", "1.9.9"), Ordering::Greater);
        assert_eq!(compare("0.1.0", "0.1.0"), Ordering::Equal);
        assert_eq!(compare("1.0.0-rc.1", "1.0.0"), Ordering::Less);
        assert_eq!(compare("1.0.0-rc.2", "1.0.0-rc.1"), Ordering::Greater);
        assert_eq!(compare("0.9.0", "1.0.0"), Ordering::Less);
    }

    #[test]
    fn another_program_is_not_taken_for_ours() {
        ask(std::path::Path::new("/bin/true")).unwrap_err();
        ask(std::path::Path::new("/no/such/file")).unwrap_err();
    }
}
