//! Query chains: operations, fields and operators that exist, put together by chance, with values that may not fit.

use serde_json::{Value, json};
use skep::query::{Entity, Kind};
use skep::server::catalogue::catalogue;

use super::tape::Tape;

/// A chain of operations.
pub fn chain(tape: &mut Tape) -> Value {
    let catalogue = catalogue();
    let mut entity = tape.pick(catalogue.entities());
    let mut operations = vec![beginning(tape, &entity)];
    for _ in 0..tape.below(9) {
        let step = match tape.below(10) {
            0..3 => filter_step(tape, &entity),
            3 => json!({"_name": "sort", "_fields": sort_keys(tape, &entity)}),
            4 => page(tape, &entity),
            5 => json!({"_name": "count"}),
            6 => {
                let mut aggregation = aggregation(tape, &entity, 3);
                aggregation["_name"] = json!("aggregation");
                aggregation
            }
            7 => json!({"_name": "limitedCount", "threshold": tape.number()}),
            _ => match edge(tape, &entity) {
                Some((operation, to)) => {
                    entity = to;
                    operation
                }
                None => tape.json(2),
            },
        };
        operations.push(step);
    }
    operations.into()
}

fn beginning(tape: &mut Tape, entity: &Entity) -> Value {
    let mut names: Vec<&str> = Vec::new();
    names.extend(entity.list);
    names.extend(entity.get);
    names.extend(entity.count);
    names.extend(entity.starts.iter().map(|start| start.name));
    names.extend(["listAny", "getAny", "list", "noSuchOperation"]);
    let mut operation = json!({"_name": tape.pick(&names)});
    for name in ["idOrName", "id", "caseId"] {
        operation[name] = match tape.below(6) {
            0..3 => json!("1"),
            3 => json!("acme"),
            4 => json!("ana@acme.test"),
            _ => tape.json(1),
        };
    }
    operation
}

/// One of the entity's edges, with where it leads.
fn edge(tape: &mut Tape, entity: &Entity) -> Option<(Value, Entity)> {
    let mut ways: Vec<(&str, &str)> = vec![("audits", "Audit"), ("auditsFromContext", "Audit")];
    ways.extend(entity.edges.iter().map(|edge| (edge.name, edge.to)));
    ways.extend(entity.values.iter().map(|list| (list.name, entity.kind)));
    let (name, to) = tape.pick(&ways);
    let to = catalogue().entity(to)?;
    Some((json!({"_name": name}), *to))
}

/// A field's name, with what it holds.
fn field(tape: &mut Tape, entity: &Entity) -> (String, Kind) {
    let at = tape.below(entity.fields.len() + 6);
    match entity.fields.get(at) {
        Some(field) if tape.is_once_in(12) => (format!("{}InDays", field.name), field.kind),
        Some(field) => (field.name.to_owned(), field.kind),
        None => {
            let (name, kind) = tape.pick(&[
                ("_id", Kind::Id),
                ("_createdAt", Kind::Date),
                ("_createdBy", Kind::User),
                ("_updatedAt", Kind::Date),
                ("keyword", Kind::Text),
                ("noSuchField", Kind::Text),
            ]);
            (name.to_owned(), kind)
        }
    }
}

/// Mostly a value of the kind.
fn operand(tape: &mut Tape, kind: Kind) -> Value {
    if tape.is_once_in(12) {
        return tape.json(2);
    }
    match kind {
        Kind::Boolean => json!(tape.below(2) == 1),
        Kind::Date if tape.below(3) == 1 => json!({
            "amount": tape.number(),
            "unit": tape.pick(&["minutes", "hours", "days", "weeks", "months", "years", "moons"]),
            "look": tape.pick(&["behind", "ahead"]),
            "modifier": tape.pick(&["startOfDay", "endOfDay"]),
            "timezone": tape.pick(&["UTC", "Europe/Paris", "Pacific/Apia", "../../etc/passwd", "\u{0}"]),
        }),
        Kind::Date | Kind::Integer | Kind::Scale(_) | Kind::Float => tape.number(),
        Kind::Id => json!(tape.pick(&["~1", "~3", "1", "~9223372036854775807"])),
        Kind::Choice(_) => json!(tape.pick(&["New", "InProgress", "TruePositive", "Closed"])),
        Kind::Text | Kind::User => tape.text().into(),
    }
}

fn filter_step(tape: &mut Tape, entity: &Entity) -> Value {
    let mut filter = filter(tape, entity, 4);
    if filter.is_object() {
        filter["_name"] = json!("filter");
    }
    filter
}

fn filter(tape: &mut Tape, entity: &Entity, depth: usize) -> Value {
    const COMPARISONS: [&str; 11] = [
        "_eq",
        "_ne",
        "_lt",
        "_lte",
        "_gt",
        "_gte",
        "_like",
        "_match",
        "_wildcard",
        "_startsWith",
        "_endsWith",
    ];
    let (name, kind) = field(tape, entity);
    match tape.below(if depth == 0 { 6 } else { 9 }) {
        0..3 => {
            let comparison = tape.pick(&COMPARISONS);
            json!({comparison: {"_field": name, "_value": operand(tape, kind)}})
        }
        3 => {
            json!({"_in": {"_field": name, "_values": [operand(tape, kind), operand(tape, kind)]}})
        }
        4 => {
            json!({"_between": {"_field": name, "_from": operand(tape, kind), "_to": operand(tape, kind)}})
        }
        5 => json!({tape.pick(&["_has", "_empty", "_id", "_any"]): name}),
        6 => json!({"_not": filter(tape, entity, depth - 1)}),
        7 => {
            let several: Vec<Value> = (0..tape.below(4))
                .map(|_| filter(tape, entity, depth - 1))
                .collect();
            json!({tape.pick(&["_and", "_or"]): several})
        }
        _ => tape.json(3),
    }
}

fn sort_keys(tape: &mut Tape, entity: &Entity) -> Value {
    (0..tape.below(4))
        .map(|_| match tape.below(3) {
            0 => json!({field(tape, entity).0: tape.pick(&["asc", "desc"])}),
            1 => json!(format!("-{}", field(tape, entity).0)),
            _ => tape.json(1),
        })
        .collect()
}

fn page(tape: &mut Tape, entity: &Entity) -> Value {
    let extras = [
        "total",
        "tasks",
        "actions",
        "case",
        "caseId",
        "seen",
        "contributors",
        "noSuchDatum",
    ];
    let edges: Vec<&str> = entity.edges.iter().map(|edge| edge.name).collect();
    let mut extra: Vec<Value> = (0..tape.below(3))
        .map(|_| json!(tape.pick(&extras)))
        .collect();
    if !edges.is_empty() && tape.below(2) == 1 {
        extra.push(json!(tape.pick(&edges)));
    }
    json!({"_name": "page", "from": tape.number(), "to": tape.number(), "extraData": extra})
}

fn aggregation(tape: &mut Tape, entity: &Entity, depth: usize) -> Value {
    let mut aggregation = json!({
        "_agg": tape.pick(&["count", "sum", "avg", "min", "max", "field", "time", "median"]),
        "_field": field(tape, entity).0,
        "_fields": [field(tape, entity).0],
    });
    if tape.below(2) == 1 {
        aggregation["_interval"] = tape.pick(&[
            json!("1d"),
            json!("1M"),
            json!("7y"),
            json!("1000000w"),
            json!("0s"),
            json!("99999999999999999999m"),
            json!("é"),
        ]);
    }
    if tape.below(3) == 1 {
        aggregation["_order"] = tape.pick(&[json!("-count"), json!(["+_count", "-x"]), json!(7)]);
        aggregation["_size"] = tape.number();
    }
    if tape.below(3) == 1 {
        aggregation["_query"] = filter(tape, entity, 2);
    }
    if depth > 0 && tape.below(2) == 1 {
        aggregation["_select"] = (0..=tape.below(2))
            .map(|_| self::aggregation(tape, entity, depth - 1))
            .collect();
    }
    aggregation
}
