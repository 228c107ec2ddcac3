//! Tells clients which fields a model has: from the same tables that filters and sorts are resolved against, so it
//! can't promise what a query refuses.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::catalogue::Catalogue;
use super::entity::Entity;
use super::field::{Choices, Family, Field, Indexed, Kind, Member, Source};
use super::resolve::described;
use crate::access::{Error, Reading, Result};

/// What a model is made of.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelDescription {
    pub label: String,
    pub path: String,
    /// The operation that starts from all of them.
    pub initial_query: String,
    /// Sorted by name.
    pub attributes: Vec<AttributeDescription>,
}

/// What a field is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttributeDescription {
    pub name: String,
    pub cardinality: Cardinality,
    pub aggregable: bool,
    pub index_type: IndexType,
    #[serde(rename = "type")]
    pub kind: AttributeType,
    /// For an enumeration: its values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Json>>,
    /// For an enumeration: a word for each value, or none where the values speak for themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
}

/// How many values a field has.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Cardinality {
    Single,
    /// It may be absent.
    Option,
    List,
}

/// How a field is searched in.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum IndexType {
    Standard,
    Fulltext,
    FulltextOnly,
    None,
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum AttributeType {
    Boolean,
    Date,
    Enumeration,
    Float,
    Integer,
    String,
    User,
}

/// The unit forms of a duration.
const UNIT_FORMS: [&str; 4] = ["InDays", "InHours", "InMinutes", "InSeconds"];

/// The description of a model.
///
/// # Errors
/// [`Error::NotFound`] when there is no such model.
pub fn describe(reading: &Reading, catalogue: &Catalogue, model: &str) -> Result<ModelDescription> {
    catalogue
        .entities()
        .iter()
        .find(|entity| entity.model == model)
        .ok_or_else(|| Error::not_found("Model", model))
        .and_then(|entity| description(reading, entity))
}

/// The descriptions of all models by their names.
///
/// # Errors
/// When values that are in the database cannot be read.
pub fn describe_all(reading: &Reading, catalogue: &Catalogue) -> Result<Map<String, Json>> {
    let mut all = Map::new();
    // What nobody can list is reached from others and described when it is asked for.
    for entity in catalogue
        .entities()
        .iter()
        .filter(|entity| !entity.list.is_empty())
    {
        let json = serde_json::to_value(description(reading, entity)?)
            .map_err(|error| Error::Internal(error.to_string()))?;
        all.insert(entity.model.to_owned(), json);
    }
    Ok(all)
}

fn description(reading: &Reading, entity: &Entity) -> Result<ModelDescription> {
    let mut attributes = Vec::new();
    for field in described(entity) {
        attributes.push(attribute(reading, &field)?);
        if field.has_units {
            attributes.extend(UNIT_FORMS.map(|unit| AttributeDescription {
                name: format!("{}{unit}", field.name),
                kind: AttributeType::Float,
                ..plain(&field)
            }));
        }
    }
    for family in entity.families {
        for member in (family.all)(reading)? {
            attributes.push(defined(family, member));
        }
    }
    attributes.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(ModelDescription {
        label: entity.model.to_owned(),
        path: String::new(),
        initial_query: entity.list.first().copied().unwrap_or_default().to_owned(),
        attributes,
    })
}

fn attribute(reading: &Reading, field: &Field) -> Result<AttributeDescription> {
    let (values, labels) = match field.kind {
        Kind::Scale(scale) => (
            Some(scale.iter().map(|(value, _)| (*value).into()).collect()),
            Some(scale.iter().map(|(_, label)| (*label).to_owned()).collect()),
        ),
        Kind::Choice(choices) => {
            let values = match choices {
                Choices::Fixed(values) => values.iter().map(|value| (*value).into()).collect(),
                Choices::Stored(values) => values(reading)?.into_iter().map(Json::from).collect(),
            };
            (Some(values), Some(Vec::new()))
        }
        _ => (None, None),
    };
    Ok(AttributeDescription {
        values,
        labels,
        ..plain(field)
    })
}

/// What people have defined; it may always have several values.
fn defined(family: &Family, member: Member) -> AttributeDescription {
    let plain = plain(&family.field(&member));
    AttributeDescription {
        name: format!("{}{}", family.prefix, member.name),
        kind: match member.options {
            Some(_) => AttributeType::Enumeration,
            None => plain.kind,
        },
        labels: member.options.is_some().then(Vec::new),
        values: member.options,
        ..plain
    }
}

fn plain(field: &Field) -> AttributeDescription {
    let is_computed = matches!(field.source, Source::Expression(_) | Source::Scoped(_));
    AttributeDescription {
        name: field.name.to_owned(),
        cardinality: if field.is_set() {
            Cardinality::List
        } else if field.is_optional {
            Cardinality::Option
        } else {
            Cardinality::Single
        },
        aggregable: field.is_aggregable(),
        index_type: match field.indexed {
            Some(Indexed::Everything) => IndexType::Standard,
            Some(_) if field.is_prose => IndexType::FulltextOnly,
            Some(_) => IndexType::Fulltext,
            None if is_computed => IndexType::None,
            None => IndexType::Standard,
        },
        kind: match field.kind {
            Kind::Integer => AttributeType::Integer,
            Kind::Float => AttributeType::Float,
            Kind::Boolean => AttributeType::Boolean,
            Kind::Date => AttributeType::Date,
            Kind::Text | Kind::Id => AttributeType::String,
            Kind::User => AttributeType::User,
            Kind::Scale(_) | Kind::Choice(_) => AttributeType::Enumeration,
        },
        values: None,
        labels: None,
    }
}
