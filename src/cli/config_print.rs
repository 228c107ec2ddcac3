//! `skep config print`.

use super::Settings;

/// What `skep config print` takes.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Say where each value came from.
    #[arg(long)]
    with_origin: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<()> {
    let loaded = arguments.settings.load()?;
    print!("{}", loaded.print(arguments.with_origin));
    Ok(())
}
