//! Alerts that come in from 32 clients: on an empty database, with one commit for each, and beside all the data.

use std::path::Path;

use serde_json::{Value, json};

use crate::figures::Table;
use crate::http::{Connection, Result};
use crate::scenario::{CLIENTS, rate, rate_on_empty};
use crate::server::Server;

pub fn measure(
    binary: &Path,
    folder: &Path,
    server: &Server,
    key: &str,
    table: &mut Table,
) -> Result<()> {
    let each = rate_on_empty(binary, &folder.join("each"), 1, create)?;
    let grouped = rate_on_empty(binary, &folder.join("grouped"), 64, create)?;
    let beside = rate(server, key, CLIENTS, create)?;
    let what = "durable `POST /alert` with 3 observables and 5 tags, 32 clients";
    table.row(
        format!("{what}, empty database"),
        "≥ 3 × one commit for each request",
        format!(
            "{:.1} × ({grouped:.0}/s against {each:.0}/s)",
            grouped / each
        ),
    );
    table.row(
        format!("{what}, with the data"),
        "≥ 0.7 × the empty one",
        format!("{:.2} × ({beside:.0}/s)", beside / grouped),
    );
    Ok(())
}

fn create(connection: &mut Connection, number: usize) -> Result<()> {
    connection
        .expect(201, "POST", "/api/v1/alert", &alert(number).to_string())
        .map(drop)
}

fn alert(number: usize) -> Value {
    let observables = [
        (
            "ip",
            format!("198.18.{}.{}", number / 256 % 256, number % 256),
        ),
        ("domain", format!("intake-{number}.example.net")),
        ("mail", format!("intake{}@example.org", number % 5_000)),
    ]
    .map(|(kind, data)| json!({ "dataType": kind, "data": data }));
    json!({
        "type": "intake",
        "source": "bench",
        "sourceRef": format!("intake-{}-{number}", std::process::id()),
        "title": format!("Unusual outbound transfer from host-{:04}", number % 5_000),
        "description": format!("Rule {} matched {} times.", number % 400, 1 + number % 90),
        "severity": 1 + number % 4,
        "tags": [
            "exfiltration",
            "cloud",
            format!("site-{:02}", number % 40),
            format!("rule-{:03}", number % 400),
            format!("campaign-{:04}", number % 2_000),
        ],
        "observables": observables,
    })
}
