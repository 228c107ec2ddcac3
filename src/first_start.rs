//! What a new installation begins with: the organisation `admin`, the predefined profiles and statuses, and the first
//! administrator. And what one that began before there was such a thing gets later: predefined words, dashboards, newer
//! catalogs of attack patterns.

use std::sync::Arc;

use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::{Authorized, Result, Scope};
use crate::login::password::Passwords;
use crate::reporting::dashboard;
use crate::tenancy::user::actions::DEFAULT_PASSWORD;
use crate::tenancy::{organisation, profile, user};
use crate::vocabulary::{alert_status, case_status, observable_type, pattern, taxonomy};

/// What the audit trail calls the act that makes a new installation.
const FIRST: &str = "first start";

/// Seeds the database with what is not in it yet. Blocks.
///
/// # Errors
/// Only those of the storage.
pub fn seed_what_is_missing(gate: &Gate, passwords: &Passwords, now_ms: i64) -> Result<()> {
    let start = Start { gate, now_ms };
    // The caller may itself be driven by a runtime, which must not be blocked: hence a thread of its own.
    std::thread::scope(|scope| {
        scope
            .spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_time()
                    .build()
                    .map_err(|error| crate::access::Error::Internal(error.to_string()))?;
                runtime.block_on(async {
                    let by = start.opened(FIRST)?;
                    if by.read(organisation::actions::is_any_there).await? {
                        // A newer program may bring something along that an older one did not have.
                        return seed_later_words(start).await;
                    }
                    let hash = passwords.hash_blocking(DEFAULT_PASSWORD)?;
                    by.write(move |unit| {
                        organisation::actions::seed(unit)?;
                        profile::actions::seed(unit)?;
                        case_status::actions::seed(unit)?;
                        taxonomy::actions::bring_in(unit)?;
                        observable_type::actions::seed(unit)?;
                        alert_status::actions::seed(unit)?;
                        user::actions::seed(unit, &hash)
                    })
                    .await?;
                    load_catalogs(start).await
                })
            })
            .join()
            .unwrap_or_else(|_| {
                Err(crate::access::Error::Internal(
                    "the first start panicked".to_owned(),
                ))
            })
    })
}

/// The seeding of one start. It names its acts in the audit trail as if each were a request, so that what one did is
/// found together and what two did is told apart.
#[derive(Clone, Copy)]
struct Start<'a> {
    gate: &'a Gate,
    now_ms: i64,
}

impl Start<'_> {
    fn opened(self, act: &str) -> Result<Authorized<Member>> {
        self.gate
            .open::<Member>(Arc::new(Scope::system(act, self.now_ms)))
    }

    /// An act that later starts do too.
    fn opened_again(self, act: &str) -> Result<Authorized<Member>> {
        self.opened(&format!("start at {}: {act}", self.now_ms))
    }
}

/// The predefined words of domains that came after the first release, for databases that were made before, and the catalogs
/// of the program, where they are newer than those that are there. Otherwise it costs a few looks at some rows.
async fn seed_later_words(start: Start<'_>) -> Result<()> {
    let by = start.opened_again("alert statuses")?;
    if by
        .read(|reading| alert_status::actions::are_missing(reading))
        .await?
    {
        by.write(alert_status::actions::seed).await?;
    }
    let by = start.opened_again("observable types")?;
    if by
        .read(|reading| observable_type::actions::are_missing(reading))
        .await?
    {
        by.write(observable_type::actions::seed).await?;
    }
    let by = start.opened_again("taxonomies")?;
    if by.read(taxonomy::actions::is_any_new).await? {
        by.write(taxonomy::actions::bring_in).await?;
    }
    give_dashboards(start).await?;
    load_catalogs(start).await
}

/// Organisations that are older than dashboards are given those that a new one begins with.
async fn give_dashboards(start: Start<'_>) -> Result<()> {
    let by = start.opened_again("dashboards")?;
    if by.read(dashboard::actions::is_any_without).await? {
        by.write(dashboard::actions::give_shipped_to_all).await?;
    }
    Ok(())
}

/// Puts the catalogs of the program into the database.
async fn load_catalogs(start: Start<'_>) -> Result<()> {
    let by = start.opened_again("catalogs")?;
    if !by
        .read(|reading| pattern::actions::is_embedded_newer(reading))
        .await?
    {
        return Ok(());
    }
    tracing::info!("loading the catalogs of attack patterns into the database");
    by.write(|unit| pattern::actions::load_embedded(&unit.demand()?))
        .await
}
