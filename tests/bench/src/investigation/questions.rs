//! Asks the server as its UI does, and writes down how long the answers take.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::figures::{Samples, Table, ms};
use crate::http::{Connection, Result};
use crate::server::Server;

/// Connections that a browser opens to one server.
const CONNECTIONS: usize = 6;
const WARM_UP: usize = 5;
/// What takes less is asked [`TIMES`] times, what takes more [`TIMES_SLOW`] times.
const QUICK_MS: f64 = 50.0;
const TIMES: usize = 300;
const TIMES_SLOW: usize = 30;
/// What takes very long is asked no longer than this.
const TIME_MAX: Duration = Duration::from_secs(60);

/// Half of the answers, and all but a hundredth of them, must be there within so many milliseconds.
pub type Goal = Option<(u32, u32)>;

/// A request and how its body is written.
pub struct Request {
    method: &'static str,
    path: String,
    body: String,
}

impl Request {
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            body: String::new(),
        }
    }

    /// A query of the query language.
    pub fn query(operations: &[Value]) -> Self {
        Self::of_query(&json!({ "query": operations }))
    }

    /// A query that wants nothing but these properties of each entity.
    pub fn pick(operations: &[Value], fields: &[&str]) -> Self {
        Self::of_query(&json!({ "query": operations, "includeFields": fields }))
    }

    fn of_query(body: &Value) -> Self {
        Self {
            method: "POST",
            path: "/api/v1/query".to_owned(),
            body: body.to_string(),
        }
    }

    fn send(&self, connection: &mut Connection) -> Result<Vec<u8>> {
        connection.expect(200, self.method, &self.path, &self.body)
    }
}

/// One who asks, on connections of his own.
pub struct Questions<'a> {
    server: &'a Server,
    key: &'a str,
    connections: Vec<Connection>,
    pub table: &'a mut Table,
}

impl<'a> Questions<'a> {
    pub fn of(server: &'a Server, key: &'a str, table: &'a mut Table) -> Result<Self> {
        Ok(Self {
            server,
            key,
            connections: connect(server, key)?,
            table,
        })
    }

    /// The answer to a request.
    pub fn answer(&mut self, request: &Request) -> Result<Value> {
        let body = request.send(&mut self.connections[0])?;
        serde_json::from_slice(&body).map_err(|error| format!("{}: {error}", request.path))
    }

    /// The entity that a body makes.
    pub fn create(&mut self, path: &str, body: &Value) -> Result<Value> {
        let answer = self.connections[0].expect(201, "POST", path, &body.to_string())?;
        serde_json::from_slice(&answer).map_err(|error| format!("{path}: {error}"))
    }

    /// Measures a request, and tells how much it was answered.
    pub fn measure(&mut self, what: impl Into<String>, goal: Goal, request: Request) -> Result<()> {
        let size = self.answer(&request).map(|answer| size_of(&answer));
        self.row(what.into(), goal, &[request], size)
    }

    /// Measures requests that are sent together, until the last of them is answered.
    pub fn measure_together(
        &mut self,
        what: impl Into<String>,
        goal: Goal,
        requests: &[Request],
    ) -> Result<()> {
        let size = format!("{} requests", requests.len());
        self.row(what.into(), goal, requests, Ok(Some(size)))
    }

    /// A failure is written down and ends nothing: the others are worth to be known.
    fn row(
        &mut self,
        what: String,
        goal: Goal,
        requests: &[Request],
        size: Result<Option<String>>,
    ) -> Result<()> {
        let measured = match size.and_then(|size| Ok((size, self.samples(requests)?))) {
            Ok((Some(size), samples)) => format!("{}, {size}", times(&samples)),
            Ok((None, samples)) => times(&samples),
            Err(error) => {
                // What was asked may still be on its way.
                self.connections = connect(self.server, self.key)?;
                format!("failed: {}", error.replace(['|', '\n'], " "))
            }
        };
        let bar = match goal {
            Some((p50, p99)) => format!("≤ {p50} ms / ≤ {p99} ms"),
            None => "-".to_owned(),
        };
        self.table.row(what + ", p50 / p99", bar, measured);
        Ok(())
    }

    fn samples(&mut self, requests: &[Request]) -> Result<Samples> {
        let warm = Samples::take(WARM_UP, |_| self.ask(requests))?;
        let count = if warm.percentile_ms(50) < QUICK_MS {
            TIMES
        } else {
            TIMES_SLOW
        };
        let started = Instant::now();
        let mut times = Vec::with_capacity(count);
        while times.len() < count && started.elapsed() < TIME_MAX {
            let asked = Instant::now();
            self.ask(requests)?;
            times.push(asked.elapsed());
        }
        Ok(Samples::of(times))
    }

    /// Sends the requests, as many at once as there are connections, and waits for all answers.
    fn ask(&mut self, requests: &[Request]) -> Result<()> {
        if let [only] = requests {
            return only.send(&mut self.connections[0]).map(drop);
        }
        let next = AtomicUsize::new(0);
        let results: Vec<Result<()>> = std::thread::scope(|scope| {
            let next = &next;
            let senders: Vec<_> = self
                .connections
                .iter_mut()
                .take(requests.len())
                .map(|connection| {
                    scope.spawn(move || {
                        while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed))
                        {
                            request.send(connection)?;
                        }
                        Ok(())
                    })
                })
                .collect();
            senders
                .into_iter()
                .map(|sender| {
                    sender
                        .join()
                        .unwrap_or_else(|_| Err("a sender died".to_owned()))
                })
                .collect()
        });
        results.into_iter().collect()
    }
}

fn connect(server: &Server, key: &str) -> Result<Vec<Connection>> {
    (0..CONNECTIONS).map(|_| server.connect(key)).collect()
}

/// Both percentiles; and of how many answers, where they are few.
pub fn times(samples: &Samples) -> String {
    let of = match samples.count() {
        count if count < TIMES_SLOW => format!(" (of {count})"),
        _ => String::new(),
    };
    let (p50, p99) = (samples.percentile_ms(50), samples.percentile_ms(99));
    format!("{} / {}{of}", ms(p50), ms(p99))
}

/// How much an answer holds: an empty one would be quick for no merit, and so would a search that gave up.
fn size_of(answer: &Value) -> Option<String> {
    match answer {
        Value::Array(rows) => Some(format!("{} rows", rows.len())),
        Value::Number(count) => Some(format!("counted {count}")),
        _ => {
            let kinds = answer["kinds"].as_array()?;
            let found: i64 = kinds.iter().filter_map(|kind| kind["count"].as_i64()).sum();
            let unanswered = answer["unanswered"].as_array()?;
            let names: Vec<&str> = unanswered.iter().filter_map(Value::as_str).collect();
            Some(match &names[..] {
                [] => format!("found {found}"),
                _ => format!(
                    "found {found}, not searched to the end: {}",
                    names.join(", ")
                ),
            })
        }
    }
}

/// The operation of that name with its parameters.
pub fn operation(name: &str, parameters: Value) -> Value {
    let mut operation = parameters;
    operation["_name"] = json!(name);
    operation
}

/// The operation that starts from all of a kind.
pub fn list(name: &str) -> Value {
    operation(name, json!({}))
}

/// The order in which the UI shows them, and the first page of it.
pub fn newest(count: usize, extra: &[&str]) -> [Value; 2] {
    [
        operation("sort", json!({ "_fields": [{ "_createdAt": "desc" }] })),
        operation(
            "page",
            json!({ "from": 0, "to": count, "extraData": extra }),
        ),
    ]
}

/// The field is one of these, as the UI's filters say it.
pub fn any_of(field: &str, values: Value) -> Value {
    json!({ "_in": { "_field": field, "_values": values } })
}
