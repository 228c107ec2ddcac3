//! `skep serve`: starts the server, says where it is, and ends it in good order.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;

use super::exit::{Exit, told};
use super::{Settings, banner, logging, port};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Origin};
use crate::health::growth;
use crate::server::{self, listener};
use crate::{storage, supervision};

/// How long requests that are under way may take to finish after the signal to stop.
const DRAIN_TIME_MAX: Duration = Duration::from_secs(8);
/// How long the last writes may take after that. Together it is less than 10 s, after which service managers kill.
const CLOSE_TIME_MAX: Duration = Duration::from_millis(1_500);
/// The fewest characters of a token.
const TOKEN_LENGTH_MIN: usize = 16;
/// How long a read may take that is made to see whether the program lives.
const SIGN_OF_LIFE_TIME_MAX: Duration = Duration::from_secs(5);

/// What won't be better the next time: `systemd/skep.service` does not start the program again after these. The data is
/// damaged (`EX_DATAERR`)…
const DATA_DAMAGED: u8 = 65;
/// …or it, or the program, is not what the settings make of it (`EX_CONFIG`).
const SETTINGS_WRONG: u8 = 78;

pub(super) fn run(settings: Settings) -> anyhow::Result<()> {
    // First of all: it takes from the environment, so there must not be threads yet.
    let inherited = supervision::inherited().context("Cannot take over the sockets handed to us");
    let wrong = |error: &dyn std::fmt::Display| Exit::with(SETTINGS_WRONG, error.to_string());
    let loaded = settings.load().map_err(|error| wrong(&error))?;
    check_token(&loaded.config).map_err(|error| wrong(&error))?;
    logging::start(&loaded.config.log).map_err(|error| wrong(&told(&error)))?;
    let sockets = inherited?;
    if !sockets.is_empty() && loaded.origin("server", "listen") != Origin::Default {
        tracing::info!(
            "listening where the service manager says; the setting server.listen is not used"
        );
    }
    let config = loaded.config;
    make_data_folder(&config)?;
    raise_open_files_limit();
    let starting = supervision::Starting::begin();
    let opened = App::open_telling(config, Clock::system(), &|step| starting.tell(step));
    let app = opened.map_err(cannot_open)?;
    let ready = app.blobs.make_ready(&|step| starting.tell(step));
    drop(starting);
    if let Err(error) = ready {
        app.close();
        return Err(cannot_open(error));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("Cannot start the threads of the server")?;
    let served = runtime.block_on(serve(&app, sockets));
    runtime.shutdown_background();
    close(app);
    served
}

/// With the exit status that says whether to try again.
fn cannot_open(error: storage::Error) -> anyhow::Error {
    match &error {
        storage::Error::Damaged(_) => Exit::with(DATA_DAMAGED, error.to_string()).into(),
        storage::Error::Unusable(_) => Exit::with(SETTINGS_WRONG, error.to_string()).into(),
        _ => error.into(),
    }
}

async fn serve(app: &App, sockets: Vec<std::net::TcpListener>) -> anyhow::Result<()> {
    let (listeners, addresses) = listen(app, sockets)?;
    let own_address = app.config.metrics.listen;
    let for_figures = own_address
        .map(|own| listener::listen(own).map_err(|error| port::explain(own, &error)))
        .transpose()?;
    banner::print(app, &addresses).await;
    let stop = app.stopping.clone();
    tokio::spawn(async move {
        if let Err(error) = signal().await {
            tracing::error!(%error, "cannot wait for signals");
        }
        supervision::stopping();
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
    let (router, figures) = server::routers(app);
    let figures = tokio::spawn({
        let app = app.clone();
        async move {
            if let Some(listening) = for_figures {
                listener::serve(vec![listening], figures, &app, DRAIN_TIME_MAX).await;
            }
        }
    });
    supervision::ready(&format!(
        "Serving on {}",
        banner::urls(&addresses).join(", ")
    ));
    tokio::spawn({
        let app = app.clone();
        async move { supervision::keep_alive(|| lives(app.clone())).await }
    });
    listener::serve(listeners, router, app, DRAIN_TIME_MAX).await;
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

/// The sockets that were handed to us, or else one on the address of the settings, and where they listen.
fn listen(
    app: &App,
    handed: Vec<std::net::TcpListener>,
) -> anyhow::Result<(Vec<TcpListener>, Vec<SocketAddr>)> {
    let listeners = if handed.is_empty() {
        let address = app.config.server.listen;
        vec![listener::listen(address).map_err(|error| port::explain(address, &error))?]
    } else {
        handed
            .into_iter()
            .map(listener::adopt)
            .collect::<Result<_, _>>()
            .context("Cannot take over the sockets handed to us")?
    };
    let addresses = listeners
        .iter()
        .map(TcpListener::local_addr)
        .collect::<Result<_, _>>()
        .context("Cannot tell where we listen")?;
    Ok((listeners, addresses))
}

/// Whether what a request needs is alive, or what is wrong.
async fn lives(app: App) -> Result<(), String> {
    match app.sign_of_life(SIGN_OF_LIFE_TIME_MAX).await {
        Ok(silence) if silence <= supervision::SILENCE_MAX => Ok(()),
        Ok(silence) => Err(format!(
            "Nothing was written for {} s, and nothing can be",
            silence.as_secs()
        )),
        Err(error) => Err(format!("The database does not answer: {error}")),
    }
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

pub(super) fn make_data_folder(config: &Config) -> anyhow::Result<()> {
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
    // A service manager that has set it may also have forbidden to.
    if limit.current == limit.maximum {
        return;
    }
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files stays at {:?}", limit.current);
    }
}
