//! `skep units`: the files of the service manager as this version wants them.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::json;

use crate::installer::{self, Wanted};

/// What `skep units` takes.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// As JSON, for programs.
    #[arg(long)]
    json: bool,
    /// The data folder.
    #[arg(long, value_name = "FOLDER", default_value = crate::machine::installation::DATA_DIR)]
    data_dir: PathBuf,
    /// The address and port.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:9000")]
    listen: SocketAddr,
    /// The data folder lies in memory.
    #[arg(long)]
    volatile: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let units = installer::units(&Wanted {
        data_dir: &arguments.data_dir,
        listen: arguments.listen,
        is_volatile: arguments.volatile,
    });
    if arguments.json {
        let units: Vec<_> = units
            .iter()
            .map(|(name, text)| json!({"name": name, "text": text}))
            .collect();
        println!("{}", serde_json::to_string_pretty(&units)?);
    } else {
        for (name, text) in units {
            println!("# --- {name}\n{text}");
        }
    }
    Ok(())
}
