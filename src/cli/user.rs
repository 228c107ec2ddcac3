//! `skep user`: what has to work when nobody can sign in.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::{Settings, secret_input};
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
    /// Read the new password from this file (- for the standard input). Without it, it is asked for at the terminal,
    /// which does not show it, or read from what is piped in.
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
    let config = arguments.settings.load_installed()?.config;
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

fn new_password(file: Option<&Path>) -> anyhow::Result<String> {
    let password = match file {
        Some(path) if path == Path::new("-") => secret_input::piped(&std::io::stdin())?,
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("Cannot read {}", path.display()))?,
        None => secret_input::new_password()?,
    };
    // The end of the line belongs to the file; spaces belong to the password.
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        bail!("The new password is empty");
    }
    Ok(password)
}
