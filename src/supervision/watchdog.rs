//! Tells the service manager that the program lives, but only when it does: a process that merely exists while its
//! database hangs is replaced.

use std::time::Duration;

use sd_notify::NotifyState;

use super::tell;

/// A writer that has shown no sign of life for so long hangs. It shows one every five seconds when nobody writes, and
/// before each unit of work.
pub const SILENCE_MAX: Duration = Duration::from_secs(12);
/// Of the time that the service manager waits for a sign, this part passes between two.
const SIGNS: u32 = 4;

/// As long as it is polled, asks `lives` again and again and passes on that it does. Ends at once when nobody waits for
/// signs of life. `lives` says what is wrong when something is.
pub async fn keep_alive<F>(lives: impl Fn() -> F)
where
    F: Future<Output = Result<(), String>>,
{
    let Some(time_max) = sd_notify::watchdog_enabled() else {
        return;
    };
    loop {
        match lives().await {
            Ok(()) => tell(&[NotifyState::Watchdog]),
            Err(problem) => {
                tracing::error!(problem, "no sign of life for the service manager");
                tell(&[NotifyState::Status(&problem)]);
            }
        }
        tokio::time::sleep(time_max / SIGNS).await;
    }
}
