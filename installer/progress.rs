//! Shows the steps as they are done: a line each with its time; where there is a terminal, the one under way moves.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::screen::Screen;

/// The steps of one run.
pub(super) struct Progress<'a> {
    screen: &'a Screen,
}

/// A step under way.
pub(super) struct Shown<'a> {
    screen: &'a Screen,
    title: String,
    bar: Option<ProgressBar>,
}

impl<'a> Progress<'a> {
    pub(super) fn on(screen: &'a Screen) -> Self {
        Self { screen }
    }

    /// Shows that a step begins.
    pub(super) fn begin(&self, title: &str) -> Shown<'a> {
        let bar = self.screen.is_terminal.then(|| {
            let bar = ProgressBar::new_spinner().with_message(title.to_owned());
            let ticks: &[&str] = if self.screen.is_utf8 {
                &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
            } else {
                &["|", "/", "-", "\\"]
            };
            if let Ok(style) = ProgressStyle::with_template("  {spinner} {msg}") {
                bar.set_style(style.tick_strings(ticks));
            }
            bar.enable_steady_tick(Duration::from_millis(80));
            bar
        });
        Shown {
            screen: self.screen,
            title: title.to_owned(),
            bar,
        }
    }
}

impl Shown<'_> {
    /// It is done, in this time.
    pub(super) fn done(self, has_changed: bool, time: Duration) {
        let mark = if self.screen.is_utf8 { "✓" } else { "ok" };
        let how = if has_changed {
            format!("{:.1} s", time.as_secs_f64())
        } else {
            "as it should be".to_owned()
        };
        self.end(mark, &how);
    }

    /// It failed.
    pub(super) fn failed(self) {
        let mark = if self.screen.is_utf8 { "✗" } else { "!!" };
        self.end(mark, "FAILED");
    }

    fn end(&self, mark: &str, how: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.screen
            .say(&format!("  {mark} {:<32} {how}", self.title));
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        // One that was interrupted leaves no moving line behind.
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
