//! The figures for Prometheus on an address of their own.

use std::net::{SocketAddr, TcpListener};

use crate::client::Client;
use crate::folder::Folder;
use crate::server::{Server, run_to_end_with};

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[test]
fn an_address_of_their_own_answers_nothing_else() {
    let folder = Folder::create();
    let own = free_address();
    let setting = [("SKEP_METRICS__LISTEN", own.to_string())];
    let settings: Vec<(&str, &str)> = setting.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let server = Server::start_with(&settings, &folder.join("data"));
    let get = |address: SocketAddr, path: &str| {
        let mut client = Client::open(address, "").unwrap();
        client.send("GET", path, "").unwrap()
    };
    let figures = get(own, "/metrics");
    assert_eq!(figures.status, 200);
    assert!(figures.body.contains("skep_build_info"), "{}", figures.body);
    assert_eq!(get(own, "/api/v1/status/public").status, 404);
    assert_eq!(get(own, "/").status, 404);
    assert_eq!(get(server.address, "/metrics").status, 404);
    server.stop();
    assert!(Client::open(own, "").is_err(), "it goes with the server");
}

#[test]
fn a_token_that_can_be_guessed_is_refused() {
    let folder = Folder::create();
    let settings = [("SKEP_METRICS__TOKEN", "short")];
    let (code, said) = run_to_end_with(&folder.join("data"), "127.0.0.1:0", &[], &settings);
    assert_eq!(code, Some(78), "{said}");
    assert!(
        said.contains("metrics.token must have at least 16"),
        "{said}"
    );
}
