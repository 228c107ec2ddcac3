//! What can be asked about analyzer templates.

use serde_json::Value as Json;

use super::model::{AnalyzerTemplate, OutputAnalyzerTemplate};
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Entity, Field, Shaping};
use crate::storage::Row;

/// Analyzer templates in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listAnalyzerTemplate"],
    get: &["getReportTemplate"],
    fields: &[Field::text("analyzerId", Column("analyzer_id"))],
    ..Entity::of::<AnalyzerTemplate>("analyzerTemplate", "analyzer_template", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let templates: Vec<AnalyzerTemplate> = shaping.load(rows)?;
    templates
        .iter()
        .map(|template| {
            serde_json::to_value(OutputAnalyzerTemplate::from(template))
                .map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
