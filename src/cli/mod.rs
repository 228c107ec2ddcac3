//! The command line: what can be typed after `skep`, and what is said back.
//!
//! The only place that prints, and the only one where `anyhow` carries errors: they end here as one sentence.

mod archive_key;
mod backup;
mod banner;
mod blueprint;
mod config_print;
mod demo;
mod doctor;
mod exit;
mod findings;
mod health;
mod install;
mod installed;
mod logging;
mod manual;
mod migrate;
mod port;
mod progress_bar;
mod restore;
mod secret_input;
mod serve;
mod units;
mod user;
mod version;

pub use exit::end;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::backup::Place;
use crate::config::{self, Environment, Flag, Loaded};
use crate::storage::blobs::Bucket;

/// Skep, a portable hive: a whole security-ticketing platform in one program.
#[derive(Parser)]
#[command(name = "skep", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server; Ctrl-C or SIGTERM stops it.
    Serve(Settings),
    /// Install Skep on this machine as a service: looks, plans, asks, does, proves; or leaves everything as it was.
    Install(install::InstallArguments),
    /// Exchange the installed version for another, or leave everything as it was.
    Upgrade(install::UpgradeArguments),
    /// Return to the version before the last upgrade.
    Rollback(install::RollbackArguments),
    /// Remove Skep from this machine; the data stays unless you say otherwise.
    Uninstall(install::UninstallArguments),
    /// Bring a database to the schema of this version, and stop; the server does it by itself.
    Migrate(Settings),
    /// Print the files for systemd.
    Units(units::Arguments),
    /// Look at the settings.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Help users who cannot sign in.
    #[command(subcommand)]
    User(user::Command),
    /// Say what is wrong with the installation and what to do. Ends with 0 when all is well, 1 for a warning, 2 when
    /// something is critical, 3 when it can't be found out.
    Health(health::Arguments),
    /// Look at all of the data, and mend what can be derived from the rest.
    Doctor(doctor::Arguments),
    /// Make a backup of everything, check it and read it back; or restore one for a trial.
    Backup(backup::Arguments),
    /// Put a backup in the place of the data that is there; the server must be stopped.
    Restore(restore::Arguments),
    /// Write down what the platform is like: organisations, profiles, case statuses. Works while the server runs.
    ExportConfig(blueprint::ExportArguments),
    /// Make the platform like a configuration that export-config wrote: adds and changes, deletes nothing.
    ImportConfig(blueprint::ImportArguments),
    /// Fill the organisation `demo` with alerts, cases and observables, to look at or to measure with. The same scale
    /// gives the same data. Stop the server first, if it uses the embedded database.
    Demo(demo::Arguments),
    /// Tell the version.
    Version(version::Arguments),
    /// Print what a shell needs to complete the commands and options of skep.
    Completions(manual::CompletionsArguments),
    /// Print the manual page.
    Man(manual::ManArguments),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print the settings in force, in the form of a settings file.
    Print(config_print::Arguments),
}

/// The settings that can be given on the command line, stronger than those of the environment and the file.
#[derive(Args)]
struct Settings {
    /// Address and port to listen on [default: 127.0.0.1:9000].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Folder of the embedded database and of files [default: ~/.local/share/skep].
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// PostgreSQL database to use in place of the embedded one: <postgres://user:password@host/name>.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// File with settings, as docs/CONFIGURATION.md describes it.
    #[arg(long, value_name = "FILE", env = "SKEP_CONFIG")]
    config: Option<PathBuf>,
}

impl Settings {
    /// Those of the installation of this machine, where nobody says where the data is: for commands that look after it.
    fn load_installed(self) -> Result<Loaded, config::Error> {
        installed::or_given(self).load()
    }

    fn load(self) -> Result<Loaded, config::Error> {
        let flag = |flag, topic, setting, value: Option<String>| {
            value.map(|value| Flag {
                flag,
                topic,
                setting,
                value,
            })
        };
        let flags: Vec<Flag> = [
            flag("--listen", "server", "listen", self.listen),
            flag("--data-dir", "storage", "data_dir", self.data_dir),
            flag("--database", "storage", "database", self.database),
        ]
        .into_iter()
        .flatten()
        .collect();
        config::load(self.config.as_deref(), &Environment::of_process(), &flags)
    }
}

/// Does what the command line says.
///
/// # Errors
/// With one sentence for the person at the terminal.
pub fn run() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve(settings) => serve::run(settings),
        Command::Install(arguments) => install::install(arguments),
        Command::Upgrade(arguments) => install::upgrade(&arguments),
        Command::Rollback(arguments) => install::rollback(&arguments),
        Command::Uninstall(arguments) => install::uninstall(&arguments),
        Command::Migrate(settings) => migrate::run(settings),
        Command::Units(arguments) => units::run(&arguments),
        Command::Config(ConfigCommand::Print(arguments)) => config_print::run(arguments),
        Command::User(command) => user::run(command),
        Command::Health(arguments) => health::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::Backup(arguments) => backup::run(arguments),
        Command::Restore(arguments) => restore::run(arguments),
        Command::ExportConfig(arguments) => blueprint::export(arguments),
        Command::ImportConfig(arguments) => blueprint::import(arguments),
        Command::Demo(arguments) => demo::run(arguments),
        Command::Version(arguments) => version::run(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Man(arguments) => manual::man(&arguments),
    }
}

/// Prints a result. Whoever reads it may have gone before the end, as `head` does.
fn say(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// Where the settings say that the data is.
fn place_of(loaded: &Loaded) -> anyhow::Result<Place> {
    let config = &loaded.config;
    let reveal =
        |secret: &Option<config::Secret>| secret.as_ref().map(|secret| secret.reveal().to_owned());
    Ok(Place {
        data_dir: config.storage.data_dir.clone(),
        postgres: reveal(&config.storage.database),
        master_key: reveal(&config.login.master_key),
        installed_key: installed::key_of(loaded),
        bucket: Bucket::of(config)?,
    })
}
