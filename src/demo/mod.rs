//! Demonstration data: an organisation with people, alerts and cases, to look at and to measure with. The same scale gives
//! the same data each time, and it's made by the actions that the API uses, so it is as good as what people make.

mod draw;
mod words;

use std::sync::Arc;

use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::access::guard::Gate;
use crate::access::permission::PermissionScope;
use crate::access::permission::needs::{
    ManageAlertCreate, ManageCaseCreate, ManageOrganisation, ManageUser,
};
use crate::access::{Error, Organisation, Permission, Result, Scope, Visible, Writing};
use crate::investigation::alert;
use crate::investigation::alert::model::Enclosure;
use crate::investigation::case;
use crate::investigation::observable;
use crate::investigation::parent::Parent;
use crate::tenancy::organisation;
use crate::tenancy::organisation::model::Organisation as Tenant;
use crate::tenancy::user;

/// The organisation that it makes.
pub const ORGANISATION: &str = "demo";
/// Who may look at it.
pub const LOGIN: &str = "lead@demo.test";

/// At scale 1.
const ALERTS: f64 = 1_000_000.0;
const CASES: f64 = 100_000.0;

/// Things made in one unit of work.
const UNIT: u64 = 25;
/// Units of work that wait for one commit.
const BATCH: u64 = 32;

/// How much is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    pub alerts: u64,
    pub cases: u64,
}

impl Amount {
    /// `scale` 1 is a million alerts and a hundred thousand cases.
    pub fn of_scale(scale: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "bounded by the command line"
        )]
        let of = |whole: f64| (whole * scale).round() as u64;
        Self {
            alerts: of(ALERTS),
            cases: of(CASES),
        }
    }

    /// All things together.
    pub fn total(self) -> u64 {
        self.alerts + self.cases
    }
}

/// Makes the organisation, its people and its data. `now_ms` is the end of the year over which it is spread; the user
/// [`LOGIN`] gets the password of `password_hash`; `made` is told how many more things there are.
///
/// # Errors
/// [`Error::Refused`] when there is such an organisation, whole or not, else only those of the storage.
pub async fn make(
    gate: &Gate,
    amount: Amount,
    now_ms: i64,
    password_hash: String,
    made: &dyn Fn(u64),
) -> Result<()> {
    let demo = tenant(gate, now_ms).await?;
    let people = people(gate, &demo, now_ms, password_hash).await?;
    let by = Maker {
        gate,
        now_ms,
        demo,
        people,
    };
    by.all(amount.alerts, made, Maker::alerts).await?;
    by.all(amount.cases, made, Maker::cases).await?;
    finish(gate, now_ms).await
}

/// The organisation says so while its data is not complete.
const UNFINISHED: &str = "Not complete: skep demo is at work, or was cut off.";

async fn finish(gate: &Gate, now_ms: i64) -> Result<()> {
    let scope = Arc::new(Scope::system("demo", now_ms));
    let input = input(json!({ "description": "Made by skep demo." }))?;
    gate.open::<ManageOrganisation>(scope)?
        .write(move |unit| {
            organisation::actions::update(unit, &Visible::get(unit, ORGANISATION)?, input)
        })
        .await
}

async fn tenant(gate: &Gate, now_ms: i64) -> Result<Organisation> {
    let scope = Arc::new(Scope::system("demo", now_ms));
    let input = input(json!({ "name": ORGANISATION, "description": UNFINISHED }))?;
    let tenant = gate
        .open::<ManageOrganisation>(scope)?
        .write(move |unit| {
            if let Some(there) = Visible::<Tenant>::find(unit, ORGANISATION)? {
                let what = if there.description == UNFINISHED {
                    "but its data is not complete: skep demo was cut off, and cannot go on where it was. Make the \
                     demonstration data again in an empty data folder (or PostgreSQL database)"
                } else {
                    "nothing was changed"
                };
                return Err(Error::Refused(format!(
                    "There is an organization {ORGANISATION} already; {what}"
                )));
            }
            organisation::actions::create(unit, input)
        })
        .await?;
    Ok(Organisation {
        id: tenant.id,
        name: tenant.name.clone(),
    })
}

/// Its users; the lead comes first.
async fn people(
    gate: &Gate,
    demo: &Organisation,
    now_ms: i64,
    password_hash: String,
) -> Result<Vec<Person>> {
    let scope = Arc::new(Scope::system("demo", now_ms));
    let by = gate.open::<ManageUser>(scope)?;
    let mut people = Vec::new();
    for (login, name, profile) in [
        (LOGIN, "Lena Lead", "org-admin"),
        ("ana@demo.test", "Ana Analyst", "analyst"),
        ("ben@demo.test", "Ben Berger", "analyst"),
        ("chi@demo.test", "Chi Nguyen", "analyst"),
    ] {
        let input = input(
            json!({ "login": login, "name": name, "profile": profile, "organisation": demo.name }),
        )?;
        let hash = (login == LOGIN).then(|| password_hash.clone());
        let user = by
            .write(move |unit| user::actions::create(unit, input, hash.as_deref()))
            .await?;
        people.push(Person {
            id: user.id,
            login: login.to_owned(),
        });
    }
    Ok(people)
}

struct Person {
    id: i64,
    login: String,
}

/// Things from `from` on, until before `to`, of `count`.
#[derive(Clone, Copy)]
struct Part {
    from: u64,
    to: u64,
    count: u64,
}

struct Maker<'a> {
    gate: &'a Gate,
    now_ms: i64,
    demo: Organisation,
    people: Vec<Person>,
}

impl Maker<'_> {
    /// Makes `count` things in units of work, as many at once as share a commit.
    async fn all<M, W>(&self, count: u64, made: &dyn Fn(u64), make: M) -> Result<()>
    where
        M: Fn(&Self, Part) -> W,
        W: Future<Output = Result<()>>,
    {
        let mut from = 0;
        while from < count {
            let end = count.min(from + UNIT * BATCH);
            let parts = (from..end).step_by(usize::try_from(UNIT).unwrap_or(1));
            let units = parts.map(|from| {
                let to = end.min(from + UNIT);
                make(self, Part { from, to, count })
            });
            try_join_all(units).await?;
            made(end - from);
            from = end;
        }
        Ok(())
    }

    /// The scope of the lead at the moment of a part.
    fn scope(&self, part: Part) -> Arc<Scope> {
        let all = Permission::ALL.iter().copied();
        Arc::new(Scope {
            user_id: self.people[0].id,
            login: self.people[0].login.clone(),
            organisation: self.demo.clone(),
            profile: "org-admin".to_owned(),
            permissions: all
                .filter(|permission| permission.scope() != PermissionScope::Admin)
                .collect(),
            request_id: "demo".to_owned(),
            now_ms: words::moment_ms(part.from, part.count, self.now_ms),
        })
    }

    fn logins(&self) -> Vec<String> {
        self.people
            .iter()
            .map(|person| person.login.clone())
            .collect()
    }

    fn alerts(&self, part: Part) -> impl Future<Output = Result<()>> + use<> {
        let by = self.gate.open::<ManageAlertCreate>(self.scope(part));
        let (people, now_ms) = (self.logins(), self.now_ms);
        async move {
            let work = move |unit: &Writing<ManageAlertCreate>| {
                for index in part.from..part.to {
                    let date_ms = words::moment_ms(index, part.count, now_ms);
                    let alert = input(words::alert(index, date_ms, &people))?;
                    alert::actions::create(unit, alert, Enclosure::default())?;
                }
                Ok(())
            };
            by?.write(work).await
        }
    }

    fn cases(&self, part: Part) -> impl Future<Output = Result<()>> + use<> {
        let by = self.gate.open::<ManageCaseCreate>(self.scope(part));
        let (people, now_ms) = (self.logins(), self.now_ms);
        async move {
            let work = move |unit: &Writing<ManageCaseCreate>| {
                for index in part.from..part.to {
                    let start_ms = words::moment_ms(index, part.count, now_ms);
                    let case = input(words::case(index, start_ms, &people))?;
                    let parent = Parent::Case(case::actions::create(unit, case)?);
                    for observable in words::observables_of_case(index) {
                        observable::actions::create(
                            unit,
                            &parent,
                            &input(observable)?,
                            Vec::new(),
                        )?;
                    }
                }
                Ok(())
            };
            by?.write(work).await
        }
    }
}

/// An input as the API takes it.
fn input<T: DeserializeOwned>(json: Json) -> Result<T> {
    serde_json::from_value(json).map_err(|error| Error::Internal(format!("demo data: {error}")))
}
