//! Programs of the system that are asked something. They answer soon, or count as not answering: whoever looks after a
//! sick machine must not wait with it.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How long an answer may take. They ask others over the system bus, which takes milliseconds.
const TIME_MAX: Duration = Duration::from_secs(3);
/// How often one that has said everything is looked at, until it has ended.
const PAUSE: Duration = Duration::from_millis(2);

/// What the program printed, however it ended.
///
/// # Errors
/// When it cannot be started, or did not end in time.
pub(super) fn answer(program: &str, arguments: &[&str]) -> io::Result<String> {
    answer_within(TIME_MAX, program, arguments)
}

fn answer_within(time: Duration, program: &str, arguments: &[&str]) -> io::Result<String> {
    let until = Instant::now() + time;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let said = read_until(&mut child, until);
    while said.is_ok() && child.try_wait()?.is_none() && Instant::now() < until {
        std::thread::sleep(PAUSE);
    }
    if child.try_wait()?.is_none() {
        child.kill()?;
        child.wait()?;
        return Err(io::ErrorKind::TimedOut.into());
    }
    said
}

/// Reads in a thread of its own: a pipe has no time limit. Should a grandchild keep it open, the thread is left to it.
fn read_until(child: &mut Child, until: Instant) -> io::Result<String> {
    let Some(mut pipe) = child.stdout.take() else {
        return Ok(String::new());
    };
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.read_to_end(&mut bytes).map(|_| bytes);
        // Whoever asked may wait no longer.
        drop(sender.send(read));
    });
    let bytes = receiver
        .recv_timeout(until.saturating_duration_since(Instant::now()))
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::time::{Duration, Instant};

    use super::{answer, answer_within};

    #[test]
    fn what_it_prints_is_the_answer_however_it_ends() {
        assert_eq!(answer("sh", &["-c", "echo yes; exit 3"]).unwrap(), "yes\n");
        assert_eq!(
            answer("no-such-program", &[]).unwrap_err().kind(),
            ErrorKind::NotFound
        );
    }

    #[test]
    fn one_that_does_not_end_is_no_longer_waited_for() {
        let began = Instant::now();
        for script in ["sleep 60", "exec >&-; sleep 60"] {
            let answer = answer_within(Duration::from_millis(100), "sh", &["-c", script]);
            assert_eq!(answer.unwrap_err().kind(), ErrorKind::TimedOut, "{script}");
        }
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}
