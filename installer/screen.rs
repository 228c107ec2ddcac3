//! What people see: lines, a table of findings, and words that their terminal can show.

use std::io::{self, IsTerminal, Write};

use dialoguer::console::{Style, style};

use crate::config::Environment;
use crate::machine::{Finding, Verdict};

/// Where things are said.
#[derive(Debug, Clone)]
pub struct Screen {
    /// Whether a person can answer.
    pub is_interactive: bool,
    /// Whether what is said is seen on a terminal.
    pub is_terminal: bool,
    /// Whether it shows more than ASCII.
    pub is_utf8: bool,
    has_colours: bool,
    is_quiet: bool,
}

impl Screen {
    /// The one of this process.
    pub fn of(environment: &Environment, is_quiet: bool) -> Self {
        let is_terminal = io::stdout().is_terminal() && io::stderr().is_terminal();
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| environment.get(name))
            .unwrap_or_default()
            .to_lowercase();
        let is_dumb = environment
            .get("TERM")
            .is_none_or(|terminal| terminal == "dumb");
        Self {
            is_interactive: is_terminal && io::stdin().is_terminal(),
            is_terminal,
            is_utf8: locale.contains("utf-8") || locale.contains("utf8"),
            has_colours: is_terminal && !is_dumb && environment.get("NO_COLOR").is_none(),
            is_quiet,
        }
    }

    /// Says a line.
    pub fn say(&self, line: &str) {
        if !self.is_quiet {
            self.insist(line);
        }
    }

    /// Says a line even to those who want to hear little.
    pub fn insist(&self, line: &str) {
        // Whoever closed the pipe does not want to hear more.
        drop(writeln!(io::stdout(), "{line}"));
    }

    /// What was found, a line each, with what to do below those that are not well.
    pub fn findings(&self, findings: &[Finding]) {
        let width = findings
            .iter()
            .map(|finding| finding.title.chars().count())
            .max()
            .unwrap_or(0);
        for finding in findings {
            let (word, colour) = match finding.verdict {
                Verdict::Ok => ("ok", Style::new().green()),
                Verdict::Unknown => ("unknown", Style::new().yellow()),
                Verdict::Warning => ("warning", Style::new().yellow()),
                Verdict::Critical => ("refused", Style::new().red().bold()),
            };
            let word = format!("{word:<7}");
            let word = if self.has_colours {
                colour.force_styling(true).apply_to(word).to_string()
            } else {
                word
            };
            let needed = finding
                .needed
                .as_ref()
                .filter(|_| finding.verdict != Verdict::Ok)
                .map_or_else(String::new, |needed| format!("; needed: {needed}"));
            self.say(&format!(
                "  {word}  {:<width$}  {}{needed}",
                finding.title, finding.found
            ));
            if let Some(remedy) = &finding.remedy {
                for line in wrapped(remedy, 80 - 13) {
                    self.say(&format!("             {line}"));
                }
            }
        }
    }

    /// A title.
    pub fn title(&self, text: &str) {
        self.say("");
        if self.has_colours {
            self.say(&style(text).bold().force_styling(true).to_string());
        } else {
            self.say(text);
        }
    }

    /// Lines in a box, so that nobody overlooks them.
    pub fn boxed(&self, lines: &[&str]) {
        let width = lines
            .iter()
            .map(|line| line.chars().count())
            .max()
            .unwrap_or(0);
        let (corner, across, down) = if self.is_utf8 {
            (["┌", "┐", "└", "┘"], "─", "│")
        } else {
            (["+", "+", "+", "+"], "-", "|")
        };
        let edge = across.repeat(width + 2);
        self.say(&format!("{}{edge}{}", corner[0], corner[1]));
        for line in lines {
            self.say(&format!("{down} {line:<width$} {down}"));
        }
        self.say(&format!("{}{edge}{}", corner[2], corner[3]));
    }
}

/// The text in lines of at most `width` characters, broken at spaces.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn long_sentences_are_broken_at_spaces() {
        assert_eq!(wrapped("a bb ccc dddd", 6), ["a bb", "ccc", "dddd"]);
        assert_eq!(wrapped("longerthanthat x", 3), ["longerthanthat", "x"]);
        assert!(wrapped("", 5).is_empty());
    }
}
