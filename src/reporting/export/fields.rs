//! Which fields can be columns of a file: those that the query language knows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rules::Model;
use crate::query::{Catalogue, Entity, Kind, described};

/// The fields of all models.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputExportFieldsMapping {
    pub fields_by_model: BTreeMap<&'static str, Vec<ExportFieldDescription>>,
}

/// A field that can be a column.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportFieldDescription {
    pub field_path: String,
    pub field_type: &'static str,
    pub selected_by_default: bool,
}

/// What can be a column, by model.
pub(super) fn mapping(catalogue: &Catalogue) -> OutputExportFieldsMapping {
    let models = Model::ALL.into_iter().filter_map(|model| {
        let entity = catalogue.entity(model.kind())?;
        Some((model.kind(), of(entity, model)))
    });
    OutputExportFieldsMapping {
        fields_by_model: models.collect(),
    }
}

fn of(entity: &Entity, model: Model) -> Vec<ExportFieldDescription> {
    let mut fields: Vec<ExportFieldDescription> = described(entity)
        .into_iter()
        .filter(|field| field.name != "keyword")
        .map(|field| ExportFieldDescription {
            field_path: field.name.to_owned(),
            field_type: word(field.kind),
            selected_by_default: model.usual_columns().contains(&field.name),
        })
        .collect();
    fields.sort_by(|left, right| left.field_path.cmp(&right.field_path));
    fields
}

/// The usual columns that the entity has, in their order.
pub(super) fn usual(entity: &Entity, model: Model) -> Vec<String> {
    let described = described(entity);
    model
        .usual_columns()
        .iter()
        .filter(|name| described.iter().any(|field| field.name == **name))
        .map(|name| (*name).to_owned())
        .collect()
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer | Kind::Scale(_) => "integer",
        Kind::Float => "float",
        Kind::Boolean => "boolean",
        Kind::Date => "date",
        Kind::Text | Kind::Id | Kind::Choice(_) => "string",
        Kind::User => "user",
    }
}
