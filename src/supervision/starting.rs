//! A start that takes long, and is given the time: the service manager would take it for one that hangs.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use sd_notify::NotifyState;

use super::tell;

/// How often more time is asked for, and how much each time: enough for one request to get lost.
const EVERY: Duration = Duration::from_secs(10);
const MORE_TIME_US: u32 = 30_000_000;
/// Nothing that we do takes longer; what does, hangs.
const STEP_TIME_MAX: Duration = Duration::from_hours(4);

/// Asks for time as long as a step is at work that may need it, until it is dropped.
///
/// Before the first step nothing is asked: opening the data and recovering it after a crash is done in far less time
/// than a start has anyway.
pub struct Starting {
    steps: Option<Sender<String>>,
    thread: Option<JoinHandle<()>>,
}

impl Starting {
    /// Begins to listen for steps.
    pub fn begin() -> Self {
        let (steps, begun) = channel::<String>();
        let thread = std::thread::Builder::new()
            .name("starting".to_owned())
            .spawn(move || {
                let Ok(mut step) = begun.recv() else {
                    return;
                };
                let mut since = Instant::now();
                loop {
                    if since.elapsed() < STEP_TIME_MAX {
                        ask(&step);
                    }
                    match begun.recv_timeout(EVERY) {
                        Ok(next) => (step, since) = (next, Instant::now()),
                        Err(RecvTimeoutError::Timeout) => {}
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
            });
        Self {
            steps: Some(steps),
            thread: thread.ok(),
        }
    }

    /// A step begins that may take long.
    pub fn tell(&self, step: &str) {
        if let Some(steps) = &self.steps {
            // Without its thread it is only less well told.
            drop(steps.send(step.to_owned()));
        }
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        drop(self.steps.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn ask(step: &str) {
    let status = format!("Starting: {step}");
    tell(&[
        NotifyState::ExtendTimeoutUsec(MORE_TIME_US),
        NotifyState::Status(&status),
    ]);
}
