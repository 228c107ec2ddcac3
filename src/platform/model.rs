//! What the platform tells of itself.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::COMPATIBLE_VERSION;

/// What the platform tells everybody.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OutputPublicStatus {
    sso: bool,
    sso_providers: Vec<String>,
    version: &'static str,
    /// By catalogue, when it was imported; the contract wants an empty text where none was.
    imports: BTreeMap<&'static str, &'static str>,
}

/// What the product's paid capabilities are called. Here all are there, for ever.
const CAPABILITIES: [&str; 12] = [
    "case.importArchive",
    "case.exportArchive",
    "case.access",
    "case.timeline",
    "case.customStatus",
    "case.reporting",
    "alert.customStatus",
    "users.customProfiles",
    "functions",
    "branding",
    "admin.setConfiguration",
    "alertFeeder",
];

/// The end of the licence that nobody needs: the year 9999, which every client's date type holds.
const NEVER_MS: i64 = 253_370_764_800_000;

/// The status of older clients, open to everybody.
pub(super) fn legacy_status() -> Value {
    json!({
        "versions": { "Scalligraph": COMPATIBLE_VERSION, "TheHive": COMPATIBLE_VERSION, "Skep": own_version() },
        "connectors": { "cortex": { "enabled": false, "servers": [], "status": "OK" },
            "misp": { "enabled": false, "servers": [], "status": "OK" } },
        "config": config(),
        "schemaStatus": [],
    })
}

/// The status of today's clients.
pub(super) fn status(cortex: &Value, misp: &Value) -> Value {
    json!({
        "version": COMPATIBLE_VERSION,
        "gitDescription": format!("skep-{}", own_version()),
        "connectors": { "cortex": cortex, "misp": misp },
        "config": config(),
        "license": {
            "id": "skep", "customer": "everybody", "instance": "skep", "plan": "Platinum", "kind": "free",
            "validFrom": 0, "expiresAt": NEVER_MS, "capabilities": CAPABILITIES, "isValid": true, "quotas": {},
        },
        "features": [],
    })
}

/// What is told to everybody.
pub(super) fn public_status() -> OutputPublicStatus {
    OutputPublicStatus {
        sso: false,
        sso_providers: Vec::new(),
        version: COMPATIBLE_VERSION,
        imports: BTreeMap::from([("mitreCatalog", "")]),
    }
}

/// The answer to those who ask for a licence: there is none, and none is needed.
pub(super) fn license() -> Value {
    json!({
        "notFound": true,
        "fallback": {
            "_id": "~0", "_type": "License", "_createdAt": 0, "_createdBy": "system@thehive.local",
            "id": "skep", "customer": "everybody", "plan": "Platinum", "kind": "free", "validFrom": 0,
            "expiresAt": NEVER_MS, "current": true, "capabilities": CAPABILITIES, "quotas": {},
        },
    })
}

fn config() -> Value {
    json!({
        "protectDownloadsWith": "malware",
        "authType": ["local", "key", "basic", "session"],
        "capabilities": ["changePassword", "setPassword", "authByKey", "mfa"],
        "ssoAutoLogin": false,
        "pollingDuration": 1_000,
        "freeTagDefaultColour": "#000000",
    })
}

fn own_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
