//! The command line.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Server, Storage};

/// Skep: a portable hive.
#[derive(Parser)]
#[command(name = "skep", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts the server.
    Serve(ServeArguments),
}

#[derive(Args)]
struct ServeArguments {
    #[arg(long, default_value = "127.0.0.1:9000")]
    listen: std::net::SocketAddr,
    #[arg(long)]
    data_dir: PathBuf,
    #[arg(long)]
    database: Option<String>,
}

/// Runs the program.
///
/// # Errors
/// With one sentence for the person at the terminal.
pub fn run() -> anyhow::Result<()> {
    let Command::Serve(arguments) = Arguments::parse().command;
    let config = Config {
        server: Server {
            listen: arguments.listen,
        },
        storage: Storage {
            data_dir: arguments.data_dir,
            database: arguments.database,
            readers_max: 8,
        },
    };
    std::fs::create_dir_all(&config.storage.data_dir)?;
    let app = App::open(config, Clock::system())?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(app.config.server.listen)
            .await
            .context("listen")?;
        println!("http://{}", app.config.server.listen);
        let shutdown = async { drop(tokio::signal::ctrl_c().await) };
        crate::server::listener::serve(listener, crate::server::router(&app), shutdown).await?;
        anyhow::Ok(())
    })?;
    app.close();
    Ok(())
}
