//! What an import would change: pure comparison of two blueprints.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::model::Blueprint;

/// One thing that is new or other than it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Where it is in the blueprint.
    pub list: List,
    /// Its place in that list of the wanted blueprint.
    pub(super) place: usize,
    /// Which of those of the same name it is, from 0.
    pub(super) occurrence: usize,
    /// Its name.
    pub name: String,
    /// What changes: the property, before, after. `None` when the whole thing is new.
    pub changes: Option<Vec<(String, Json, Json)>>,
}

/// A list of the blueprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Organisations,
    Profiles,
    CaseStatuses,
    CustomFields,
    PageTemplates,
    CaseTemplates,
    Dashboards,
}

impl List {
    fn noun(self) -> &'static str {
        match self {
            Self::Organisations => "organisation",
            Self::Profiles => "profile",
            Self::CaseStatuses => "case status",
            Self::CustomFields => "custom field",
            Self::PageTemplates => "page template",
            Self::CaseTemplates => "case template",
            Self::Dashboards => "dashboard",
        }
    }

    /// The properties by which one is told from another.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Organisations | Self::Profiles | Self::CustomFields => &["name"],
            Self::CaseStatuses => &["value"],
            Self::CaseTemplates => &["organisation", "name"],
            Self::PageTemplates | Self::Dashboards => &["organisation", "title"],
        }
    }

    /// Whether two may have the same name.
    fn has_namesakes(self) -> bool {
        matches!(self, Self::PageTemplates | Self::Dashboards)
    }
}

impl fmt::Display for Difference {
    /// `+ profile tier-2` or `~ profile analyst` with a line for each property.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = self.list.noun();
        let Some(changes) = &self.changes else {
            return write!(f, "+ {noun} {}", self.name);
        };
        write!(f, "~ {noun} {}", self.name)?;
        for (property, before, after) in changes {
            match (before, after) {
                (Json::Array(before), Json::Array(after)) => {
                    let lost = before.iter().filter(|value| !after.contains(value));
                    let won = after.iter().filter(|value| !before.contains(value));
                    let words: Vec<String> = lost
                        .map(|value| format!("-{}", word(value)))
                        .chain(won.map(|value| format!("+{}", word(value))))
                        .collect();
                    write!(f, "\n    {property}: {}", words.join(" "))?;
                }
                _ => write!(f, "\n    {property}: {before} -> {after}")?,
            }
        }
        Ok(())
    }
}

fn word(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What must be done to `present` so that all of `wanted` is in it.
///
/// # Errors
/// A sentence when `wanted` names something twice.
pub(super) fn between(present: &Blueprint, wanted: &Blueprint) -> Result<Vec<Difference>, String> {
    let mut found = compare(
        List::Organisations,
        &present.organisations,
        &wanted.organisations,
    )?;
    found.extend(compare(
        List::Profiles,
        &present.profiles,
        &wanted.profiles,
    )?);
    found.extend(compare(
        List::CaseStatuses,
        &present.case_statuses,
        &wanted.case_statuses,
    )?);
    found.extend(compare(
        List::CustomFields,
        &present.custom_fields,
        &wanted.custom_fields,
    )?);
    found.extend(compare(
        List::PageTemplates,
        &present.page_templates,
        &wanted.page_templates,
    )?);
    found.extend(compare(
        List::CaseTemplates,
        &present.case_templates,
        &wanted.case_templates,
    )?);
    found.extend(compare(
        List::Dashboards,
        &present.dashboards,
        &wanted.dashboards,
    )?);
    Ok(found)
}

fn compare<T: Serialize>(
    list: List,
    present: &[T],
    wanted: &[T],
) -> Result<Vec<Difference>, String> {
    let name_of = |object: &Map<String, Json>| {
        let words: Vec<String> = list.keys().iter().map(|key| word(&object[*key])).collect();
        words.join(" / ")
    };
    let present: Vec<Map<String, Json>> = present.iter().map(object).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (place, wanted) in wanted.iter().map(object).enumerate() {
        let name = name_of(&wanted);
        let occurrence = *seen
            .entry(name.clone())
            .and_modify(|count| *count += 1)
            .or_default();
        if occurrence > 0 && !list.has_namesakes() {
            return Err(format!("The {} {name} is in it twice.", list.noun()));
        }
        let is_it = |object: &&Map<String, Json>| {
            list.keys().iter().all(|key| object[*key] == wanted[*key])
        };
        let before = present.iter().filter(is_it).nth(occurrence);
        let changes = before.map(|before| {
            let changed = wanted
                .iter()
                .filter(|(property, after)| before[*property] != **after);
            let change = |(property, after): (&String, &Json)| {
                (property.clone(), before[property].clone(), after.clone())
            };
            changed.map(change).collect::<Vec<_>>()
        });
        if changes.as_ref().is_none_or(|changes| !changes.is_empty()) {
            found.push(Difference {
                list,
                place,
                occurrence,
                name,
                changes,
            });
        }
    }
    Ok(found)
}

/// A plan as the object it is written as. Its properties are always the same.
pub(super) fn object<T: Serialize>(plan: &T) -> Map<String, Json> {
    match serde_json::to_value(plan) {
        Ok(Json::Object(object)) => object,
        _ => unreachable!("plans are structs of plain values"),
    }
}

#[cfg(test)]
mod tests {
    use super::between;
    use crate::blueprint::Blueprint;

    fn blueprint(text: &str) -> Blueprint {
        serde_json::from_str::<Blueprint>(text).unwrap().in_order()
    }

    #[test]
    fn what_is_new_and_what_is_other_is_told_and_the_rest_is_left_alone() {
        let present = blueprint(
            r#"{"format": 1,
                "organisations": [{"name": "lab", "description": "a", "taskRule": "manual", "observableRule": "manual"},
                    {"name": "old", "description": "", "taskRule": "manual", "observableRule": "manual"}],
                "profiles": [{"name": "p", "type": "Organisation", "permissions": ["manageTask", "manageShare"]},
                    {"name": "q", "type": "Organisation", "permissions": ["manageTask", "manageShare"]}],
                "caseStatuses": [{"value": "New", "stage": "New", "order": 0}]}"#,
        );
        let wanted = blueprint(
            r##"{"format": 1,
                "organisations": [{"name": "lab", "description": "b", "taskRule": "manual", "observableRule": "autoShare"}],
                "profiles": [{"name": "p", "type": "Organisation", "permissions": ["manageTask", "manageComment"]},
                    {"name": "q", "type": "Organisation", "permissions": ["manageShare", "manageTask", "manageTask"]}],
                "caseStatuses": [{"value": "New", "stage": "New", "order": 0, "colour": "#000000"},
                    {"value": "Waiting", "stage": "InProgress", "order": 9}]}"##,
        );
        let found = between(&present, &wanted).unwrap();
        let text: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            text,
            [
                "~ organisation lab\n    description: \"a\" -> \"b\"\n    observableRule: \"manual\" -> \"autoShare\"",
                "~ profile p\n    permissions: -manageShare +manageComment",
                "~ case status New\n    colour: null -> \"#000000\"",
                "+ case status Waiting",
            ]
        );
        assert_eq!(between(&wanted, &wanted).unwrap(), []);
    }

    #[test]
    fn nothing_may_be_named_twice() {
        let twice = blueprint(
            r#"{"format": 1, "caseStatuses": [{"value": "A", "stage": "New", "order": 0},
                {"value": "A", "stage": "Closed", "order": 1}]}"#,
        );
        assert_eq!(
            between(&twice, &twice).unwrap_err(),
            "The case status A is in it twice."
        );
    }
}
