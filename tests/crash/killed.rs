//! kill -9 under load, in a loop: no acknowledged write is missing, none is there by half.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::database::{self, Numbers};
use crate::environment;
use crate::folder::{Folder, copy_database};
use crate::load::Writer;
use crate::oracle::{self, Extent};
use crate::random::Random;
use crate::server::Server;

const WRITERS: usize = 6;
/// Within this time after kill -9 the program answers again.
const DOWN_TIME_MAX: Duration = Duration::from_secs(2);

#[test]
fn killed_under_load_in_a_loop_it_loses_nothing() {
    let rounds = if environment::is_full() { 200 } else { 20 };
    let seed = environment::seed("killed");
    let mut random = Random::new(seed);
    let folder = Folder::create();
    let data_dir = folder.join("data");
    let mut writers: Vec<Writer> = (0..WRITERS)
        .map(|number| Writer::new(random.next(), format!("writer {number}")))
        .collect();
    let mut numbers = Numbers::default();
    let mut server = Server::start(&data_dir);
    let key = server.provision();
    let mut records = 0;
    for round in 1..=rounds {
        let time = Duration::from_millis(50 + random.below(600) as u64);
        kill_under_load(server, &key, &mut writers, time);
        let recorded = database::check(&copy_database(&data_dir, &folder.join("copy")));
        assert!(recorded > records, "round {round} wrote nothing");
        records = recorded;

        server = Server::start(&data_dir);
        assert!(
            server.start_took <= DOWN_TIME_MAX,
            "round {round}: it took {:?} to start",
            server.start_took
        );
        let extent = if round == rounds {
            Extent::Everything
        } else {
            Extent::Touched
        };
        let found = oracle::check(&server, &key, &mut writers, extent);
        check_numbers(&mut numbers, &writers);
        eprintln!(
            "round {round}: {time:?} of load, {} cases compared, {} changes without an answer, started in {:?}",
            found.compared, found.made_in_silence, server.start_took
        );
    }
    server.stop();
    database::check(&copy_database(&data_dir, &folder.join("copy")));
}

fn kill_under_load(server: Server, key: &str, writers: &mut [Writer], time: Duration) {
    let is_over = AtomicBool::new(false);
    let address = server.address;
    std::thread::scope(|scope| {
        for writer in writers {
            scope.spawn(|| writer.run(address, key, &is_over));
        }
        std::thread::sleep(time);
        server.kill();
    });
}

/// Unique, and never going back; so are the ids.
fn check_numbers(numbers: &mut Numbers, writers: &[Writer]) {
    let known = || writers.iter().flat_map(|writer| &writer.known);
    numbers.note(known().map(|known| known.number));
    let mut by_id = BTreeMap::new();
    let mut by_number = BTreeMap::new();
    for known in known() {
        let other = by_id.insert(&known.id, &known.tree.title);
        assert_eq!(other, None, "two cases have the id {}", known.id);
        let other = by_number.insert(known.number, &known.id);
        assert_eq!(other, None, "two cases have the number {}", known.number);
    }
}
