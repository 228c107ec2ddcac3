//! SIGTERM under load: what is under way is finished, what is answered is kept, and it is over within 10 s.

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::Client;
use crate::database;
use crate::environment;
use crate::folder::{Folder, copy_database};
use crate::load::Writer;
use crate::oracle::{self, Extent};
use crate::random::Random;
use crate::server::Server;

const WRITERS: usize = 8;
/// After this, managers of services kill.
const STOP_TIME_MAX: Duration = Duration::from_secs(10);

#[test]
fn asked_to_stop_under_load_it_finishes_what_is_under_way() {
    let rounds = if environment::is_full() { 20 } else { 3 };
    let mut random = Random::new(environment::seed("stopped"));
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let mut writers: Vec<Writer> = (0..WRITERS)
        .map(|number| Writer::new(random.next(), format!("writer {number}")))
        .collect();
    let server = Server::start(&data_dir);
    let key = server.provision();
    server.stop();
    for round in 1..=rounds {
        let mut server = Server::start(&data_dir);
        let time = Duration::from_millis(100 + random.below(400) as u64);
        let took = stop_under_load(&mut server, &key, &mut writers, time);
        database::check(&copy_database(&data_dir, &folder.join("copy")));
        for writer in &writers {
            assert_eq!(writer.tally.broken, 0, "an answer was cut");
            assert_eq!(writer.tally.failed, 0, "a request failed at the stop");
        }
        let server = Server::start(&data_dir);
        let found = oracle::check(&server, &key, &mut writers, Extent::Touched);
        eprintln!(
            "round {round}: {} cases compared, ended in {took:?}",
            found.compared
        );
        assert_eq!(
            found.made_in_silence, 0,
            "changes were made whose writers had no answer"
        );
        server.stop();
    }
}

fn stop_under_load(
    server: &mut Server,
    key: &str,
    writers: &mut [Writer],
    time: Duration,
) -> Duration {
    let is_over = AtomicBool::new(false);
    let address = server.address;
    std::thread::scope(|scope| {
        for writer in writers {
            scope.spawn(|| writer.run(address, key, &is_over));
        }
        std::thread::sleep(time);
        let asked = Instant::now();
        server.terminate();
        let status = server.wait(STOP_TIME_MAX);
        assert_eq!(status.code(), Some(0), "{status}: {}", server.log());
        asked.elapsed()
    })
}

#[test]
fn a_request_that_is_half_sent_when_it_stops_is_answered() {
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let mut server = Server::start(&data_dir);
    let key = server.provision();
    let mut client = server.client(&key);
    let body = json!({ "title": "In two parts", "description": "d" }).to_string();
    let (first, second) = body.split_at(body.len() / 2);
    client
        .begin("POST", "/api/v1/case", body.len(), first)
        .unwrap();
    // The head must have been read before the signal comes.
    std::thread::sleep(Duration::from_millis(200));
    server.terminate();
    std::thread::sleep(Duration::from_millis(300));
    assert!(
        Client::open(server.address, &key).is_err(),
        "it accepts new connections while it stops"
    );
    client.go_on(second).unwrap();
    let case = client.answer().unwrap().expect(201);
    assert!(server.wait(STOP_TIME_MAX).success());

    let server = Server::start(&data_dir);
    let path = format!("/api/v1/case/{}", case["_id"].as_str().unwrap());
    let found = server.client(&key).send("GET", &path, "").unwrap();
    assert_eq!(found.expect(200)["title"], "In two parts");
    server.stop();
}

#[test]
fn who_never_finishes_a_request_does_not_keep_it_from_stopping() {
    let folder = Folder::create();
    let mut server = Server::start(&folder.join("data"));
    let key = server.provision();
    let mut client = server.client(&key);
    client.begin("POST", "/api/v1/case", 1_000, "{").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    server.terminate();
    let status = server.wait(STOP_TIME_MAX);
    assert_eq!(status.code(), Some(0), "{status}: {}", server.log());
}

#[test]
fn who_waits_for_events_or_for_nothing_does_not_keep_it_from_stopping() {
    let folder = Folder::create();
    let mut server = Server::start(&folder.join("data"));
    let key = server.provision();
    let mut polling = server.client(&key);
    let stream = polling.send("POST", "/api/v1/stream", "").unwrap();
    let path = format!("/api/v1/stream/{}", stream.body);
    polling.begin("GET", &path, 0, "").unwrap();
    let mut listening = server.client(&key);
    listening
        .begin("GET", "/api/skep/v1/events", 0, "")
        .unwrap();
    let mut idle = server.client(&key);
    idle.send("GET", "/api/v1/user/current", "")
        .unwrap()
        .expect(200);
    let unused = Client::open(server.address, "").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let asked = Instant::now();
    server.terminate();
    let status = server.wait(STOP_TIME_MAX);
    assert_eq!(status.code(), Some(0), "{status}: {}", server.log());
    eprintln!("ended in {:?}", asked.elapsed());
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "it waited for them"
    );
    assert_eq!(polling.answer().unwrap().status, 200);
    assert_eq!(listening.answer().unwrap().status, 200);
    drop((idle, unused));
}
