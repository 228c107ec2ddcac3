//! What the tests are told from outside, and what they tell back.

use std::io::Write;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

#[expect(
    clippy::disallowed_methods,
    reason = "the settings of the tests themselves"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The program under test.
pub fn binary() -> PathBuf {
    variable("SKEP_BINARY").map_or_else(|| env!("CARGO_BIN_EXE_skep").into(), PathBuf::from)
}

/// Whether to take the time for more of everything.
pub fn is_full() -> bool {
    variable("SKEP_TEST_FULL").is_some_and(|value| value != "0")
}

/// What decides all that is left to chance in a test; printed, so that it can be given again.
#[expect(
    clippy::disallowed_methods,
    reason = "a new seed for each run is the point"
)]
pub fn seed(test: &str) -> u64 {
    let seed = variable("SKEP_TEST_SEED").map_or_else(
        || {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            now.as_secs() << 30 | u64::from(now.subsec_nanos())
        },
        |text| text.parse().expect("SKEP_TEST_SEED is a number"),
    );
    eprintln!("{test}: SKEP_TEST_SEED={seed}");
    seed
}

/// Says that `test` did not run here, on the standard error output and into the file `SKEP_TEST_SKIPPED`, from which
/// scripts/test tells it: a test runner shows nothing of a test that passed.
pub fn skip(test: &str, reason: &str) {
    eprintln!("SKIPPED {test}: {reason}");
    if let Some(path) = variable("SKEP_TEST_SKIPPED") {
        let file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path);
        writeln!(file.unwrap(), "{test}: {reason}").unwrap();
    }
}
