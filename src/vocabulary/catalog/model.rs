//! A catalog and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Markdown, Name, Patch, Text};

use super::store;

/// A catalog of attack patterns.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalog {
    pub id: i64,
    pub name: String,
    pub description: Option<String>,
    pub variant: Option<String>,
    /// The edition of what it was loaded from.
    pub version: Option<String>,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Catalog {
    /// The catalog as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for Catalog {
    const KIND: &'static str = "Catalog";
    const SELECT: &'static str = "select catalog.id, catalog.name, catalog.description, catalog.variant, \
        catalog.version, catalog.created_at, catalog.created_by, catalog.updated_at, catalog.updated_by \
        from catalog where";

    fn visible(_scope: &Scope) -> Predicate {
        Predicate::everything()
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("catalog.id = ?1", id.into())),
            None => Some(("catalog.name = ?1", reference.into())),
        }
    }
}

/// What an attacker wants: a column of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tactic {
    /// The short name, as in `initial-access`.
    pub name: String,
    /// The name for people.
    pub label: String,
}

impl Tactic {
    /// The tactic of a short name, whose label is made of it: for catalogs that don't say.
    pub fn of_name(name: &str) -> Self {
        let mut label = String::with_capacity(name.len());
        for word in name.split('-') {
            if !label.is_empty() {
                label.push(' ');
            }
            let mut letters = word.chars();
            match (word, letters.next()) {
                ("and" | "of" | "the", _) | (_, None) => label.push_str(word),
                (_, Some(first)) => {
                    label.extend(first.to_uppercase());
                    label.push_str(letters.as_str());
                }
            }
        }
        Self {
            name: name.to_owned(),
            label,
        }
    }
}

/// A catalog to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputCatalog {
    pub name: Name<128>,
    pub description: Option<Markdown>,
    pub variant: Option<Text<1, 128>>,
}

/// What to change of a catalog.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateCatalog {
    pub name: Option<Name<128>>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub description: Patch<Markdown>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub variant: Patch<Text<1, 128>>,
}

/// A catalog as the API gives it. Its stamps have no underscore.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputCatalog {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    pub created_by: String,
    pub created_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Our addition: the edition of what it was loaded from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    pub extra_data: Map<String, Json>,
}

impl From<&Catalog> for OutputCatalog {
    fn from(catalog: &Catalog) -> Self {
        Self {
            id: EntityId(catalog.id),
            entity_type: Catalog::KIND,
            created_by: catalog.created_by.clone(),
            created_at: catalog.created_at,
            updated_at: catalog.updated_at,
            updated_by: catalog.updated_by.clone(),
            name: catalog.name.clone(),
            description: catalog.description.clone(),
            variant: catalog.variant.clone(),
            version: catalog.version.clone(),
            extra_data: Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tactic;

    #[test]
    fn a_label_is_made_of_a_short_name() {
        assert_eq!(Tactic::of_name("initial-access").label, "Initial Access");
        assert_eq!(
            Tactic::of_name("command-and-control").label,
            "Command and Control"
        );
    }
}
