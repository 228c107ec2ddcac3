//! `skep export-config` and `skep import-config`: what the platform is like, as a text.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::{Settings, say, secret_input};
use crate::app::App;
use crate::blueprint::{self, Blueprint};
use crate::clock::Clock;
use crate::config::Config;
use crate::storage::Location;

/// What `skep export-config` takes.
#[derive(Args)]
pub(super) struct ExportArguments {
    /// The file to write; without it, or for -, the standard output. A file that is there is replaced.
    file: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

/// What `skep import-config` takes.
#[derive(Args)]
pub(super) struct ImportArguments {
    /// The file that export-config wrote (- for the standard input). What is not in it stays as it is.
    file: PathBuf,
    /// Say what would change, and change nothing. Works while the server runs.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn export(arguments: ExportArguments) -> anyhow::Result<()> {
    let config = arguments.settings.load()?.config;
    let exported = blueprint::export(&location_of(&config), Clock::system().now_ms())?;
    let text = exported.text()?;
    match arguments.file.filter(|file| file != Path::new("-")) {
        Some(file) => std::fs::write(&file, text)
            .with_context(|| format!("Cannot write {}", file.display()))?,
        None => say(text.trim_end()),
    }
    Ok(())
}

pub(super) fn import(arguments: ImportArguments) -> anyhow::Result<()> {
    let text = if arguments.file == Path::new("-") {
        secret_input::piped(&std::io::stdin())?
    } else {
        std::fs::read_to_string(&arguments.file)
            .with_context(|| format!("Cannot read {}", arguments.file.display()))?
    };
    let wanted = Blueprint::parse(&text)?;
    let config = arguments.settings.load()?.config;
    let now_ms = Clock::system().now_ms();
    let changed = if arguments.dry_run {
        blueprint::preview(&location_of(&config), &wanted, now_ms)?
    } else {
        let app = App::open(config, Clock::system())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let outcome = runtime.block_on(blueprint::import(&app.gate, wanted, now_ms));
        app.close();
        outcome?
    };
    for difference in &changed {
        say(&difference.to_string());
    }
    say(match (changed.is_empty(), arguments.dry_run) {
        (true, _) => "All is so already.",
        (false, true) => "Nothing was changed: this was a dry run.",
        (false, false) => "Done.",
    });
    Ok(())
}

fn location_of(config: &Config) -> Location {
    match &config.storage.database {
        Some(url) => Location::Postgres {
            url: url.reveal().to_owned(),
        },
        None => Location::Embedded {
            data_dir: config.storage.data_dir.clone(),
        },
    }
}
