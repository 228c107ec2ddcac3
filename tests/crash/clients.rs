//! Clients that mean no good, or have a bad line: slow ones, idle ones, too large ones, and those that want to be
//! misunderstood. None of them gets more than its time, and the others are served meanwhile.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::folder::Folder;
use crate::server::{ADMIN, PASSWORD, Server};

/// How much longer than its limit something may take on a busy machine.
const LENIENCE: Duration = Duration::from_secs(8);

/// Short limits, so that the tests need not wait.
const SHORT: [(&str, &str); 3] = [
    ("SKEP_LIMITS__HEAD_SECONDS_MAX", "1"),
    ("SKEP_LIMITS__BODY_SECONDS_MAX", "2"),
    ("SKEP_LIMITS__IDLE_SECONDS_MAX", "3"),
];

/// A connection of which nothing is expected.
struct Raw(TcpStream);

impl Raw {
    fn open(server: &Server) -> Self {
        let stream = TcpStream::connect(server.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_mins(1)))
            .unwrap();
        Self(stream)
    }

    fn send(&mut self, text: &str) {
        // The other end may be gone already: that is for the reader to see.
        drop(self.0.write_all(text.as_bytes()));
    }

    /// Everything until the connection ends.
    fn read_to_end(&mut self) -> String {
        let mut bytes = Vec::new();
        match self.0.read_to_end(&mut bytes) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!("the connection stays open: {error}"),
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[track_caller]
fn expect_served(server: &Server) {
    let started = Instant::now();
    server
        .client(ADMIN)
        .send("GET", "/api/v1/user/current", "")
        .unwrap()
        .expect(200);
    assert!(
        started.elapsed() < LENIENCE,
        "others wait {:?}",
        started.elapsed()
    );
}

#[test]
fn a_slow_client_has_its_time_and_no_more() {
    let folder = Folder::create();
    let server = Server::start_with(&SHORT, &folder.join("data"));
    let head = "POST /api/v1/case HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let body = format!("{head}Authorization: {ADMIN}\r\nContent-Length: 1000\r\n\r\n{{");
    let chunked =
        format!("{head}Authorization: {ADMIN}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
    for (what, sent, seconds, status) in [
        ("nothing", "", 3, ""),
        ("half a line", "POST /api/v1/ca", 1, ""),
        ("a head without an end", head, 1, ""),
        ("a body without an end", body.as_str(), 2, "408"),
        ("a chunk without an end", chunked.as_str(), 2, "408"),
    ] {
        let started = Instant::now();
        let mut slow = Raw::open(&server);
        slow.send(sent);
        expect_served(&server);
        let answer = slow.read_to_end();
        let took = started.elapsed();
        assert!(
            took < Duration::from_secs(seconds) + LENIENCE && answer.contains(status),
            "{what}: {took:?} {answer}"
        );
    }
    // One byte now and then does not buy more time.
    let started = Instant::now();
    let mut trickle = Raw::open(&server);
    trickle
        .0
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    trickle.send(head);
    let mut byte = [0];
    while !matches!(trickle.0.read(&mut byte), Ok(0)) && trickle.0.write_all(b"x").is_ok() {
        assert!(
            started.elapsed() < Duration::from_secs(1) + LENIENCE,
            "it still reads"
        );
    }
    server.stop();
}

#[test]
fn a_thousand_idle_connections_cost_little_and_shut_nobody_out() {
    const CONNECTIONS: usize = 1_000;
    const BYTES_MAX: u64 = 40 * 1_024 * 1_024;
    let folder = Folder::create();
    let server = Server::start(&folder.join("data"));
    raise_open_files_limit();
    expect_served(&server);
    let before = server.resident_bytes();
    let request = "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut idle: Vec<Raw> = Vec::new();
    for number in 0..CONNECTIONS {
        let mut one = Raw::open(&server);
        // Half of them have asked something before; the others never say a word.
        if number % 2 == 0 {
            one.send(request);
            let mut first = [0; 15];
            one.0.read_exact(&mut first).unwrap();
            assert_eq!(&first, b"HTTP/1.1 200 OK");
        }
        idle.push(one);
    }
    for _ in 0..20 {
        expect_served(&server);
    }
    let more = server.resident_bytes().saturating_sub(before);
    eprintln!("{CONNECTIONS} idle connections: {} kB more", more / 1_024);
    assert!(
        more < BYTES_MAX,
        "{more} bytes for {CONNECTIONS} connections"
    );
    drop(idle);
    expect_served(&server);
    server.stop();
}

fn raise_open_files_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    setrlimit(Resource::Nofile, raised).unwrap();
}

#[test]
fn a_body_over_the_limit_is_refused_in_the_apis_form_however_it_comes() {
    const LIMIT: usize = 100_000;
    let folder = Folder::create();
    let server = Server::start_with(
        &[("SKEP_LIMITS__JSON_BYTES_MAX", "100000")],
        &folder.join("data"),
    );
    let head = format!(
        "POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: {ADMIN}\r\n"
    );
    let announced = format!("{head}Content-Length: {}\r\n\r\n", 50 * LIMIT);
    let whole = format!(
        "{head}Content-Length: {}\r\n\r\n{}",
        LIMIT + 1,
        " ".repeat(LIMIT + 1)
    );
    let chunk = format!("{:x}\r\n{}\r\n", 10_000, " ".repeat(10_000));
    let chunked = format!(
        "{head}Transfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n",
        chunk.repeat(11)
    );
    let endless = format!(
        "{head}Transfer-Encoding: chunked\r\n\r\nffffffffff\r\n{}",
        " ".repeat(2 * LIMIT)
    );
    for (what, sent) in [
        ("announced", announced),
        ("whole", whole),
        ("chunked", chunked),
        ("endless", endless),
    ] {
        let mut large = Raw::open(&server);
        large.send(&sent);
        let answer = large.read_some();
        assert!(answer.starts_with("HTTP/1.1 413 "), "{what}: {answer}");
        assert!(answer.contains("\"type\":\"TooLarge\""), "{what}: {answer}");
        expect_served(&server);
    }
    // Just within it is another matter: what comes is no query, but it is read.
    let fits = format!("{head}Content-Length: {LIMIT}\r\n\r\n{}", " ".repeat(LIMIT));
    let mut small = Raw::open(&server);
    small.send(&fits);
    let answer = small.read_some();
    assert!(
        answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.1 413 "),
        "{answer}"
    );
    server.stop();
}

impl Raw {
    /// What comes within a second after the first of it.
    fn read_some(&mut self) -> String {
        let mut answer = Vec::new();
        let mut part = [0; 4_096];
        loop {
            match self.0.read(&mut part) {
                Ok(0) => break,
                Ok(length) => answer.extend_from_slice(&part[..length]),
                Err(error) if answer.is_empty() => panic!("no answer: {error}"),
                Err(_) => break,
            }
            self.0
                .set_read_timeout(Some(Duration::from_secs(1)))
                .unwrap();
        }
        String::from_utf8_lossy(&answer).into_owned()
    }
}

#[test]
fn who_does_not_take_his_answer_is_cut_and_delays_nobody() {
    const TEXT: usize = 1_000_000;
    let folder = Folder::create();
    let server = Server::start_with(&SHORT, &folder.join("data"));
    let key = server.provision();
    let mut client = server.client(&key);
    for number in 0..20 {
        let body = json!({ "title": format!("{number}"), "description": "x".repeat(TEXT) });
        client
            .send("POST", "/api/v1/case", &body.to_string())
            .unwrap()
            .expect(201);
    }
    let query = json!({ "query": [{ "_name": "listCase" }] }).to_string();
    let mut readers: Vec<Raw> = (0..3).map(|_| Raw::open(&server)).collect();
    for reader in &mut readers {
        reader.send(&format!(
            "POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: {key}\r\n\
             Content-Length: {}\r\n\r\n{query}",
            query.len()
        ));
    }
    let ends_at = Instant::now() + Duration::from_secs(2) + LENIENCE;
    while Instant::now() < ends_at {
        expect_served(&server);
        std::thread::sleep(Duration::from_millis(200));
    }
    for reader in &mut readers {
        let taken = reader.read_to_end().len();
        assert!(taken < 20 * TEXT, "the whole answer waited for its reader");
    }
    server.stop();
}

#[test]
fn a_request_that_can_be_read_in_two_ways_is_refused() {
    let folder = Folder::create();
    let server = Server::start(&folder.join("data"));
    let smuggled = "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n";
    let length = smuggled.len();
    let post = "POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    for (what, head) in [
        (
            "two lengths",
            format!("{post}Content-Length: 0\r\nContent-Length: {length}\r\n\r\n"),
        ),
        (
            "a list of lengths",
            format!("{post}Content-Length: 0, {length}\r\n\r\n"),
        ),
        (
            "a length with a sign",
            format!("{post}Content-Length: +{length}\r\n\r\n"),
        ),
        (
            "a length in another base",
            format!("{post}Content-Length: 0x10\r\n\r\n"),
        ),
        (
            "an encoding that is none",
            format!("{post}Transfer-Encoding: xchunked\r\n\r\n"),
        ),
        (
            "a space before the colon",
            format!("{post}Content-Length : {length}\r\n\r\n"),
        ),
        ("a folded line", format!("{post}X: a\r\n b\r\n\r\n")),
        ("NUL in a header", format!("{post}X: a\0b\r\n\r\n")),
        ("no version", "GET /\r\n\r\n".to_owned()),
        (
            "another protocol",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        ),
    ] {
        let mut raw = Raw::open(&server);
        raw.send(&format!("{head}{smuggled}"));
        let answer = raw.read_some();
        assert!(
            answer.starts_with("HTTP/1.1 400 ") || answer.is_empty(),
            "{what}: {answer}"
        );
        assert!(!answer.contains("200 OK"), "{what}: {answer}");
    }
    // A length beside chunks: the chunks count, or it is refused; the length never does.
    let mut raw = Raw::open(&server);
    raw.send(&format!(
        "{post}Content-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n",
        length + 17
    ));
    let answer = raw.read_some();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    expect_served(&server);
    server.stop();
}

#[test]
fn each_request_leaves_a_line_in_the_log_and_no_secret() {
    let folder = Folder::create();
    let server = Server::start_with(&[("SKEP_LOG__LEVEL", "debug")], &folder.join("data"));
    let key = server.provision();
    let token = key.strip_prefix("Bearer ").unwrap().to_owned();
    let mut client = server.client(&key);
    let case = json!({ "title": "a-title-in-a-body", "description": "d" }).to_string();
    client
        .send("POST", "/api/v1/case", &case)
        .unwrap()
        .expect(201);
    client
        .send("GET", "/api/skep/v1/lookup?q=typed-by-somebody", "")
        .unwrap()
        .expect(200);
    let login = json!({ "user": "analyst@thehive.local", "password": PASSWORD }).to_string();
    let signed_in = server
        .client("")
        .send("POST", "/api/v1/login", &login)
        .unwrap();
    let cookie = signed_in.cookie.clone().unwrap();
    signed_in.expect(200);
    server
        .client("")
        .send("GET", "/api/v1/case/1", "")
        .unwrap()
        .expect(401);
    let log = server.log();
    let line = |path: &str| {
        let mut lines = log
            .lines()
            .filter(|line| line.contains(path) && line.contains("request_id="));
        lines
            .next_back()
            .unwrap_or_else(|| panic!("no line for {path} in {log}"))
            .to_owned()
    };
    let created = line("path=\"/api/v1/case\"");
    for word in [
        "method=POST",
        "status=201",
        "bytes=",
        "elapsed_ms=",
        "user=\"analyst@thehive.local\"",
        "organisation=\"lab\"",
    ] {
        assert!(created.contains(word), "no {word} in {created}");
    }
    let refused = line("path=\"/api/v1/case/{idOrName}\"");
    assert!(
        refused.contains("status=401") && refused.contains("user=\"-\""),
        "{refused}"
    );
    let secrets = [
        PASSWORD,
        &token,
        cookie.split('=').nth(1).unwrap(),
        "a-title-in-a-body",
        "typed-by-somebody",
    ];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    server.stop();
}
