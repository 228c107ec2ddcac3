//! `skep migrate`: brings a database to the schema of this version, and stops. The server does it by itself at its start;
//! this is to try it on a copy before.

use anyhow::Context;

use super::Settings;
use crate::clock::Clock;
use crate::storage::{Db, Location, Opening, schema_version};

pub(super) fn run(settings: Settings) -> anyhow::Result<()> {
    let config = settings.load()?.config;
    let location = match &config.storage.database {
        Some(url) => Location::Postgres {
            url: url.reveal().to_owned(),
        },
        None => Location::Embedded {
            data_dir: config.storage.data_dir.clone(),
        },
    };
    let opening = Opening {
        location,
        readers_max: 1,
        units_per_commit: 1,
        now_ms: Clock::system().now_ms(),
    };
    Db::open(&opening)
        .context("The database is not migrated")?
        .close();
    println!("The database has schema {}.", schema_version());
    Ok(())
}
