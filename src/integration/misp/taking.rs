//! How an event becomes alerts: one for each organisation, with its attributes as observables. It is done in several units
//! of work, each of which leaves what the next one, or the next reading, goes on from.

use std::collections::HashMap;

use crate::access::permission::Member;
use crate::access::permission::needs::{ManageAlertCreate, ManageAlertUpdate, ManageObservable};
use crate::access::unit::Scoped;
use crate::access::{Result, Visible, Writing};
use crate::investigation::alert::actions as alerts;
use crate::investigation::alert::model::{Alert, Enclosure, InputCreateAlert, InputUpdateAlert};
use crate::investigation::attachment::actions::KeptFile;
use crate::investigation::case::model::Case;
use crate::investigation::observable::actions as observables;
use crate::investigation::observable::model::{
    InputCreateObservable, InputObservableData, InputUpdateObservable, VALUE_CHARACTERS_MAX,
};
use crate::investigation::parent::Parent;
use crate::vocabulary::alert_status::model::{self as status, AlertStage};
use crate::vocabulary::observable_type::model::{OTHER, ObservableType};
use crate::wire::labels::{Pap, Severity, Tlp};
use crate::wire::{Date, Markdown, Patch, Text};

use super::attributes::{Draft, What};
use super::model::MispOptions;
use super::rules::{Told, shortened};
use super::store;

/// What alerts of events are called by their type.
pub(super) const ALERT_TYPE: &str = "misp";
/// The longest message of an observable that is kept, in characters.
const MESSAGE_CHARACTERS_MAX: usize = 65_536;

/// An event on its way into an organisation.
#[derive(Clone)]
pub(super) struct Coming {
    pub server_id: i64,
    pub event_id: String,
    /// The change of the event that is being taken.
    pub changed_s: i64,
    /// The name of the organisation whose account we use there.
    pub source: String,
    pub link: String,
    pub told: Told,
    pub options: MispOptions,
}

/// Something of an event that becomes an observable.
#[derive(Clone)]
pub(super) struct Thing {
    pub draft: Draft,
    /// The file, if it is one: its content is kept.
    pub file: Option<KeptFile>,
}

/// The alert of the event in the caller's organisation, made or brought up to date; and whether it is new. Nothing, if
/// somebody deleted it: what was thrown away does not come back.
pub(super) fn take_alert(
    unit: &Writing<Member>,
    coming: &Coming,
) -> Result<Option<(Visible<Alert>, bool)>> {
    let organisation_id = unit.scope().organisation.id;
    let known = store::alert_of(unit, coming.server_id, &coming.event_id, organisation_id)?;
    let alert = if let Some((alert_id, _)) = known {
        let Some(alert) = Visible::<Alert>::find(unit, &format!("~{alert_id}"))? else {
            store::set_done(unit.tx(), alert_id, coming.changed_s)?;
            return Ok(None);
        };
        alert
    } else {
        let name = format!("{ALERT_TYPE};{};{}", coming.source, coming.event_id);
        if let Some(alert) = Visible::<Alert>::find(unit, &name)? {
            note_alert(unit, coming, &alert)?;
            alert
        } else {
            let alert = create(unit, coming)?;
            note_alert(unit, coming, &alert)?;
            return Ok(Some((alert, true)));
        }
    };
    update(unit, coming, &alert)?;
    Ok(Some((Visible::by_id(unit, alert.id)?, false)))
}

fn note_alert(unit: &Writing<Member>, coming: &Coming, alert: &Alert) -> Result<()> {
    Ok(store::insert_alert(
        unit.tx(),
        alert.id,
        coming.server_id,
        &coming.event_id,
        alert.organisation_id,
    )?)
}

/// Texts of others that were made to fit: what is left over is a defect of ours.
fn text<const MIN: usize, const MAX: usize>(text: &str) -> Result<Text<MIN, MAX>> {
    Text::new(text.to_owned()).map_err(|why| {
        crate::access::Error::Rule(format!(
            "a text of the event {why}: {}",
            shortened(text, 50)
        ))
    })
}

fn texts(list: &[String]) -> Vec<Text<1, 128>> {
    let fitting = list.iter().cloned().map(Text::new);
    fitting.filter_map(std::result::Result::ok).collect()
}

/// What makes the alert.
pub(super) fn input(coming: &Coming) -> Result<InputCreateAlert> {
    let told = &coming.told;
    Ok(InputCreateAlert {
        alert_type: text(ALERT_TYPE)?,
        source: text(&coming.source)?,
        source_ref: text(&coming.event_id)?,
        external_link: Some(text(&coming.link)?),
        title: text(&told.title)?,
        description: text(&told.description)?,
        severity: Some(Severity(told.severity)),
        date: Date::new(told.date_at),
        tags: Some(texts(&told.tags)),
        flag: None,
        tlp: Some(Tlp(told.tlp)),
        pap: Some(Pap(told.pap)),
        custom_fields: None,
        summary: None,
        status: None,
        assignee: None,
        case_template: coming.options.case_template.clone(),
        observables: None,
        procedures: None,
    })
}

fn create(unit: &Writing<Member>, coming: &Coming) -> Result<Visible<Alert>> {
    alerts::create(
        &unit.demand::<ManageAlertCreate>()?,
        input(coming)?,
        Enclosure::default(),
    )
}

fn update(unit: &Writing<Member>, coming: &Coming, alert: &Visible<Alert>) -> Result<()> {
    let told = &coming.told;
    let input = InputUpdateAlert {
        title: Some(text(&told.title)?),
        description: Some(text(&told.description)?),
        external_link: Patch::Set(text(&coming.link)?),
        severity: Some(Severity(told.severity)),
        date: Date::new(told.date_at),
        tlp: Some(Tlp(told.tlp)),
        pap: Some(Pap(told.pap)),
        // What the house added to it stays.
        add_tags: Some(texts(&told.tags)),
        last_sync_date: Date::new(unit.scope().now_ms).map_or(Patch::Keep, Patch::Set),
        ..InputUpdateAlert::default()
    };
    alerts::update(&unit.demand::<ManageAlertUpdate>()?, alert, input)
}

/// Puts things onto the alert; those that are new also into its case, if it is followed.
pub(super) fn take_things(
    unit: &Writing<Member>,
    alert_id: i64,
    things: &[Thing],
    options: &MispOptions,
) -> Result<()> {
    let alert = Visible::<Alert>::by_id(unit, alert_id)?;
    let case = match alert.case_id.filter(|_| alert.follow) {
        Some(id) => Visible::<Case>::find(unit, &format!("~{id}"))?.map(Parent::Case),
        None => None,
    };
    let alert = Parent::Alert(alert);
    let mut kinds = Kinds::default();
    for thing in things {
        let data_type = kinds.of(unit, thing)?;
        if !add(unit, &alert, thing, data_type, options)? {
            bring_up_to_date(unit, &alert, thing, data_type)?;
        } else if let Some(case) = &case {
            add(unit, case, thing, data_type, options)?;
        }
    }
    Ok(())
}

/// The observable types that a unit has asked for: which name stands for which.
#[derive(Default)]
pub(super) struct Kinds(HashMap<String, bool>);

impl Kinds {
    /// The type of the thing: its own, if there is such a type here, else the one for everything.
    pub(super) fn of<'a>(&mut self, scoped: &dyn Scoped, thing: &'a Thing) -> Result<&'a str> {
        let name = thing.draft.data_type.as_str();
        let fits = if let Some(fits) = self.0.get(name) {
            *fits
        } else {
            let is_file = matches!(thing.draft.what, What::File { .. });
            let fits = Visible::<ObservableType>::find(scoped, name)?
                .is_some_and(|kind| kind.is_attachment == is_file);
            self.0.insert(name.to_owned(), fits);
            fits
        };
        Ok(if fits { name } else { OTHER })
    }
}

/// Makes an observable of the thing; false if it is there already. A value that its type does not take is kept as one of
/// which nothing is known.
pub(super) fn add(
    unit: &Writing<Member>,
    parent: &Parent,
    thing: &Thing,
    data_type: &str,
    options: &MispOptions,
) -> Result<bool> {
    let is_new =
        |outcome: &crate::investigation::observable::model::Outcome| !outcome.created.is_empty();
    let files = || thing.file.iter().cloned().collect::<Vec<_>>();
    let wanted = observable(thing, data_type, options)?;
    let outcome = observables::create(unit, parent, &wanted, files())?;
    let is_misfit = outcome
        .refused
        .iter()
        .any(|refused| refused.kind == "InvalidFormatAttributeError");
    if is_misfit && data_type != OTHER {
        let wanted = observable(thing, OTHER, options)?;
        return Ok(is_new(&observables::create(
            unit,
            parent,
            &wanted,
            files(),
        )?));
    }
    Ok(is_new(&outcome))
}

fn observable(
    thing: &Thing,
    data_type: &str,
    options: &MispOptions,
) -> Result<InputCreateObservable> {
    let draft = &thing.draft;
    let data = match &draft.what {
        What::Value(value) => Some(InputObservableData::One(shortened(
            value,
            VALUE_CHARACTERS_MAX,
        ))),
        What::File { .. } => None,
    };
    Ok(InputCreateObservable {
        data_type: Some(text(data_type)?),
        data,
        message: message(draft)?,
        start_date: None,
        attachment: None,
        tlp: Some(Tlp(draft.tlp)),
        pap: None,
        tags: Some(texts(&draft.tags)),
        ioc: Some(draft.is_ioc),
        sighted: Some(options.observables_are_sighted),
        sighted_at: None,
        ignore_similarity: None,
        external: None,
        is_zip: None,
        zip_password: None,
    })
}

fn message(draft: &Draft) -> Result<Option<Markdown>> {
    if draft.message.is_empty() {
        return Ok(None);
    }
    text(&shortened(&draft.message, MESSAGE_CHARACTERS_MAX)).map(Some)
}

/// Gives an observable that is there what its attribute says now. What the house added to it stays.
fn bring_up_to_date(
    unit: &Writing<Member>,
    alert: &Parent,
    thing: &Thing,
    data_type: &str,
) -> Result<()> {
    let What::Value(value) = &thing.draft.what else {
        return Ok(());
    };
    let Some(there) = observables::find_in(unit, alert, data_type, value)? else {
        return Ok(());
    };
    let draft = &thing.draft;
    let input = InputUpdateObservable {
        ioc: Some(draft.is_ioc || there.is_ioc),
        add_tags: Some(texts(&draft.tags)),
        message: message(draft)?.map_or(Patch::Keep, Patch::Set),
        ..InputUpdateObservable::default()
    };
    observables::update(&unit.demand::<ManageObservable>()?, &there, input)
}

/// Takes what was deleted from the event off the alert. A case keeps what it has.
pub(super) fn take_off(unit: &Writing<Member>, alert_id: i64, deleted: &[Draft]) -> Result<()> {
    if deleted.is_empty() {
        return Ok(());
    }
    let alert = Parent::Alert(Visible::<Alert>::by_id(unit, alert_id)?);
    let unit = unit.demand::<ManageObservable>()?;
    for there in observables::all_in(&unit, &alert)? {
        let is_deleted = deleted.iter().any(|draft| match &draft.what {
            What::Value(value) => {
                let is_same = there
                    .value
                    .as_ref()
                    .is_some_and(|own| own == value || *own == value.to_lowercase());
                is_same && [draft.data_type.as_str(), OTHER].contains(&there.data_type.as_str())
            }
            What::File { name, .. } => there
                .attachment
                .as_ref()
                .is_some_and(|file| file.name == *name),
        });
        if is_deleted {
            observables::delete(&unit, &there)?;
        }
    }
    Ok(())
}

/// Ends with an event: the alert has all of it, and is new again if somebody had dealt with an older one.
pub(super) fn finish(
    unit: &Writing<Member>,
    alert_id: i64,
    coming: &Coming,
    is_new: bool,
) -> Result<()> {
    store::set_done(unit.tx(), alert_id, coming.changed_s)?;
    store::count(unit.tx(), coming.server_id, is_new)?;
    let alert = Visible::<Alert>::by_id(unit, alert_id)?;
    let is_dealt_with = [AlertStage::InProgress, AlertStage::Closed].contains(&alert.stage);
    if is_new || !alert.follow || !is_dealt_with {
        return Ok(());
    }
    let input = InputUpdateAlert {
        status: Some(text(status::NEW)?),
        ..InputUpdateAlert::default()
    };
    alerts::update(&unit.demand::<ManageAlertUpdate>()?, &alert, input)
}
