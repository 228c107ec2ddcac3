//! Whether the bucket of files answers, where the files are in one.

use std::time::Duration;

use super::subject::Subject;
use crate::machine::Finding;

const ID: &str = "bucket";
const TITLE: &str = "Bucket of files";
/// A look takes less than a second; a bucket that takes longer is as bad as none.
const TIME_MAX: Duration = Duration::from_millis(800);

pub(super) fn findings(subject: &Subject) -> Vec<Finding> {
    let Some(bucket) = &subject.bucket else {
        return Vec::new();
    };
    vec![match bucket.answers(TIME_MAX) {
        Ok(()) => Finding::ok(ID, TITLE, format!("{} answers.", bucket.title())),
        Err(error) => Finding::critical(
            ID,
            TITLE,
            error.to_string(),
            "Until it answers, files can neither be added nor read; everything else works. The log has more.",
        ),
    }]
}
