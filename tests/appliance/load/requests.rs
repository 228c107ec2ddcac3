//! Many small requests, each by a connection of its own: what a restart must not refuse.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::client::Client;

/// Sends them one after the other and tells how many failed, and how long one had to wait at most.
pub fn send(address: SocketAddr, count: usize, pause: Duration) {
    let (mut failed, mut longest) = (0, Duration::ZERO);
    for number in 1..=count {
        let started = Instant::now();
        let answer = Client::open(address, "")
            .and_then(|mut client| client.send("GET", "/api/health", ""))
            .map(|answer| answer.status);
        longest = longest.max(started.elapsed());
        if !matches!(answer, Ok(200)) {
            failed += 1;
            eprintln!("request {number}: {answer:?}");
        }
        std::thread::sleep(pause);
    }
    println!(
        "{failed} of {count} requests failed; the longest took {} ms",
        longest.as_millis()
    );
    assert_eq!(failed, 0, "requests failed");
}
