//! What a new installation begins with: the organisation `admin`, the predefined profiles and statuses, and the first
//! administrator.

use std::sync::Arc;

use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::{Result, Scope};
use crate::login::password::Passwords;
use crate::tenancy::user::actions::DEFAULT_PASSWORD;
use crate::tenancy::{organisation, profile, user};
use crate::vocabulary::case_status;

/// Seeds the database if nothing is in it yet, in one unit of work. Blocks.
///
/// # Errors
/// Only those of the storage.
pub fn seed_if_empty(gate: &Gate, passwords: &Passwords, now_ms: i64) -> Result<()> {
    let by = gate.open::<Member>(Arc::new(Scope::system("first start", now_ms)))?;
    // The caller may itself be driven by a runtime, which must not be blocked: hence a thread of its own.
    std::thread::scope(|scope| {
        scope
            .spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_time()
                    .build()
                    .map_err(|error| crate::access::Error::Internal(error.to_string()))?;
                runtime.block_on(async {
                    if by.read(organisation::actions::is_any_there).await? {
                        return Ok(());
                    }
                    let hash = passwords.hash_blocking(DEFAULT_PASSWORD)?;
                    by.write(move |unit| {
                        organisation::actions::seed(unit)?;
                        profile::actions::seed(unit)?;
                        case_status::actions::seed(unit)?;
                        user::actions::seed(unit, &hash)
                    })
                    .await
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
