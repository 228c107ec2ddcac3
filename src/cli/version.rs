//! `skep version`.

use serde_json::json;

/// What `skep version` takes.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// As JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// What it is built on: the static release has musl inside.
const LIBC: &str = if cfg!(target_env = "musl") {
    "musl"
} else {
    "gnu"
};

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let api = crate::platform::COMPATIBLE_VERSION;
    if arguments.json {
        let answer = json!({
            "name": "skep",
            "version": version,
            "compatibleVersion": api,
            "schemaVersion": crate::storage::schema_version(),
            "target": format!("{}-{}-{LIBC}", std::env::consts::ARCH, std::env::consts::OS),
        });
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        println!("skep {version} (API compatible with TheHive {api})");
    }
    Ok(())
}
