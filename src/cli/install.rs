//! `skep install`, `skep upgrade`, `skep rollback`, `skep uninstall`: their flags, and the status they end with.

use std::path::PathBuf;

use super::exit::Exit;
use crate::clock::Clock;
use crate::config::Environment;
use crate::installer::{self, Given, Interrupt, Screen, Setup};
use crate::machine::installation::Layout;

/// What the exit statuses mean.
const STATUSES: &str = "Exit status: 0 done, or nothing to do; 1 failed, and everything is as it was; 2 wrong usage; \
    3 the machine is not what is required; 4 needs root; 5 something else is in the way (port, other installation, newer \
    data); 6 nobody agreed; 7 failed, and something is left: it says what; 130, 143 interrupted, everything is as it was.";

/// What `skep install` takes. Each answer has a variable too.
#[derive(clap::Args)]
#[command(after_help = STATUSES)]
pub(super) struct InstallArguments {
    /// Folder of the data [default: /var/lib/skep] [env: `SKEP_DATA_DIR`].
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// Keep the data on this disk, by its UUID, label or path: ext4, xfs or btrfs; it is mounted, never formatted [env:
    /// `SKEP_DATA_DEVICE`].
    #[arg(long, value_name = "DISK", conflicts_with = "data_dir")]
    data_device: Option<String>,
    /// Who may reach it: local, network, or an address and port [default: 127.0.0.1:9000] [env: `SKEP_LISTEN`].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Read the password of the first administrator from this file (- for the standard input); without one it stays
    /// `secret`, which works from this machine only [env: `SKEP_ADMIN_PASSWORD_FILE`].
    #[arg(long, value_name = "FILE")]
    admin_password_file: Option<PathBuf>,
    /// Go on although the machine has less memory or fewer cores than needed [env: `SKEP_ALLOW_LOW_RESOURCES`].
    #[arg(long)]
    allow_low_resources: bool,
    /// Go on although the data will be gone with this live session [env: `SKEP_EPHEMERAL_OK`].
    #[arg(long)]
    ephemeral_ok: bool,
    /// Don't start it now.
    #[arg(long)]
    no_start: bool,
    /// Don't start it with the machine.
    #[arg(long)]
    no_enable: bool,
    #[command(flatten)]
    manner: Manner,
}

/// How it is done.
#[derive(clap::Args)]
struct Manner {
    /// Ask nothing: take the defaults for what is not answered [env: `SKEP_YES`].
    #[arg(long, short)]
    yes: bool,
    /// Print each step and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Say only what matters.
    #[arg(long, short)]
    quiet: bool,
}

/// What `skep upgrade` takes.
#[derive(clap::Args)]
#[command(after_help = STATUSES)]
pub(super) struct UpgradeArguments {
    /// The new program.
    file: PathBuf,
    #[command(flatten)]
    manner: Manner,
}

/// What `skep rollback` takes.
#[derive(clap::Args)]
#[command(after_help = STATUSES)]
pub(super) struct RollbackArguments {
    #[command(flatten)]
    manner: Manner,
}

/// What `skep uninstall` takes.
#[derive(clap::Args)]
#[command(after_help = STATUSES)]
pub(super) struct UninstallArguments {
    /// Remove the data and the account too.
    #[arg(long)]
    purge: bool,
    #[command(flatten)]
    manner: Manner,
}

pub(super) fn install(arguments: InstallArguments) -> anyhow::Result<()> {
    let manner = arguments.manner;
    let given = Given {
        data_dir: arguments.data_dir,
        data_device: arguments.data_device,
        listen: arguments.listen,
        admin_password_file: arguments.admin_password_file,
        yes: manner.yes,
        dry_run: manner.dry_run,
        allow_low_resources: arguments.allow_low_resources,
        ephemeral_ok: arguments.ephemeral_ok,
        no_start: arguments.no_start,
        no_enable: arguments.no_enable,
    };
    with_setup(&manner, |setup| installer::install(given, setup))
}

pub(super) fn upgrade(arguments: &UpgradeArguments) -> anyhow::Result<()> {
    let manner = &arguments.manner;
    with_setup(manner, |setup| {
        installer::upgrade(&arguments.file, manner.yes, manner.dry_run, setup)
    })
}

pub(super) fn rollback(arguments: &RollbackArguments) -> anyhow::Result<()> {
    let manner = &arguments.manner;
    with_setup(manner, |setup| {
        installer::rollback(manner.yes, manner.dry_run, setup)
    })
}

pub(super) fn uninstall(arguments: &UninstallArguments) -> anyhow::Result<()> {
    let manner = &arguments.manner;
    with_setup(manner, |setup| {
        installer::uninstall(arguments.purge, manner.yes, manner.dry_run, setup)
    })
}

fn with_setup(
    manner: &Manner,
    work: impl FnOnce(&Setup) -> installer::Result<()>,
) -> anyhow::Result<()> {
    let environment = Environment::of_process();
    let screen = Screen::of(&environment, manner.quiet);
    let interrupt = Interrupt::listen()?;
    let setup = Setup {
        layout: Layout::real(),
        environment: &environment,
        screen: &screen,
        interrupt: &interrupt,
        now_ms: Clock::system().now_ms(),
        version: env!("CARGO_PKG_VERSION"),
        again: as_typed(),
    };
    work(&setup).map_err(|error| Exit::with(error.exit_code(), error.to_string()).into())
}

/// The command as it was typed, from the process's own words.
fn as_typed() -> String {
    let words = std::fs::read("/proc/self/cmdline").unwrap_or_default();
    let words: Vec<String> = words
        .split(|byte| *byte == 0)
        .filter(|word| !word.is_empty())
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect();
    words.join(" ")
}
