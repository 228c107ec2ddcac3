//! The servers of others: whether each could be reached at the last look.

use crate::integration::server::actions::all_kinds;
use crate::integration::server::model::{HealthState, IntegrationServer};
use crate::machine::Finding;
use crate::storage::{Queries, Result};

const ID: &str = "integrations";
const TITLE: &str = "Servers of others";

/// Nothing where there are none.
pub(super) fn finding(queries: &dyn Queries) -> Result<Option<Finding>> {
    let mut servers = all_kinds(queries).map_err(|error| match error {
        crate::access::Error::Storage(error) => error,
        other => crate::storage::Error::Unusable(other.to_string()),
    })?;
    servers.retain(|server| server.is_enabled);
    if servers.is_empty() {
        return Ok(None);
    }
    let problems: Vec<String> = servers.iter().filter_map(problem).collect();
    Ok(Some(if problems.is_empty() {
        let names: Vec<&str> = servers.iter().map(|server| server.name.as_str()).collect();
        Finding::ok(ID, TITLE, format!("{}: well.", names.join(", ")))
    } else {
        Finding::warning(
            ID,
            TITLE,
            format!("{}.", problems.join("; ")),
            "Sign in as the administrator of the platform; under Integrations each has its settings, and a button that \
             tests them.",
        )
    }))
}

fn problem(server: &IntegrationServer) -> Option<String> {
    let health = server.health.as_ref()?;
    let why = health.problem.clone().unwrap_or_default();
    (health.state != HealthState::Well).then(|| {
        let kind = match server.kind.word() {
            "misp" => "MISP",
            _ => "Cortex",
        };
        format!("{kind} {}: {}", server.name, why.trim_end_matches('.'))
    })
}
