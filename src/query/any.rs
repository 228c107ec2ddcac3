//! `listAny` and `getAny`: queries over all kinds of entities at once.
//!
//! Each kind is asked for the ids of its part of the page, the parts are put together in their order, and only what is
//! left is loaded. Filters and sorts know the fields that all entities share.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use serde_json::Value as Json;

use super::catalogue::Catalogue;
use super::entity::Entity;
use super::lower::Select;
use super::operation::{Filter, Operation, Page, Step};
use super::plan::{Answer, Order, Origin, Plan, Selection, Window};
use super::resolve::{self, Resolver};
use super::run::Answered;
use super::shaping::{Extra, Shaping};
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Reading, Result};
use crate::storage::{Queries, QueryValues, Value};

/// A plan for each kind of entity, and the page over all of them.
pub struct AnyPlan<'c> {
    plans: Vec<Plan<'c>>,
    page: Option<Page>,
    is_count: bool,
}

/// The fields that all entities have.
const SHARED: [&str; 6] = [
    "_id",
    "_createdBy",
    "_createdAt",
    "_updatedBy",
    "_updatedAt",
    "keyword",
];

/// The plan, if the query begins with `listAny` or `getAny`.
///
/// # Errors
/// When an operation is not possible on entities of all kinds.
pub fn resolve<'c>(
    resolver: &Resolver<'c>,
    operations: &[Operation],
) -> Result<Option<AnyPlan<'c>>> {
    let [first, rest @ ..] = operations else {
        return Ok(None);
    };
    if !matches!(first.name.as_str(), "listAny" | "getAny") {
        return Ok(None);
    }
    let mut page = None;
    let mut is_count = false;
    let mut narrowing = Vec::new();
    for operation in rest {
        if (page.is_some() || is_count) && operation.step != Step::Output {
            return Err(only_shared(
                operation,
                "must come before the page or the count",
            ));
        }
        match &operation.step {
            Step::Filter(filter) => {
                demand_shared(filter)?;
                narrowing.push(operation.clone());
            }
            Step::Sort(keys) => {
                let is_shared = |field: &str| field != "keyword" && SHARED.contains(&field);
                if !keys.iter().all(|key| is_shared(&key.field)) {
                    return Err(only_shared(
                        operation,
                        "can sort by fields of all entities only",
                    ));
                }
                narrowing.push(operation.clone());
            }
            Step::Page(asked) => page = Some(asked.clone()),
            Step::Count => is_count = true,
            Step::Output => {}
            _ => {
                return Err(only_shared(
                    operation,
                    "cannot follow here; possible are: count, filter, output, page, sort",
                ));
            }
        }
    }
    let mut plans = Vec::new();
    for entity in resolver.catalogue.entities() {
        let origin = if first.name == "getAny" {
            resolve::one(entity, first)?
        } else {
            Origin::All
        };
        if asks_for_keyword(&narrowing) && !has_keyword(entity) {
            continue;
        }
        let plan = Plan {
            selection: Selection::new(entity, origin),
            answer: Answer::Entities {
                extra: Extra::default(),
            },
        };
        plans.push(resolver.narrow(plan, &narrowing)?);
    }
    Ok(Some(AnyPlan {
        plans,
        page,
        is_count,
    }))
}

/// Runs the plan.
///
/// # Errors
/// When the storage fails.
pub fn run(reading: &Reading, catalogue: &Catalogue, mut plan: AnyPlan) -> Result<Answered> {
    let wants_total = plan
        .page
        .as_ref()
        .is_some_and(|page| page.extra.has("total"));
    let mut total = 0_i64;
    let mut found: Vec<(Vec<Value>, &'static str)> = Vec::new();
    for part in &mut plan.plans {
        if plan.is_count || wants_total {
            let statement = Select::of(&part.selection, reading.scope(), reading.dialect()).count();
            total += reading.query_scalar::<i64>(&statement.sql, &statement.values)?;
        }
        if plan.is_count {
            continue;
        }
        part.selection.window = plan.page.as_ref().map(|page| Window {
            offset: 0,
            limit: page.to,
        });
        let statement = Select::of(&part.selection, reading.scope(), reading.dialect()).keys();
        for row in reading.query(&statement.sql, &statement.values)? {
            found.push((row.into_values(), part.selection.entity.kind));
        }
    }
    if plan.is_count {
        return Ok(Answered {
            json: total.into(),
            total: None,
        });
    }
    let order = plan
        .plans
        .first()
        .map(|plan| plan.selection.order.clone())
        .unwrap_or_default();
    found.sort_by(|left, right| compare(&left.0, &right.0, &order));
    let page = plan.page.unwrap_or_default();
    let skipped = usize::try_from(page.from).unwrap_or(usize::MAX);
    let taken = page.to.map_or(usize::MAX, |to| {
        usize::try_from(to.saturating_sub(page.from)).unwrap_or(usize::MAX)
    });
    let wanted: Vec<(i64, &'static str)> = found
        .into_iter()
        .skip(skipped)
        .take(taken)
        .filter_map(|(values, kind)| match values.first() {
            Some(Value::Integer(id)) => Some((*id, kind)),
            _ => None,
        })
        .collect();
    Ok(Answered {
        json: load(reading, catalogue, &wanted, &page.extra)?,
        total: wants_total.then_some(total),
    })
}

/// The entities in their order.
fn load(
    reading: &Reading,
    catalogue: &Catalogue,
    wanted: &[(i64, &'static str)],
    extra: &Extra,
) -> Result<Json> {
    let mut by_kind: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for (id, kind) in wanted {
        by_kind.entry(kind).or_default().push(*id);
    }
    let shaping = Shaping::new(reading, catalogue, extra);
    let mut loaded: HashMap<i64, Json> = HashMap::new();
    for (kind, ids) in by_kind {
        loaded.extend(shaping.entities_with_extra(kind, &ids)?);
    }
    Ok(wanted
        .iter()
        .filter_map(|(id, _)| loaded.remove(id))
        .collect())
}

/// In the order of the sort: missing values last, ties by id, in the direction of the last field.
fn compare(left: &[Value], right: &[Value], order: &[Order]) -> Ordering {
    let mut result = Ordering::Equal;
    for (index, order) in order.iter().enumerate() {
        let (left, right) = (&left[index + 1], &right[index + 1]);
        result = result.then_with(|| {
            let missing = (*left == Value::Null).cmp(&(*right == Value::Null));
            missing.then_with(|| directed(by_value(left, right), order.is_descending))
        });
    }
    let is_descending = order.last().is_some_and(|order| order.is_descending);
    result.then_with(|| directed(by_value(&left[0], &right[0]), is_descending))
}

fn directed(order: Ordering, is_descending: bool) -> Ordering {
    if is_descending {
        order.reverse()
    } else {
        order
    }
}

/// The order of two values of one column.
pub(super) fn by_value(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
        (Value::Real(left), Value::Real(right)) => left.total_cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        _ => Ordering::Equal,
    }
}

fn demand_shared(filter: &Filter) -> Result<()> {
    match filter {
        Filter::And(filters) | Filter::Or(filters) => filters.iter().try_for_each(demand_shared),
        Filter::Not(filter) => demand_shared(filter),
        Filter::Test(test) if SHARED.contains(&test.field.as_str()) => Ok(()),
        Filter::Test(test) => Err(Error::Rule(format!(
            "{}: the property {} was not found in all entities; they have {}",
            test.at,
            test.field,
            SHARED.join(", ")
        ))),
    }
}

fn asks_for_keyword(operations: &[Operation]) -> bool {
    fn asks(filter: &Filter) -> bool {
        match filter {
            Filter::And(filters) | Filter::Or(filters) => filters.iter().any(asks),
            Filter::Not(filter) => asks(filter),
            Filter::Test(test) => test.field == "keyword",
        }
    }
    operations
        .iter()
        .any(|operation| matches!(&operation.step, Step::Filter(filter) if asks(filter)))
}

fn has_keyword(entity: &Entity) -> bool {
    entity.fields.iter().any(|field| field.indexed.is_some())
}

fn only_shared(operation: &Operation, message: &str) -> Error {
    Error::InvalidFormat(FieldProblem::format(&operation.at, message))
}
