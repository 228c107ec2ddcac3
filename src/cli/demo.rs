//! `skep demo`: fills an installation with data to look at or to measure with.

use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::serve::make_data_folder;
use super::{Settings, say};
use crate::app::App;
use crate::clock::Clock;
use crate::demo::{self, Amount};

/// What `skep demo` takes.
#[derive(Args)]
pub(super) struct Arguments {
    /// How much: 1 is a million alerts, a hundred thousand cases and over a million observables, and takes minutes.
    #[arg(long, value_name = "NUMBER", default_value_t = 0.001)]
    scale: f64,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<()> {
    if !(0.0001..=10.0).contains(&arguments.scale) {
        bail!("--scale is a number from 0.0001 to 10");
    }
    let amount = Amount::of_scale(arguments.scale);
    let config = arguments.settings.load()?.config;
    make_data_folder(&config)?;
    let app = App::open(config, Clock::system())?;
    let bar = bar(amount)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(app.make_demo(amount, &|more| bar.inc(more)));
    bar.finish_and_clear();
    app.close();
    let password = outcome.context("The demonstration data is not complete")?;
    say(&format!(
        "The organization {} has {} alerts and {} cases. Sign in as {} with the password {password}",
        demo::ORGANISATION,
        amount.alerts,
        amount.cases,
        demo::LOGIN
    ));
    Ok(())
}

fn bar(amount: Amount) -> anyhow::Result<ProgressBar> {
    let bar = ProgressBar::new(amount.total());
    bar.set_style(ProgressStyle::with_template(
        "Alerts and cases {bar:30} {human_pos} of {human_len}, {per_sec}, {eta} left",
    )?);
    bar.enable_steady_tick(Duration::from_millis(500));
    Ok(bar)
}
