//! The data that is measured with, and a server on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use super::questions::{Questions, Request, list, operation};
use crate::figures::Table;
use crate::http::Result;
use crate::scenario::{ADMIN, key_of};
use crate::server::Server;

/// Who asks: the one that `skep demo` makes.
pub const LEAD: &str = "lead@demo.test";
/// Stands in few titles of the data, and in that of the sample.
pub const RARE: &str = "kestrel";

/// Makes the data in a folder of its own.
pub fn make(binary: &Path, folder: &Path, scale: f64, table: &mut Table) -> Result<PathBuf> {
    let data_dir = folder.join("demo");
    std::fs::create_dir(&data_dir).map_err(|error| error.to_string())?;
    let scale = scale.to_string();
    let started = Instant::now();
    let status = Command::new(binary)
        .args(["demo", "--scale", &scale, "--data-dir"])
        .arg(&data_dir)
        .env("SKEP_LOG__LEVEL", "warn")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .map_err(|error| format!("start the demonstration: {error}"))?;
    if !status.success() {
        return Err("the demonstration data is not complete".to_owned());
    }
    let seconds = started.elapsed().as_secs_f64();
    let bytes = std::fs::metadata(data_dir.join("skep.db"))
        .map_err(|error| error.to_string())?
        .len();
    table.row(
        format!("`skep demo --scale {scale}`"),
        "-",
        format!("{seconds:.0} s, {} MB", bytes / 1_000_000),
    );
    Ok(data_dir)
}

/// A server on the data, and the lead's `Authorization`.
pub fn serve(binary: &Path, data_dir: &Path) -> Result<(Server, String)> {
    let server = Server::start(binary, data_dir, &[])?;
    let key = key_of(&mut server.connect(ADMIN)?, LEAD)?;
    Ok((server, key))
}

/// What stands for the rest of the data.
pub struct Sample {
    /// An alert with ten observables that cases have too.
    pub alert: String,
    /// When it was made, by the server's clock: just now.
    pub made_ms: i64,
    /// A whole title.
    pub phrase: String,
    /// A few characters out of the middle of an observable's value.
    pub part: String,
}

/// Takes what is asked for out of the data, and adds the alert.
pub fn sample(questions: &mut Questions) -> Result<Sample> {
    for (what, kind) in [
        ("alerts", "listAlert"),
        ("cases", "listCase"),
        ("observables", "listObservable"),
    ] {
        let count = Request::query(&[list(kind), operation("count", json!({}))]);
        let counted = questions.answer(&count).map(|count| count.to_string());
        let counted = counted.unwrap_or_else(|error| format!("not counted: {error}"));
        questions.table.row(format!("data: {what}"), "-", counted);
    }
    let mut values = Vec::new();
    for number in ["1", "2"] {
        let start = operation("getCase", json!({ "idOrName": number }));
        let of_case = questions.answer(&Request::query(&[start, list("observables")]))?;
        values.extend(of_case.as_array().cloned().unwrap_or_default());
    }
    let observables: Vec<Value> = values
        .iter()
        .map(|value| json!({ "dataType": value["dataType"], "data": value["data"] }))
        .collect();
    let alert = questions.create(
        "/api/v1/alert",
        &json!({ "type": "bench", "source": "bench", "sourceRef": format!("sample-{}", std::process::id()), "observables": observables,
            "title": format!("An alert with a {RARE} in it"), "description": "To be compared with." }),
    )?;
    let oldest = questions.answer(&Request::query(&[
        list("listAlert"),
        operation("sort", json!({ "_fields": [{ "_createdAt": "asc" }] })),
        operation("page", json!({ "from": 0, "to": 1 })),
    ]))?;
    Ok(Sample {
        alert: text(&alert["_id"])?,
        made_ms: alert["_createdAt"].as_i64().ok_or("no _createdAt")?,
        phrase: text(&oldest[0]["title"])?,
        part: middle(&values)?,
    })
}

/// Out of a mail address, which is long enough and has a number.
fn middle(observables: &[Value]) -> Result<String> {
    let mail = observables.iter().find(|one| one["dataType"] == "mail");
    let value = text(&mail.ok_or("no mail address among the observables")?["data"])?;
    let (name, host) = value.split_once('@').ok_or("no mail address")?;
    Ok(format!("{}@{}", &name[1..], &host[..4]))
}

fn text(value: &Value) -> Result<String> {
    value
        .as_str()
        .map(ToOwned::to_owned)
        .ok_or_else(|| format!("{value} is no text"))
}
