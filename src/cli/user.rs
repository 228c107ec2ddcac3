//! `skep user`: what has to work when nobody can sign in.

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::Settings;
use crate::app::App;
use crate::clock::Clock;

/// What can be done to users from here.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Give a user a new password and end his sessions. Stop the server first, if it uses the embedded database.
    ResetPassword(ResetPassword),
}

/// What `skep user reset-password` takes.
#[derive(Args)]
pub(super) struct ResetPassword {
    /// The user's login, like admin@thehive.local.
    login: String,
    /// Read the new password from this file (- for the standard input); without it, it is asked for.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Turn the user's second factor off too.
    #[arg(long)]
    reset_totp: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: Command) -> anyhow::Result<()> {
    let Command::ResetPassword(arguments) = command;
    let password = new_password(arguments.password_file.as_deref())?;
    let config = arguments.settings.load()?.config;
    let app = App::open(config, Clock::system())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome =
        runtime.block_on(app.reset_password(&arguments.login, &password, arguments.reset_totp));
    app.close();
    outcome.with_context(|| format!("The password of {} is not changed", arguments.login))?;
    println!(
        "The password of {} is changed, and all his sessions are ended.",
        arguments.login
    );
    Ok(())
}

fn new_password(file: Option<&std::path::Path>) -> anyhow::Result<String> {
    let mut password = String::new();
    match file {
        Some(path) if path == std::path::Path::new("-") => {
            std::io::stdin().read_to_string(&mut password)?;
        }
        Some(path) => {
            password = std::fs::read_to_string(path)
                .with_context(|| format!("Cannot read {}", path.display()))?;
        }
        None if std::io::stdin().is_terminal() => {
            print!("New password (it is shown as you type): ");
            std::io::stdout().flush()?;
            std::io::stdin().read_line(&mut password)?;
        }
        None => bail!(
            "Say where the new password is: --password-file FILE, or - for the standard input"
        ),
    }
    // The end of the line belongs to the file; spaces belong to the password.
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        bail!("The new password is empty");
    }
    Ok(password)
}
