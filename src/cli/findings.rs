//! Findings as a table for people: a word for the verdict, what was found, and below it what to do.

use std::io::IsTerminal;

use crate::config::Environment;
use crate::machine::{Finding, Verdict};

/// The widest verdict and its space.
const VERDICT_WIDTH: usize = 10;
/// Lines are broken at the terminal's width, but not where hardly a word would fit.
const TEXT_WIDTH_MIN: usize = 30;

/// How it is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// With colours.
    is_coloured: bool,
    /// Columns of the terminal; nothing where lines are not broken.
    width: Option<usize>,
}

impl Look {
    /// As the standard output takes it: colours and breaks at a terminal, plain elsewhere.
    pub(super) fn of_output() -> Self {
        let out = std::io::stdout();
        let is_terminal = out.is_terminal();
        let width = rustix::termios::tcgetwinsize(&out)
            .ok()
            .map(|size| usize::from(size.ws_col))
            .filter(|width| is_terminal && *width > 0);
        Self {
            is_coloured: is_terminal && Environment::of_process().get("NO_COLOR").is_none(),
            width,
        }
    }

    fn paint(self, verdict: Verdict, text: &str) -> String {
        if !self.is_coloured {
            return text.to_owned();
        }
        let colour = match verdict {
            Verdict::Ok => "32",
            Verdict::Unknown => "36",
            Verdict::Warning => "33",
            Verdict::Critical => "1;31",
        };
        format!("\u{1b}[{colour}m{text}\u{1b}[0m")
    }
}

/// The findings as lines.
pub(super) fn table(findings: &[Finding], look: Look) -> String {
    let titles = findings
        .iter()
        .map(|finding| finding.title.len())
        .max()
        .unwrap_or(0);
    let indent = VERDICT_WIDTH + titles + 2;
    let mut lines = Vec::new();
    for finding in findings {
        let word = format!("{:<VERDICT_WIDTH$}", word(finding.verdict));
        let head = format!(
            "{}{:<titles$}  ",
            look.paint(finding.verdict, &word),
            finding.title
        );
        let found = match &finding.needed {
            Some(needed) if finding.verdict != Verdict::Ok => {
                format!("{} (needed: {needed})", finding.found)
            }
            _ => finding.found.clone(),
        };
        let mut texts = wrapped(&found, look, indent);
        if let Some(remedy) = &finding.remedy {
            texts.extend(wrapped(&format!("-> {remedy}"), look, indent));
        }
        for (index, text) in texts.into_iter().enumerate() {
            let head = if index == 0 {
                head.clone()
            } else {
                " ".repeat(indent)
            };
            lines.push(format!("{head}{text}"));
        }
    }
    lines.join("\n")
}

/// One sentence over all of them.
pub(super) fn summary(findings: &[Finding], look: Look) -> String {
    let count = |verdict: Verdict| {
        findings
            .iter()
            .filter(|finding| finding.verdict == verdict)
            .count()
    };
    let parts: Vec<String> = [
        (Verdict::Critical, "critical"),
        (Verdict::Warning, "to look at"),
        (Verdict::Unknown, "not known"),
    ]
    .into_iter()
    .filter(|(verdict, _)| count(*verdict) > 0)
    .map(|(verdict, words)| look.paint(verdict, &format!("{} {words}", count(verdict))))
    .collect();
    if parts.is_empty() {
        return look.paint(Verdict::Ok, "All is well.");
    }
    format!("{} of {} checks.", parts.join(", "), findings.len())
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Unknown => "unknown",
        Verdict::Warning => "warning",
        Verdict::Critical => "CRITICAL",
    }
}

/// The text broken at spaces, so that it fits beside an indent.
fn wrapped(text: &str, look: Look, indent: usize) -> Vec<String> {
    let Some(width) = look
        .width
        .map(|width| width.saturating_sub(indent))
        .filter(|width| *width >= TEXT_WIDTH_MIN)
    else {
        return vec![text.to_owned()];
    };
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is always a line");
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
            continue;
        }
        if !last.is_empty() {
            last.push(' ');
        }
        last.push_str(word);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Look, summary, table};
    use crate::machine::Finding;

    fn findings() -> Vec<Finding> {
        vec![
            Finding::ok("memory", "Memory", "16.0 GiB").needs("16 GB"),
            Finding::warning("cores", "Cores", "2 usable", "Give it more.").needs("4"),
        ]
    }

    #[test]
    fn without_a_terminal_it_is_plain() {
        let plain = Look {
            is_coloured: false,
            width: None,
        };
        assert_eq!(
            table(&findings(), plain),
            "ok        Memory  16.0 GiB\n\
             warning   Cores   2 usable (needed: 4)\n\
             \x20                 -> Give it more."
        );
        assert_eq!(summary(&findings(), plain), "1 to look at of 2 checks.");
        assert_eq!(summary(&findings()[..1], plain), "All is well.");
    }

    #[test]
    fn at_a_terminal_it_has_colours_and_keeps_within_the_width() {
        let narrow = Look {
            is_coloured: true,
            width: Some(60),
        };
        let long = vec![Finding::critical(
            "disk",
            "Disk",
            "a text of many words that does not fit into one line of this terminal",
            "do something",
        )];
        let text = table(&long, narrow);
        assert!(text.contains("\u{1b}[1;31mCRITICAL"), "{text}");
        for line in text.lines().skip(1) {
            assert!(line.chars().count() <= 60, "{line}");
        }
    }
}
