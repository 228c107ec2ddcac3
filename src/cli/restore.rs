//! `skep restore`: puts a backup in the place of the data that is there.

use std::path::PathBuf;

use clap::Args;

use super::archive_key::KeyArguments;
use super::progress_bar::ProgressBar;
use super::{Settings, place_of};
use crate::backup::{self, Meter};
use crate::clock::Clock;

/// What `skep restore` takes.
#[derive(Args)]
pub(super) struct Arguments {
    /// The backup. Stop the server first. What is there now is kept beside it.
    file: PathBuf,
    /// The file with the passphrase of an encrypted backup (- for the standard input).
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    key: KeyArguments,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<()> {
    let place = place_of(&arguments.settings.load_installed()?)?;
    let key = arguments.key.key(arguments.passphrase_file.as_deref())?;
    let mut bar = ProgressBar::new();
    let restored = backup::restore(
        &arguments.file,
        key.as_ref(),
        &place,
        Clock::system().now_ms(),
        &mut Meter::new(&mut bar, None),
    )?;
    let rows: u64 = restored.manifest.rows.values().sum();
    println!(
        "{} is restored into {}: {rows} rows.",
        arguments.file.display(),
        place.data_dir.display()
    );
    if let Some(replaced) = &restored.replaced {
        println!(
            "What was there before is in {}; remove it when all is well.",
            replaced.display()
        );
    }
    for advice in &restored.advice {
        println!("{advice}");
    }
    println!("Start the server now.");
    Ok(())
}
