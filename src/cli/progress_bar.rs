//! A bar that shows how far a backup is, where there is a terminal.

use indicatif::{ProgressBar as Bar, ProgressStyle};

use crate::backup::{Progress, Stage};

/// One bar for each stage.
pub(super) struct ProgressBar {
    bar: Bar,
}

impl ProgressBar {
    pub(super) fn new() -> Self {
        Self { bar: Bar::hidden() }
    }
}

impl Progress for ProgressBar {
    fn begin(&mut self, stage: Stage, bytes: u64) {
        self.bar.finish_and_clear();
        self.bar = Bar::new(bytes).with_message(match stage {
            Stage::Copying => "Copying the database",
            Stage::Packing => "Writing the backup",
            Stage::Checking => "Reading it",
            Stage::Replacing => "Putting it in place",
        });
        let form = if bytes > 0 {
            "{msg:26} {bar:30} {bytes:>10} of {total_bytes}, {bytes_per_sec}, {eta} left"
        } else {
            "{msg:26} {elapsed}"
        };
        if let Ok(style) = ProgressStyle::with_template(form) {
            self.bar.set_style(style);
        }
    }

    fn reach(&mut self, bytes: u64) {
        self.bar.set_position(bytes);
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
