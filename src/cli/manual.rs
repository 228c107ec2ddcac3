//! What packages put beside the program, written by the program itself: completions for shells, and manual pages.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;

/// What `skep completions` takes.
#[derive(clap::Args)]
pub(super) struct CompletionsArguments {
    /// The shell they are for.
    shell: Shell,
}

/// What `skep man` takes.
#[derive(clap::Args)]
pub(super) struct ManArguments {
    /// Write skep.1 and a page for each command into this folder, in place of printing skep.1.
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

pub(super) fn completions(arguments: &CompletionsArguments) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut super::Arguments::command(),
        "skep",
        &mut script,
    );
    print(&script)
}

pub(super) fn man(arguments: &ManArguments) -> anyhow::Result<()> {
    let command = super::Arguments::command();
    if let Some(folder) = &arguments.to {
        let cannot = || format!("Cannot write manual pages into {}", folder.display());
        std::fs::create_dir_all(folder).with_context(cannot)?;
        return clap_mangen::generate_to(command, folder).with_context(cannot);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    print(&page)
}

/// Whoever pipes it into `head` has seen enough: that is no error.
fn print(text: &[u8]) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_completed_and_has_its_page() {
        let folder = tempfile::tempdir().unwrap();
        let to = Some(folder.path().join("man"));
        man(&ManArguments { to }).unwrap();
        let mut script = Vec::new();
        let mut command = crate::cli::Arguments::command();
        clap_complete::generate(Shell::Bash, &mut command, "skep", &mut script);
        let script = String::from_utf8(script).unwrap();
        for each in command.get_subcommands().filter(|each| !each.is_hide_set()) {
            let name = each.get_name();
            assert!(script.contains(name), "{name} is not completed");
            let page = folder.path().join(format!("man/skep-{name}.1"));
            assert!(page.exists() || name == "help", "{name} has no page");
        }
    }
}
