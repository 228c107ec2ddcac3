//! Alerts that come in from 32 clients: on an empty database, with one commit for each, and beside all the data.

use std::path::Path;

use serde_json::{Value, json};

use crate::figures::Table;
use crate::http::{Connection, Result};
use crate::scenario::{CLIENTS, rate, rate_on_empty};
use crate::server::Server;

const WHAT: &str = "durable `POST /alert` with 3 observables and 5 tags, 32 clients";

pub fn measure(
    binary: &Path,
    folder: &Path,
    server: &Server,
    key: &str,
    table: &mut Table,
) -> Result<()> {
    let grouped = on_empty(binary, folder, table)?;
    let beside = rate(server, key, CLIENTS, create)?;
    table.row(
        format!("{WHAT}, with the data"),
        "≥ 0.7 × the empty one",
        format!("{:.2} × ({beside:.0}/s)", beside / grouped),
    );
    Ok(())
}

/// The rate on an empty database.
pub fn on_empty(binary: &Path, folder: &Path, table: &mut Table) -> Result<f64> {
    let (each, _) = rate_on_empty(binary, &folder.join("each-alert"), 1, create)?;
    let (grouped, us) = rate_on_empty(binary, &folder.join("grouped-alerts"), 64, create)?;
    table.row(
        format!("{WHAT}, empty database"),
        "≥ 3 × one commit for each request",
        format!(
            "{:.1} × ({grouped:.0}/s, {us:.0} µs of the processor each, against {each:.0}/s)",
            grouped / each
        ),
    );
    Ok(grouped)
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
