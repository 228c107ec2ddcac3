//! The distributions above the lists, and the dashboards that every organisation begins with.

use serde_json::{Value, json};

use super::demo::Sample;
use super::questions::{Goal, Questions, Request, list, operation};
use crate::http::Result;

const GOAL: Goal = Some((150, 500));
const DAY_MS: i64 = 86_400_000;

pub fn measure(questions: &mut Questions, sample: &Sample) -> Result<()> {
    for (what, kind, fields) in [
        (
            "alert list",
            "listAlert",
            &["status", "severity", "source"][..],
        ),
        ("case list", "listCase", &["status", "severity"]),
    ] {
        let requests: Vec<Request> = fields
            .iter()
            .map(|field| Request::query(&[list(kind), by_value(field)]))
            .collect();
        questions.measure_together(
            format!("statistics of the {what}, together"),
            GOAL,
            &requests,
        )?;
    }
    dashboards(questions, sample.made_ms)
}

/// Each over its own period until `now_ms`.
fn dashboards(questions: &mut Questions, now_ms: i64) -> Result<()> {
    let models = questions.answer(&Request::get("/api/v1/describe/_all"))?;
    let dashboards = questions.answer(&Request::query(&[list("listDashboard")]))?;
    let dashboards = dashboards.as_array().cloned().unwrap_or_default();
    if dashboards.is_empty() {
        return Err("there are no dashboards".to_owned());
    }
    for dashboard in &dashboards {
        let definition = match &dashboard["definition"] {
            Value::String(text) => serde_json::from_str(text).map_err(|error| error.to_string())?,
            other => other.clone(),
        };
        let days = match definition["period"].as_str() {
            Some("last30Days") => 30,
            Some("last12Months") => 365,
            other => return Err(format!("a dashboard has the period {other:?}")),
        };
        let period = Period {
            from_ms: now_ms - days * DAY_MS,
            interval: if days <= 92 { "1d" } else { "1w" },
        };
        let rows = definition["items"].as_array().into_iter().flatten();
        let widgets = rows.flat_map(|row| row["items"].as_array().into_iter().flatten());
        let mut requests = Vec::new();
        for widget in widgets {
            requests.extend(asked_by(&widget["options"], &models, &period)?);
        }
        questions.measure_together(
            format!(
                "dashboard {}, all widgets together",
                dashboard["title"].as_str().unwrap_or_default()
            ),
            GOAL,
            &requests,
        )?;
    }
    Ok(())
}

/// The time that a dashboard looks at, and the steps of its charts.
struct Period {
    from_ms: i64,
    interval: &'static str,
}

/// What a widget asks: one request for each line of a chart over time, else one.
fn asked_by(options: &Value, models: &Value, period: &Period) -> Result<Vec<Request>> {
    let alone = [json!({})];
    let series = options["series"]
        .as_array()
        .map_or(&alone[..], Vec::as_slice);
    series
        .iter()
        .map(|one| {
            let of = |name: &str| {
                [&one[name], &options[name]]
                    .into_iter()
                    .find(|it| !it.is_null())
            };
            let entity = of("entity").and_then(Value::as_str).unwrap_or("case");
            let start = models[entity]["initialQuery"]
                .as_str()
                .ok_or_else(|| format!("nothing is known of {entity}"))?;
            let date = of("dateField");
            let within =
                date.map(|date| json!({ "_gte": { "_field": date, "_value": period.from_ms } }));
            let filters: Vec<Value> = [&options["filter"], &one["filter"]]
                .into_iter()
                .filter(|filter| !filter.is_null())
                .cloned()
                .chain(within)
                .collect();
            let mut operations = vec![list(start)];
            match &filters[..] {
                [] => {}
                [only] => operations.push(operation("filter", only.clone())),
                _ => operations.push(operation("filter", json!({ "_and": filters }))),
            }
            let figure = of("aggregation")
                .cloned()
                .unwrap_or(json!({ "_agg": "count" }));
            operations.push(aggregation(options, date, &figure, period));
            Ok(Request::query(&operations))
        })
        .collect()
}

fn aggregation(options: &Value, date: Option<&Value>, figure: &Value, period: &Period) -> Value {
    let by_field = |field: &Value| json!({ "_agg": "field", "_field": field, "_select": [figure] });
    let over_time = |select: Value| json!({ "_agg": "time", "_fields": [date], "_interval": period.interval, "_select": [select] });
    let of = |name: &str| Some(&options[name]).filter(|option| !option.is_null());
    let asked = match (of("field"), of("interval")) {
        (Some(field), Some(_)) => over_time(by_field(field)),
        (None, Some(_)) => over_time(figure.clone()),
        (Some(field), None) => by_field(field),
        (None, None) => figure.clone(),
    };
    operation("aggregation", asked)
}

fn by_value(field: &str) -> Value {
    operation(
        "aggregation",
        json!({ "_agg": "field", "_field": field, "_select": [{ "_agg": "count" }] }),
    )
}
