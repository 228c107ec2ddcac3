//! Writes the settings for people: the reference page, and what is in force.

use std::fmt::Write;

use super::environment::variable_of;
use super::load::Loaded;
use super::{Config, Kind, Setting, Topic};

const INTRODUCTION: &str = "\
# Configuration

Skep needs no configuration to start. What it takes, the later the stronger: the defaults below, a file in TOML
(`skep serve --config FILE`, or the variable `SKEP_CONFIG`), the environment, and the command line
(`skep serve --help`). A setting that doesn't exist is an error, so that a mistyped one isn't overlooked.
`skep config print --with-origin` shows what is in force and where each value came from.

A secret may lie in a file of its own: give `name_file` with the file's path in place of `name`. The master key and the keys
of a bucket may also be handed over by systemd, as the credentials `master-key`, `s3-access-key` and `s3-secret-key`
(`LoadCredential=`); they are weaker than the file of settings.

This page is written from the program's own settings; a test keeps it so
(`UPDATE_EXPECT=1 cargo test --test generated` writes it anew).

## A file with every setting

The values are the defaults; those with a `#` in front have none.

";

/// The reference page, `docs/CONFIGURATION.md`.
pub fn reference() -> String {
    let topics = Config::default().topics();
    let mut page = INTRODUCTION.to_owned();
    page.push_str("```toml\n");
    for (index, topic) in topics.iter().enumerate() {
        if index > 0 {
            page.push('\n');
        }
        push_sample(&mut page, topic);
    }
    page.push_str("```\n\n## In the environment\n\n| setting | variable |\n| --- | --- |\n");
    for topic in &topics {
        for setting in &topic.settings {
            push_variable(&mut page, topic, setting);
        }
    }
    page
}

fn push_sample(page: &mut String, topic: &Topic) {
    for line in topic.docs {
        push_line(page, &format!("#{line}"));
    }
    push_line(page, &format!("[{}]", topic.name));
    for setting in &topic.settings {
        page.push('\n');
        for line in setting.docs {
            push_line(page, &format!("#{}", line.replace('`', "")));
        }
        match &setting.value {
            Some(value) => push_line(page, &format!("{} = {value}", setting.name)),
            None => push_line(page, &format!("# {} = \"…\"", setting.name)),
        }
    }
}

fn push_variable(page: &mut String, topic: &Topic, setting: &Setting) {
    let variable = variable_of(topic.name, setting.name);
    let in_file = if setting.kind == Kind::Secret {
        format!(" or `{variable}_FILE`")
    } else {
        String::new()
    };
    push_line(
        page,
        &format!(
            "| `{}.{}` | `{variable}`{in_file} |",
            topic.name, setting.name
        ),
    );
}

fn push_line(page: &mut String, line: &str) {
    writeln!(page, "{line}").expect("writing to a String never fails");
}

impl Loaded {
    /// The settings in force, as a file would have them; with a comment that says where each came from.
    pub fn print(&self, with_origin: bool) -> String {
        let mut text = String::new();
        for (index, topic) in self.config.topics().iter().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            push_line(&mut text, &format!("[{}]", topic.name));
            for setting in &topic.settings {
                let line = match &setting.value {
                    Some(value) => format!("{} = {value}", setting.name),
                    None => format!("# {} is not set", setting.name),
                };
                if with_origin {
                    let origin = self.origin(topic.name, setting.name);
                    push_line(&mut text, &format!("{line:<48} # {origin}"));
                } else {
                    push_line(&mut text, &line);
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::reference;
    use crate::config::{Environment, load};

    #[test]
    fn the_sample_in_the_reference_is_a_file_that_loads_and_changes_nothing() {
        let page = reference();
        let sample = page
            .split_once("```toml\n")
            .and_then(|(_, rest)| rest.split_once("```"))
            .unwrap()
            .0;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), sample).unwrap();
        let environment = Environment::of(&[("HOME", "/home/ana")]);
        let of_sample = load(Some(file.path()), &environment, &[]).unwrap();
        let of_defaults = load(None, &environment, &[]).unwrap();
        assert_eq!(of_sample.print(false), of_defaults.print(false));
    }

    #[test]
    fn what_is_in_force_is_shown_with_its_origin_but_without_secrets() {
        let environment = Environment::of(&[
            ("HOME", "/home/ana"),
            ("SKEP_STORAGE__DATABASE", "postgres://ana:hush@db/skep"),
        ]);
        let shown = load(None, &environment, &[]).unwrap().print(true);
        assert!(!shown.contains("hush"));
        let line = |start: &str| {
            shown
                .lines()
                .find(|line| line.starts_with(start))
                .unwrap()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(
            line("database"),
            "database = \"(set, not shown)\" # environment SKEP_STORAGE__DATABASE"
        );
        assert_eq!(line("listen"), "listen = \"127.0.0.1:9000\" # default");
    }
}
