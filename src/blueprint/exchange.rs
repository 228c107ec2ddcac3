//! Reading the blueprint of an installation, and making an installation like one.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use thiserror::Error;

use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::{self, Reading, Scope, Visible, Writing};
use crate::storage::{Location, snapshot};
use crate::tenancy::{organisation, profile};
use crate::vocabulary::{case_status, custom_field};

use super::difference::{self, Difference, List};
use super::model::{Blueprint, FORMAT};
use super::of_organisation;

/// Why a blueprint cannot be written or followed. The texts are for the person at the terminal.
#[derive(Debug, Error)]
pub enum Error {
    /// It is none, or one that contradicts itself.
    #[error("This is no configuration of Skep: {0}")]
    Malformed(String),
    /// It is of a newer program.
    #[error("This configuration was written by a newer version of Skep; install that version.")]
    Newer,
    /// One thing in it is refused, and so nothing of it was done.
    #[error("{what} cannot be made so: {why}. Nothing was changed.")]
    Refused { what: String, why: String },
    /// The database did not do what it was asked to.
    #[error(transparent)]
    Access(#[from] access::Error),
    #[error(transparent)]
    Storage(#[from] crate::storage::Error),
}

impl Blueprint {
    /// Reads the text of a blueprint.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let malformed = |error: &serde_json::Error| Error::Malformed(format!("{error}."));
        let any: Json = serde_json::from_str(text).map_err(|error| malformed(&error))?;
        if any["format"]
            .as_u64()
            .is_some_and(|format| format > u64::from(FORMAT))
        {
            return Err(Error::Newer);
        }
        let blueprint: Self = serde_json::from_value(any).map_err(|error| malformed(&error))?;
        Ok(blueprint.in_order())
    }

    /// Its text.
    ///
    /// # Errors
    /// Never in practice: it holds plain values only.
    pub fn text(&self) -> Result<String, Error> {
        serde_json::to_string_pretty(self)
            .map(|text| text + "\n")
            .map_err(|error| Error::Malformed(error.to_string()))
    }
}

/// The blueprint of an installation, whether its server runs or not.
///
/// # Errors
/// When there is no database, or it is of another version.
pub fn export(location: &Location, now_ms: i64) -> Result<Blueprint, Error> {
    let tx = snapshot::of(location)?;
    let scope = Scope::system("export-config", now_ms);
    Ok(present(&Reading::on_snapshot(&tx, &scope))?)
}

/// What an import would change, whether the server runs or not.
///
/// # Errors
/// As [`export`], and when the blueprint contradicts itself.
pub fn preview(
    location: &Location,
    wanted: &Blueprint,
    now_ms: i64,
) -> Result<Vec<Difference>, Error> {
    differences(export(location, now_ms)?, wanted)
}

/// Makes an installation like the blueprint, all of it or nothing; gives what changed.
///
/// # Errors
/// When something in it is against a rule.
pub async fn import(gate: &Gate, wanted: Blueprint, now_ms: i64) -> Result<Vec<Difference>, Error> {
    let scope = Arc::new(Scope::system("import-config", now_ms));
    let by = gate.open::<Member>(scope)?;
    let present = by.read(present).await?;
    let differences = differences(present, &wanted)?;
    let to_make = differences.clone();
    // A refusal rolls the unit back; which thing it was comes out beside it.
    let refused = Arc::new(std::sync::Mutex::new(None));
    let noted = refused.clone();
    let outcome = by
        .write(move |unit| {
            for difference in &to_make {
                make(unit, &wanted, difference).inspect_err(|_| {
                    if let Ok(mut noted) = noted.lock() {
                        *noted = Some(difference.to_string());
                    }
                })?;
            }
            Ok(())
        })
        .await;
    let what = refused.lock().ok().and_then(|mut what| what.take());
    match (outcome, what) {
        (Ok(()), _) => Ok(differences),
        (Err(access::Error::Storage(error)), _) => Err(error.into()),
        (Err(error), Some(what)) => Err(Error::Refused {
            what: what.lines().next().unwrap_or_default()[2..].to_owned(),
            why: error.to_string(),
        }),
        (Err(error), None) => Err(error.into()),
    }
}

fn differences(mut present: Blueprint, wanted: &Blueprint) -> Result<Vec<Difference>, Error> {
    of_organisation::add_shipped(&mut present, wanted)?;
    difference::between(&present, wanted).map_err(Error::Malformed)
}

fn present(reading: &Reading) -> access::Result<Blueprint> {
    let mut blueprint = Blueprint {
        format: FORMAT,
        organisations: organisation::actions::all(reading)?
            .iter()
            .map(Into::into)
            .collect(),
        profiles: profile::actions::all(reading)?
            .iter()
            .map(Into::into)
            .collect(),
        case_statuses: case_status::actions::all(reading)?
            .iter()
            .map(Into::into)
            .collect(),
        custom_fields: custom_field::actions::all(reading)?
            .iter()
            .map(Into::into)
            .collect(),
        page_templates: Vec::new(),
        case_templates: Vec::new(),
        dashboards: Vec::new(),
    };
    of_organisation::add_present(reading, &mut blueprint)?;
    Ok(blueprint.in_order())
}

/// Makes one thing as the blueprint wants it, by the action that a request would call.
fn make(unit: &Writing<Member>, wanted: &Blueprint, difference: &Difference) -> access::Result<()> {
    let (name, is_new) = (&difference.name, difference.changes.is_none());
    match difference.list {
        List::Organisations => {
            let plan = &wanted.organisations[difference.place];
            let unit = unit.demand()?;
            if is_new {
                organisation::actions::create(&unit, input(plan)?).map(drop)
            } else {
                organisation::actions::update(&unit, &Visible::get(&unit, name)?, input(plan)?)
            }
        }
        List::Profiles => {
            let plan = &wanted.profiles[difference.place];
            let unit = unit.demand()?;
            if is_new {
                return profile::actions::create(&unit, input(plan)?).map(drop);
            }
            refuse_change(difference, "type")?;
            profile::actions::update(&unit, &Visible::get(&unit, name)?, input(plan)?)
        }
        List::CaseStatuses => {
            let plan = &wanted.case_statuses[difference.place];
            let unit = unit.demand()?;
            if is_new {
                return case_status::actions::create(&unit, input(plan)?).map(drop);
            }
            refuse_change(difference, "stage")?;
            case_status::actions::update(&unit, &Visible::get(&unit, name)?, input(plan)?)
        }
        List::CustomFields => {
            let plan = &wanted.custom_fields[difference.place];
            let unit = unit.demand()?;
            if is_new {
                return custom_field::actions::create(&unit, input(plan)?).map(drop);
            }
            custom_field::actions::update(&unit, &Visible::get(&unit, name)?, input(plan)?)
        }
        List::PageTemplates | List::CaseTemplates | List::Dashboards => {
            of_organisation::make(unit, wanted, difference)
        }
    }
}

/// What a request would have as its body: the same checks are made.
fn input<T: DeserializeOwned>(plan: &impl Serialize) -> access::Result<T> {
    serde_json::from_value(Json::Object(difference::object(plan)))
        .map_err(|error| access::Error::Rule(error.to_string()))
}

/// Some properties stay as they were when the thing was made.
fn refuse_change(difference: &Difference, property: &str) -> access::Result<()> {
    let changes = difference.changes.iter().flatten();
    if changes.into_iter().any(|(name, _, _)| name == property) {
        return Err(access::Error::Rule(format!(
            "its {property} stays as it is"
        )));
    }
    Ok(())
}
