//! `skep serve`: starts the server, says where it is, and ends it in good order.

use std::time::Duration;

use anyhow::Context;

use super::{Settings, banner, logging, port};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::health::growth;
use crate::server::{self, listener};

/// How long requests that are under way may take to finish after the signal to stop.
const DRAIN_TIME_MAX: Duration = Duration::from_secs(8);
/// How long the last writes may take after that. Together it is less than 10 s, after which service managers kill.
const CLOSE_TIME_MAX: Duration = Duration::from_millis(1_500);
/// The fewest characters of a token.
const TOKEN_LENGTH_MIN: usize = 16;

pub(super) fn run(settings: Settings) -> anyhow::Result<()> {
    let config = settings.load()?.config;
    check_token(&config)?;
    logging::start(&config.log)?;
    make_data_folder(&config)?;
    raise_open_files_limit();
    let app = App::open(config, Clock::system())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("Cannot start the threads of the server")?;
    let served = runtime.block_on(serve(&app));
    runtime.shutdown_background();
    close(app);
    served
}

async fn serve(app: &App) -> anyhow::Result<()> {
    let address = app.config.server.listen;
    let listening = listener::listen(address).map_err(|error| port::explain(address, &error))?;
    let own_address = app.config.metrics.listen;
    let for_figures = own_address
        .map(|own| listener::listen(own).map_err(|error| port::explain(own, &error)))
        .transpose()?;
    let address = listening.local_addr().unwrap_or(address);
    banner::print(app, address).await;
    let stop = app.stopping.clone();
    tokio::spawn(async move {
        if let Err(error) = signal().await {
            tracing::error!(%error, "cannot wait for signals");
        }
        stop.cancel();
        // Who asks twice does not want to wait.
        if signal().await.is_ok() {
            std::process::exit(130);
        }
    });
    let background = tokio::spawn({
        let app = app.clone();
        async move { app.work().await }
    });
    tokio::spawn(growth::keep(
        app.config.storage.data_dir.clone(),
        {
            let clock = app.clock.clone();
            move || clock.now_ms()
        },
        app.stopping.clone(),
    ));
    let (router, figures) = server::routers(app).context("Cannot describe the API")?;
    let figures = tokio::spawn({
        let app = app.clone();
        async move {
            if let Some(listening) = for_figures {
                listener::serve(listening, figures, &app, DRAIN_TIME_MAX).await;
            }
        }
    });
    listener::serve(listening, router, app, DRAIN_TIME_MAX).await;
    drop(figures.await);
    drop(background.await);
    Ok(())
}

/// A token that can be guessed is none.
fn check_token(config: &Config) -> anyhow::Result<()> {
    let token = config.metrics.token.as_ref();
    let is_short = token.is_some_and(|token| token.reveal().chars().count() < TOKEN_LENGTH_MIN);
    anyhow::ensure!(
        !is_short,
        "The setting metrics.token must have at least {TOKEN_LENGTH_MIN} characters."
    );
    Ok(())
}

/// Waits for SIGTERM or SIGINT.
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: what is under way is finished first");
    Ok(())
}

/// Closes the writer, but does not wait for a unit of work that takes its time: it is rolled back at the next start.
fn close(app: App) {
    let (done, is_done) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        app.close();
        // Nobody waits any more when the time was up.
        let _ = done.send(());
    });
    if is_done.recv_timeout(CLOSE_TIME_MAX).is_err() {
        tracing::warn!("the last writes took too long and were given up");
    }
}

fn make_data_folder(config: &Config) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let folder = &config.storage.data_dir;
    // What is in it is nobody else's business on this machine.
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| {
            format!(
                "Cannot make the data folder {}; choose another with --data-dir",
                folder.display()
            )
        })
}

/// Each connection is an open file; the usual limit of 1,024 is for programs that use `select`.
fn raise_open_files_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files stays at {:?}", limit.current);
    }
}
