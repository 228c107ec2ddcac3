//! From aggregations as they are spelled to those of a plan.

use super::Resolver;
use crate::access::{Error, FieldProblem, Result};
use crate::query::entity::Entity;
use crate::query::field::Kind;
use crate::query::operation::{self, Math};
use crate::query::plan::{Aggregation, AggregationKind, FieldRef, GroupBy, Grouping};

impl Resolver<'_> {
    /// The aggregation over rows of the entity.
    pub(super) fn aggregation(
        &self,
        entity: &Entity,
        asked: &operation::Aggregation,
    ) -> Result<Aggregation> {
        let at = asked.at.as_str();
        let condition = self.condition(entity, &asked.filter)?;
        let (default_name, kind) = match &asked.kind {
            operation::AggregationKind::Count => (Some("count".to_owned()), AggregationKind::Count),
            operation::AggregationKind::Math(math, name) => {
                let field = self.field(entity, name, at)?;
                demand_number(name, field, *math, at)?;
                let default_name = format!("{}_{name}", math.word());
                (Some(default_name), AggregationKind::Math(*math, field))
            }
            operation::AggregationKind::Field {
                field,
                size,
                order,
                select,
            } => {
                let name = field;
                let field = self.field(entity, name, at)?;
                if !field.field.is_aggregable() {
                    return Err(refused(at, name, "be grouped by"));
                }
                let by = GroupBy::Value {
                    size: *size,
                    order: order.clone(),
                };
                (None, self.groups(entity, by, field, select)?)
            }
            operation::AggregationKind::Time {
                field,
                interval,
                select,
            } => {
                let name = field;
                let field = self.field(entity, name, at)?;
                if !matches!(field.kind(), Kind::Date) || !is_single(field) {
                    return Err(refused(at, name, "be grouped by time: it is no date"));
                }
                let by = GroupBy::Time(*interval);
                (None, self.groups(entity, by, field, select)?)
            }
        };
        Ok(Aggregation {
            name: asked.name.clone().or(default_name),
            condition,
            kind,
        })
    }

    fn groups(
        &self,
        entity: &Entity,
        by: GroupBy,
        field: FieldRef,
        select: &[operation::Aggregation],
    ) -> Result<AggregationKind> {
        let select = select
            .iter()
            .map(|asked| self.aggregation(entity, asked))
            .collect::<Result<Vec<Aggregation>>>()?;
        Ok(AggregationKind::Groups(Grouping { by, field, select }))
    }
}

fn demand_number(name: &str, field: FieldRef, math: Math, at: &str) -> Result<()> {
    let is_number = matches!(
        field.kind(),
        Kind::Integer | Kind::Float | Kind::Scale(_) | Kind::Date
    );
    if is_number && is_single(field) {
        return Ok(());
    }
    Err(refused(
        at,
        name,
        &format!("be used in {}: it is no single number", math.word()),
    ))
}

/// What people have defined is counted with each of its values, in the few cases that there are several.
fn is_single(field: FieldRef) -> bool {
    field.field.is_defined() || !field.field.is_set()
}

fn refused(at: &str, name: &str, what: &str) -> Error {
    Error::InvalidFormat(FieldProblem::format(
        format!("{at}._field"),
        format!("{name} cannot {what}"),
    ))
}
