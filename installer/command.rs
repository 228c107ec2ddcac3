//! Programs of the system that the installer runs.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

/// Where the system's programs are, whatever the caller's search path says.
const SEARCH_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A program that finds its own helpers, speaks plainly, and does not get the Ctrl-C of the terminal: what is under way
/// is finished and then undone.
pub(super) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("PATH", SEARCH_PATH)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .process_group(0);
    command
}

/// Runs it to its end.
///
/// # Errors
/// What it said, when it failed.
pub(super) fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    output(program, arguments).map(drop)
}

/// Runs it to its end and gives what it printed.
///
/// # Errors
/// What it said, when it failed.
pub(super) fn output(program: &str, arguments: &[&str]) -> Result<String, String> {
    finish(program, command(program, arguments), None)
}

/// Runs it to its end with `input` as its standard input.
///
/// # Errors
/// What it said, when it failed.
pub(super) fn run_with_input(program: &str, arguments: &[&str], input: &str) -> Result<(), String> {
    finish(program, command(program, arguments), Some(input)).map(drop)
}

/// Runs a prepared command to its end and gives what it printed.
///
/// # Errors
/// What it said, when it failed.
pub(super) fn finish(
    name: &str,
    mut command: Command,
    input: Option<&str>,
) -> Result<String, String> {
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let failed = |error: std::io::Error| format!("{name} cannot be run: {error}");
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let (Some(input), Some(mut pipe)) = (input, child.stdin.take()) {
        // One that ends without reading says why by itself.
        drop(pipe.write_all(input.as_bytes()));
    }
    let output = child.wait_with_output().map_err(failed)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = if said.trim().is_empty() {
        text.trim().to_owned()
    } else {
        said.trim().to_owned()
    };
    let ended = match output.status.code() {
        Some(code) => format!("{name} ended with {code}"),
        None => format!("{name} was killed"),
    };
    Err(if said.is_empty() {
        ended
    } else {
        format!("{ended}: {said}")
    })
}

#[cfg(test)]
mod tests {
    use super::{output, run, run_with_input};

    #[test]
    fn what_a_program_says_when_it_fails_is_kept() {
        assert_eq!(output("sh", &["-c", "echo a"]).unwrap(), "a\n");
        let error = run("sh", &["-c", "echo why >&2; exit 3"]).unwrap_err();
        assert_eq!(error, "sh ended with 3: why");
        run("no-such-program", &[]).unwrap_err();
        run_with_input("sh", &["-c", "read x && test $x = y"], "y\n").unwrap();
    }
}
