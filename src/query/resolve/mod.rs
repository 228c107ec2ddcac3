//! From [operations](super::operation) to a [plan](super::plan): finds out what each name stands for, and refuses
//! what no entity has, with the place in the request and what would be possible there.

mod aggregation;
mod fields;
mod filter;
mod value;

pub use fields::{Members, described, get as field};

use serde_json::Value as Json;

use super::catalogue::{Beginning, Catalogue};
use super::entity::{Edge, End, Entity, Parameters};
use super::moment::Moment;
use super::operation::{Operation, Page, SortKey, Step};
use super::plan::{Answer, Made, Order, Origin, Plan, Selection, Window};
use super::shaping::Extra;
use crate::access::visible::parse_id;
use crate::access::{Error, FieldProblem, Predicate, Result, Scope};

/// The operations that work on every set.
const ON_EVERY_SET: [&str; 7] = [
    "aggregation",
    "count",
    "filter",
    "limitedCount",
    "output",
    "page",
    "sort",
];

/// The kind of entity that records what is done to the others.
const AUDIT: &str = "Audit";
/// From every entity to the audit records about it, and to those of everything that belongs to it.
const TO_AUDITS: [Edge; 2] = [
    Edge::new("audits", AUDIT, "id", "object_id"),
    Edge::new("auditsFromContext", AUDIT, "id", "context_id"),
];

/// All ways that lead on from entities of a kind, those included that every kind has.
pub fn edges_from(entity: &Entity) -> impl Iterator<Item = &Edge> {
    entity.edges.iter().chain(&TO_AUDITS)
}

/// What names are resolved against.
#[derive(Clone, Copy)]
pub struct Resolver<'c> {
    pub catalogue: &'c Catalogue,
    pub scope: &'c Scope,
    pub moment: &'c Moment,
    /// Where the fields that people have defined are looked up.
    pub members: &'c dyn Members,
}

impl<'c> Resolver<'c> {
    /// The plan of a query.
    ///
    /// # Errors
    /// When an operation, a field or a value is not possible where it stands.
    pub fn resolve(&self, operations: &[Operation]) -> Result<Plan<'c>> {
        let [first, rest @ ..] = operations else {
            return Err(Error::Rule("The query is empty".to_owned()));
        };
        let plan = self.begin(first)?;
        self.narrow(plan, rest)
    }

    /// The plan with further operations.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve).
    pub fn narrow(&self, plan: Plan<'c>, operations: &[Operation]) -> Result<Plan<'c>> {
        operations
            .iter()
            .try_fold(plan, |plan, operation| self.step(plan, operation))
    }

    fn begin(&self, operation: &Operation) -> Result<Plan<'c>> {
        let beginning = match &operation.step {
            Step::Named(parameters) => self
                .catalogue
                .beginning(&operation.name)
                .map(|beginning| (beginning, parameters)),
            _ => None,
        };
        let Some((beginning, parameters)) = beginning else {
            return Err(impossible(operation, &self.catalogue.beginnings()));
        };
        let (entity, origin, end) = match beginning {
            Beginning::All(entity, end) => (entity, Origin::All, end),
            Beginning::One(entity) => (entity, one(entity, operation)?, End::Entities),
            Beginning::Some(entity, start) => {
                let predicate = (start.pick)(self.scope, parameters)?;
                (entity, Origin::Picked(predicate), start.end)
            }
        };
        Ok(Plan {
            selection: Selection::new(entity, origin),
            answer: match end {
                End::Entities => entities(),
                End::Count => Answer::Count,
            },
        })
    }

    fn step(&self, plan: Plan<'c>, operation: &Operation) -> Result<Plan<'c>> {
        let Plan { selection, answer } = plan;
        if matches!(operation.step, Step::Output) {
            return Ok(Plan { selection, answer });
        }
        if !matches!(answer, Answer::Entities { .. }) {
            return Err(impossible(operation, &["output"]));
        }
        let entity = selection.entity;
        let ended = |selection: Selection<'c>, answer| Plan {
            selection: selection.open(),
            answer,
        };
        Ok(match &operation.step {
            Step::Filter(filter) => {
                let mut selection = selection.open();
                selection.condition = super::plan::Condition::all([
                    selection.condition,
                    self.condition(entity, filter)?,
                ]);
                Plan { selection, answer }
            }
            Step::Sort(keys) => {
                let mut selection = selection.open();
                selection.order = self.order(entity, keys, &operation.at)?;
                Plan { selection, answer }
            }
            Step::Page(page) => paged(selection.open(), page),
            Step::HeaderPage(page) if entity.has_headers => {
                let mut page = page.clone();
                page.extra.is_header = true;
                paged(selection.open(), &page)
            }
            Step::HeaderPage(_) => return Err(impossible(operation, &self.possible_after(entity))),
            Step::Count => ended(selection, Answer::Count),
            Step::LimitedCount { threshold } => ended(selection, Answer::LimitedCount(*threshold)),
            Step::Aggregation(aggregation) => {
                let answer = Answer::Aggregation(Box::new(self.aggregation(entity, aggregation)?));
                ended(selection, answer)
            }
            Step::Output => Plan { selection, answer },
            Step::Named(parameters) => match ending(entity, operation, parameters) {
                Some(made) => ended(selection, Answer::Made(made)),
                None => self.follow(selection, operation)?,
            },
        })
    }

    /// An edge of the entity, or a list of values.
    fn follow(&self, selection: Selection<'c>, operation: &Operation) -> Result<Plan<'c>> {
        let entity = selection.entity;
        if let Some(list) = entity
            .values
            .iter()
            .find(|list| list.name == operation.name)
        {
            let selection = match list.edge {
                Some(edge) => self.along(selection, edge),
                None => Some(selection),
            };
            let found = selection.and_then(|selection| {
                let field = fields::find(selection.entity, list.field)?;
                Some((selection, field))
            });
            let (selection, field) = found.ok_or_else(|| {
                Error::Internal(format!("the list of values {} leads nowhere", list.name))
            })?;
            return Ok(Plan {
                selection: selection.open(),
                answer: Answer::Values(field),
            });
        }
        match self.along(selection, &operation.name) {
            Some(selection) => Ok(Plan {
                selection,
                answer: entities(),
            }),
            None => Err(impossible(operation, &self.possible_after(entity))),
        }
    }

    fn along(&self, selection: Selection<'c>, name: &str) -> Option<Selection<'c>> {
        let mut edges = edges_from(selection.entity);
        let edge = *edges.find(|edge| edge.name == name)?;
        let to = self.catalogue.entity(edge.to)?;
        Some(Selection::new(to, Origin::Along(edge, Box::new(selection))))
    }

    fn order(&self, entity: &Entity, keys: &[SortKey], at: &str) -> Result<Vec<Order>> {
        let mut names: Vec<&str> = Vec::with_capacity(keys.len());
        let mut order: Vec<Order> = Vec::with_capacity(keys.len());
        for key in keys {
            let field = self.field(entity, &key.field, at)?;
            if !field.field.is_sortable() {
                return Err(Error::InvalidFormat(FieldProblem::format(
                    format!("{at}._fields"),
                    format!("cannot sort by {}: it has no single value", key.field),
                )));
            }
            // A field that comes again decides nothing any more.
            if !names.contains(&key.field.as_str()) {
                names.push(&key.field);
                order.push(Order {
                    field,
                    is_descending: key.is_descending,
                });
            }
        }
        Ok(order)
    }

    /// The names of all operations that are possible on a set of the entity, sorted.
    fn possible_after(&self, entity: &Entity) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = edges_from(entity)
            .filter(|edge| self.catalogue.entity(edge.to).is_some())
            .map(|edge| edge.name)
            .chain(entity.values.iter().map(|list| list.name))
            .chain(entity.endings.iter().map(|ending| ending.name))
            .chain(ON_EVERY_SET)
            .chain(entity.has_headers.then_some("headerPage"))
            .collect();
        names.sort_unstable();
        names
    }
}

/// The ending of that name, if the entity has one.
fn ending(entity: &Entity, operation: &Operation, parameters: &Parameters) -> Option<Made> {
    let mut endings = entity.endings.iter();
    let ending = endings.find(|ending| ending.name == operation.name)?;
    Some(Made {
        ending: *ending,
        parameters: parameters.clone(),
        at: operation.at.clone(),
    })
}

fn entities() -> Answer {
    Answer::Entities {
        extra: Extra::default(),
    }
}

fn paged<'c>(mut selection: Selection<'c>, page: &Page) -> Plan<'c> {
    selection.window = Some(Window {
        offset: page.from,
        limit: page.to.map(|to| to.saturating_sub(page.from)),
    });
    Plan {
        selection,
        answer: Answer::Entities {
            extra: page.extra.clone(),
        },
    }
}

/// `idOrName`: text, or the number of a case as a number.
fn reference(parameters: &Parameters, at: &str) -> Result<String> {
    match parameters.get("idOrName") {
        Some(Json::String(reference)) => Ok(reference.clone()),
        Some(Json::Number(number)) => Ok(number.to_string()),
        Some(_) => Err(Error::InvalidFormat(FieldProblem::format(
            format!("{at}.idOrName"),
            "must be an id or a name",
        ))),
        None => Err(Error::invalid(FieldProblem::missing(format!(
            "{at}.idOrName"
        )))),
    }
}

/// The entity that the operation's `idOrName` stands for.
pub(super) fn one<'c>(entity: &Entity, operation: &Operation) -> Result<Origin<'c>> {
    let none = Parameters::new();
    let parameters = match &operation.step {
        Step::Named(parameters) => parameters,
        _ => &none,
    };
    let reference = reference(parameters, &operation.at)?;
    Ok(named(entity, &reference))
}

fn named<'c>(entity: &Entity, reference: &str) -> Origin<'c> {
    // A tilde marks an id: what follows it must be one, whatever an entity's names look like.
    if reference.starts_with('~') && parse_id(reference).is_none() {
        return Origin::Nothing;
    }
    match (entity.named)(reference) {
        Some((condition, values)) => {
            // The parts of a name are numbered in their order.
            let sql = (1..=values.len()).fold(condition.to_owned(), |sql, place| {
                sql.replace(&format!("?{place}"), "?")
            });
            Origin::Picked(Predicate::new(sql, values))
        }
        None => Origin::Nothing,
    }
}

fn impossible(operation: &Operation, possible: &[&str]) -> Error {
    Error::InvalidFormat(FieldProblem::format(
        format!("{}._name", operation.at),
        format!(
            "cannot be {} here; possible are: {}",
            operation.name,
            possible.join(", ")
        ),
    ))
}
