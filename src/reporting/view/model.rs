//! A view and its wire types.

use std::collections::BTreeSet;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::visible::parse_id;
use crate::access::{Error, Predicate, Result, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Name, Text};

use super::store;

/// Columns, or fields to sort by.
const NAMES_MAX: usize = 15;
/// The rows that a page of a list may have.
const PAGES: [i64; 6] = [10, 30, 50, 100, 150, 300];

/// Which list a view is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum ListViewEntity {
    Alert,
    AlertObservable,
    #[serde(rename = "AlertTTP")]
    AlertTtp,
    AlertHistory,
    AlertSimilarCases,
    AlertSimilarAlerts,
    Case,
    CaseTask,
    CaseObservable,
    #[serde(rename = "CaseTTP")]
    CaseTtp,
    CaseHistory,
    CaseSimilarCases,
    CaseSimilarAlerts,
    CaseSimilarLinkedAlerts,
    Dashboard,
    Organisation,
    OrganisationUsers,
    OrganisationTemplateCase,
    OrganisationTemplateReport,
    OrganisationTemplatePages,
    OrganisationCustomTags,
    OrganisationFunctions,
    User,
    Profiles,
    CustomFields,
    ObservableTypes,
    Taxonomies,
    Task,
    AttackPatterns,
}

/// What a list looks like beside its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListOptions {
    #[serde(deserialize_with = "rows_of_a_page")]
    #[schema(value_type = i64)]
    pub items_per_page: i64,
    pub list_as_group: bool,
    pub auto_refresh: bool,
    pub stats_is_open: bool,
}

fn rows_of_a_page<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<i64, D::Error> {
    let rows = i64::deserialize(deserializer)?;
    if PAGES.contains(&rows) {
        return Ok(rows);
    }
    Err(D::Error::custom("must be one of 10, 30, 50, 100, 150, 300"))
}

/// A few names: columns, or fields to sort by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let names = Vec::<Text<1, 256>>::deserialize(deserializer)?;
        if names.len() > NAMES_MAX {
            return Err(D::Error::custom(format!("must be at most {NAMES_MAX}")));
        }
        Ok(Self(names.into_iter().map(Text::into_string).collect()))
    }
}

impl Names {
    /// Whether one of them comes twice.
    pub fn has_twins(&self) -> bool {
        self.0.iter().collect::<BTreeSet<_>>().len() < self.0.len()
    }
}

impl utoipa::PartialSchema for Names {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        Vec::<String>::schema()
    }
}
impl utoipa::ToSchema for Names {}

/// What is kept of a view beside its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Look {
    pub filter: Map<String, Json>,
    pub list_options: ListOptions,
    pub sort_list: Names,
    pub show_columns: Names,
}

/// A view.
#[derive(Debug, Clone, PartialEq)]
pub struct ListView {
    pub id: i64,
    pub organisation_id: i64,
    /// Nobody's once his account is removed.
    pub owner_id: Option<i64>,
    pub name: String,
    /// The API's word for the list.
    pub entity: String,
    pub look: Look,
    pub is_shared: bool,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl ListView {
    /// The view as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }

    /// Who may know of it: its organisation, or its owner alone.
    pub fn context(&self) -> Touch {
        match self.owner_id {
            Some(owner_id) if !self.is_shared => Touch {
                kind: "User",
                id: owner_id,
            },
            _ => Touch {
                kind: "Organisation",
                id: self.organisation_id,
            },
        }
    }
}

impl Viewable for ListView {
    const KIND: &'static str = "ListView";
    const SELECT: &'static str = "select list_view.id, list_view.organisation_id, list_view.owner_id, list_view.name, \
        list_view.entity, list_view.look, list_view.is_shared, list_view.created_at, list_view.created_by, \
        list_view.updated_at, list_view.updated_by from list_view where";

    /// The organisation's shared ones, and the caller's own.
    fn visible(scope: &Scope) -> Predicate {
        Predicate::new(
            "list_view.organisation_id = ? and (list_view.is_shared = 1 or list_view.owner_id = ?)",
            vec![scope.organisation.id.into(), scope.user_id.into()],
        )
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("list_view.id = ?1", id.into()))
    }
}

/// A view to be kept.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputCreateListView {
    pub name: Name<256>,
    pub entity: ListViewEntity,
    pub filter: Map<String, Json>,
    pub list_options: ListOptions,
    pub sort_list: Option<Names>,
    pub show_columns: Option<Names>,
    pub is_shared: bool,
}

/// What to change of a view. The list that it is of stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateListView {
    pub name: Option<Name<256>>,
    pub filter: Option<Map<String, Json>>,
    pub list_options: Option<ListOptions>,
    pub sort_list: Option<Names>,
    pub show_columns: Option<Names>,
    pub is_shared: Option<bool>,
}

/// A view as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputListView {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    #[serde(rename = "_updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    #[serde(rename = "_updatedBy", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    pub name: String,
    #[schema(value_type = ListViewEntity)]
    pub entity: String,
    #[schema(value_type = Map<String, Json>)]
    pub filter: Map<String, Json>,
    pub list_options: ListOptions,
    pub sort_list: Names,
    pub show_columns: Names,
    pub is_shared: bool,
}

impl From<&ListView> for OutputListView {
    fn from(view: &ListView) -> Self {
        let look = view.look.clone();
        Self {
            id: EntityId(view.id),
            entity_type: ListView::KIND,
            created_at: view.created_at,
            created_by: view.created_by.clone(),
            updated_at: view.updated_at,
            updated_by: view.updated_by.clone(),
            name: view.name.clone(),
            entity: view.entity.clone(),
            filter: look.filter,
            list_options: look.list_options,
            sort_list: look.sort_list,
            show_columns: look.show_columns,
            is_shared: view.is_shared,
        }
    }
}

/// The API's word for a list.
///
/// # Errors
/// Never in practice: it is a plain word.
pub(super) fn word(entity: ListViewEntity) -> Result<String> {
    match serde_json::to_value(entity) {
        Ok(Json::String(word)) => Ok(word),
        other => Err(Error::Internal(format!("the word of a list: {other:?}"))),
    }
}
