//! Reading a password: from a terminal without showing it, or from what is piped in.

use std::io::{BufRead, IsTerminal, Read, Stdin, Write};

use anyhow::{Context, bail};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Asks for a new password at the terminal, twice; or reads what is piped in.
pub(super) fn new_password() -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return piped(&stdin);
    }
    let password = asked(&stdin, "New password: ")?;
    if asked(&stdin, "Once more: ")? != password {
        bail!("The two passwords are not the same");
    }
    Ok(password)
}

/// All that is piped in.
pub(super) fn piped(mut stdin: &Stdin) -> anyhow::Result<String> {
    let mut text = String::new();
    stdin
        .read_to_string(&mut text)
        .context("Cannot read the password from the standard input")?;
    Ok(text)
}

fn asked(stdin: &Stdin, question: &str) -> anyhow::Result<String> {
    let hidden = Hidden::begin(stdin)?;
    // On the standard error output: the standard output is for results.
    eprint!("{question}");
    std::io::stderr().flush()?;
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    drop(hidden);
    eprintln!();
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// While it lives, the terminal does not show what is typed.
struct Hidden<'a> {
    terminal: &'a Stdin,
    before: Termios,
}

impl<'a> Hidden<'a> {
    fn begin(terminal: &'a Stdin) -> anyhow::Result<Self> {
        let before = tcgetattr(terminal).context("Cannot ask the terminal")?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        // What was typed before the question is thrown away.
        tcsetattr(terminal, OptionalActions::Flush, &hidden)
            .context("Cannot keep the terminal from showing the password")?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        tcsetattr(self.terminal, OptionalActions::Now, &self.before).ok();
    }
}
