//! The program under a service manager (systemd): the sockets that it hands us, and what we tell it in return.
//!
//! Started by hand, all of this does nothing. What the service manager makes of it is written in `systemd/`. The master
//! key that it hands over is a setting like others, and therefore in `config`.

mod sockets;
mod starting;
mod watchdog;

pub use sockets::inherited;
pub use starting::Starting;
pub use watchdog::{SILENCE_MAX, keep_alive};

use sd_notify::NotifyState;

/// From now on requests are answered: who waited for us goes on. `status` is shown by `systemctl status`.
pub fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// We were asked to stop and are at it.
pub fn stopping() {
    tell(&[
        NotifyState::Stopping,
        NotifyState::Status("Finishing what is under way"),
    ]);
}

fn tell(news: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(news) {
        tracing::debug!(%error, "the service manager does not listen");
    }
}
