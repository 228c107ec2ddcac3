//! `skep version`.

use serde_json::json;

/// What `skep version` takes.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// As JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let api = crate::platform::COMPATIBLE_VERSION;
    if arguments.json {
        let answer = json!({"name": "skep", "version": version, "compatibleVersion": api});
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        println!("skep {version} (API compatible with TheHive {api})");
    }
    Ok(())
}
