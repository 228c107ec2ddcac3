//! Answers that are kept in files and reviewed like code.

use std::path::Path;

/// Compares `actual` with the file at `path` in the repository, or writes it there with `UPDATE_EXPECT=1`.
#[track_caller]
pub fn expect_file(path: &str, actual: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is told by its environment to accept what it sees"
    )]
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    if is_update {
        std::fs::write(&file, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        expected == actual,
        "{path} is not what it was. If the change is meant, run with UPDATE_EXPECT=1 and review it.\n{}",
        first_difference(&expected, actual)
    );
}

fn first_difference(expected: &str, actual: &str) -> String {
    let mut lines = expected.lines().zip(actual.lines());
    match lines.find(|(expected, actual)| expected != actual) {
        Some((expected, actual)) => format!("expected: {expected}\n  actual: {actual}"),
        None => format!(
            "{} lines were expected, there are {}",
            expected.lines().count(),
            actual.lines().count()
        ),
    }
}
