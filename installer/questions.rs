//! What a person at a terminal is asked: at most three questions, each with a default that Enter takes.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use dialoguer::console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::answers::{self, LISTEN_ALL, LISTEN_HERE, check_data_dir};
use super::data_device::Partition;
use super::interrupt::Interrupt;
use super::outcome::{Error, Result};
use super::screen::Screen;

/// Asks.
pub(super) struct Questions<'a> {
    interrupt: &'a Interrupt,
    theme: Box<dyn Theme>,
    terminal: Term,
}

/// Where the data of a live session goes.
pub(super) enum Keeping {
    Memory,
    Disk(Partition),
    Folder(PathBuf),
}

impl<'a> Questions<'a> {
    pub(super) fn at(screen: &Screen, interrupt: &'a Interrupt) -> Self {
        Self {
            interrupt,
            theme: if screen.is_utf8 {
                Box::new(ColorfulTheme::default())
            } else {
                Box::new(SimpleTheme)
            },
            terminal: Term::stderr(),
        }
    }

    /// Where the data goes.
    pub(super) fn data_dir(&self, default: &Path) -> Result<PathBuf> {
        let asked = Input::<String>::with_theme(&*self.theme)
            .with_prompt("Data folder")
            .default(default.display().to_string())
            .validate_with(|text: &String| {
                check_data_dir(Path::new(text)).map_err(|error| error.to_string())
            })
            .interact_text_on(&self.terminal);
        self.answered(asked).map(PathBuf::from)
    }

    /// Where the data of a live session goes.
    pub(super) fn keeping(&self, partitions: &[Partition], default: &Path) -> Result<Keeping> {
        let mut items: Vec<String> = partitions
            .iter()
            .map(|partition| format!("On the disk {}", partition.in_words()))
            .collect();
        items.push("In memory: gone when the machine is switched off".to_owned());
        items.push("In another folder".to_owned());
        let asked = Select::with_theme(&*self.theme)
            .with_prompt("Where shall the data be?")
            .items(&items)
            .default(0)
            .interact_on(&self.terminal);
        let chosen = self.answered(asked)?;
        Ok(match partitions.get(chosen) {
            Some(partition) => Keeping::Disk(partition.clone()),
            None if chosen == partitions.len() => Keeping::Memory,
            None => Keeping::Folder(self.data_dir(default)?),
        })
    }

    /// Who may reach it.
    pub(super) fn listen(&self) -> Result<std::net::SocketAddr> {
        let asked = Select::with_theme(&*self.theme)
            .with_prompt("Who may reach Skep?")
            .items(["This machine only", "The whole network, port 9000"])
            .default(0)
            .interact_on(&self.terminal);
        let chosen = self.answered(asked)?;
        answers::address(if chosen == 0 { LISTEN_HERE } else { LISTEN_ALL })
    }

    /// The password of the first administrator; nothing keeps the one that everybody knows.
    pub(super) fn password(&self) -> Result<Option<String>> {
        loop {
            let password = Self::hidden(
                "New password of admin@thehive.local (empty keeps `secret`, which works from this machine only): ",
            )?;
            if password.is_empty() {
                return Ok(None);
            }
            if Self::hidden("The same once more: ")? == password {
                return Ok(Some(password));
            }
            self.tell("These were not the same.");
        }
    }

    /// Whether to go on.
    pub(super) fn goes_on(&self, question: &str, default: bool) -> Result<bool> {
        let asked = Confirm::with_theme(&*self.theme)
            .with_prompt(question)
            .default(default)
            .interact_on(&self.terminal);
        self.answered(asked)
    }

    /// Whether somebody types this word.
    pub(super) fn types(&self, question: &str, word: &str) -> Result<bool> {
        let asked = Input::<String>::with_theme(&*self.theme)
            .with_prompt(question)
            .allow_empty(true)
            .interact_text_on(&self.terminal);
        Ok(self.answered(asked)? == word)
    }

    fn tell(&self, line: &str) {
        // A terminal that is gone is noticed by the next question.
        drop(self.terminal.write_line(line));
    }

    fn answered<T>(&self, asked: dialoguer::Result<T>) -> Result<T> {
        drop(self.terminal.show_cursor());
        self.interrupt.check(false)?;
        asked.map_err(|error| Error::Declined(format!("Nobody answers at the terminal: {error}.")))
    }

    /// A line that the terminal does not show. Read key by key, because a Ctrl-C has to end it at once.
    fn hidden(question: &str) -> Result<String> {
        let gone =
            |error: io::Error| Error::Declined(format!("Nobody answers at the terminal: {error}."));
        let mut out = io::stderr();
        write!(out, "{question}")
            .and_then(|()| out.flush())
            .map_err(gone)?;
        let typed = Hidden::begin().and_then(|hidden| {
            let line = Hidden::line();
            drop(hidden);
            line
        });
        drop(writeln!(out));
        match typed {
            Ok(Some(line)) => Ok(line),
            Ok(None) => Err(Error::Interrupted {
                signal: 2,
                has_begun: false,
            }),
            Err(error) => Err(gone(error)),
        }
    }
}

/// While it lives, the terminal shows nothing and hands over each key.
struct Hidden {
    before: Termios,
}

impl Hidden {
    fn begin() -> io::Result<Self> {
        let stdin = io::stdin();
        let before = tcgetattr(&stdin)?;
        let mut hidden = before.clone();
        hidden
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(&stdin, OptionalActions::Now, &hidden)?;
        Ok(Self { before })
    }

    /// What was typed up to Enter; nothing if it was Ctrl-C.
    fn line() -> io::Result<Option<String>> {
        const CTRL_C: u8 = 3;
        const CTRL_D: u8 = 4;
        const CTRL_U: u8 = 21;
        let mut typed: Vec<u8> = Vec::new();
        let mut byte = [0];
        // Not through the buffer of the standard input: it would take what is typed for the next question.
        let mut keys = std::fs::File::from(rustix::io::dup(io::stdin())?);
        loop {
            if keys.read(&mut byte)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match byte[0] {
                b'\r' | b'\n' => break,
                CTRL_C => return Ok(None),
                CTRL_D if typed.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
                CTRL_U => typed.clear(),
                8 | 127 => {
                    // A whole character, which may be several bytes.
                    while typed.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {}
                }
                other => typed.push(other),
            }
        }
        String::from_utf8(typed)
            .map(Some)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the password is not UTF-8"))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        tcsetattr(io::stdin(), OptionalActions::Now, &self.before).ok();
    }
}
