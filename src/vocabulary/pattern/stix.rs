//! Reads a STIX 2 bundle as MITRE publishes it: attack patterns, tactics and their order. Objects of other types are
//! passed over.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::access::{Error, FieldProblem, Result};
use crate::vocabulary::catalog::model::Tactic;

use super::model::{ATTACK_PATTERN, Bundle, Content};

/// Patterns in one bundle.
const PATTERNS_MAX: usize = 20_000;
/// What is kept of a text of a pattern.
const TEXT_CHARS_MAX: usize = 1_048_576;
const NAME_CHARS_MAX: usize = 512;
/// The types of objects that are read.
const READ: [&str; 4] = [
    ATTACK_PATTERN,
    "x-mitre-tactic",
    "x-mitre-matrix",
    "x-mitre-collection",
];

/// The objects are looked at one by one: a bundle is large, and most of it is passed over.
#[derive(Deserialize)]
struct File<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    objects: Vec<&'a RawValue>,
}

/// What tells whether an object is of interest.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    id: String,
}

/// An object of a bundle; what each type of object has of it.
#[derive(Deserialize)]
struct Object {
    name: Option<String>,
    description: Option<String>,
    #[serde(default)]
    external_references: Vec<Reference>,
    #[serde(default)]
    kill_chain_phases: Vec<Phase>,
    #[serde(default)]
    revoked: bool,
    #[serde(default)]
    x_mitre_deprecated: bool,
    x_mitre_shortname: Option<String>,
    #[serde(default)]
    x_mitre_data_sources: Vec<String>,
    #[serde(default)]
    x_mitre_defense_bypassed: Vec<String>,
    #[serde(default)]
    x_mitre_permissions_required: Vec<String>,
    #[serde(default)]
    x_mitre_platforms: Vec<String>,
    #[serde(default)]
    x_mitre_system_requirements: Vec<String>,
    x_mitre_detection: Option<String>,
    #[serde(default)]
    x_mitre_remote_support: bool,
    x_mitre_version: Option<String>,
    /// Of a matrix: the ids of its tactics.
    #[serde(default)]
    tactic_refs: Vec<String>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    source_name: String,
    external_id: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Phase {
    #[serde(default)]
    phase_name: String,
}

/// Reads a bundle. An attack pattern that can't be read is a failure of its own, and no reason to refuse the others.
///
/// # Errors
/// When it is no bundle, or has no attack pattern at all.
pub fn read(bytes: &[u8]) -> Result<Bundle> {
    let refuse = |why: String| Error::invalid(FieldProblem::format("file", why));
    let file: File = serde_json::from_slice(bytes)
        .map_err(|error| refuse(format!("is no STIX bundle: {error}")))?;
    if file.kind != "bundle" {
        return Err(refuse(format!("is a {:.64}, not a STIX bundle", file.kind)));
    }
    let mut bundle = Bundle::default();
    let mut tactics: HashMap<String, Tactic> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    for json in file.objects {
        let Ok(Head { kind, id }) = serde_json::from_str(json.get()) else {
            continue;
        };
        if !READ.contains(&kind.as_str()) {
            continue;
        }
        let object = match serde_json::from_str::<Object>(json.get()) {
            Ok(object) => object,
            Err(error) => {
                bundle.failures.push(format!("{id:.128}: {error}"));
                continue;
            }
        };
        match kind.as_str() {
            "x-mitre-tactic" => {
                if let Some(tactic) = tactic(&object) {
                    tactics.insert(id, tactic);
                }
            }
            "x-mitre-matrix" if order.is_empty() => order = object.tactic_refs,
            "x-mitre-collection" => bundle.version = object.x_mitre_version,
            ATTACK_PATTERN => match pattern(object) {
                Ok(pattern) => bundle.patterns.push(pattern),
                Err(why) => bundle.failures.push(format!("{id:.128}: {why}")),
            },
            _ => {}
        }
    }
    if bundle.patterns.is_empty() && bundle.failures.is_empty() {
        return Err(refuse("has no attack pattern".to_owned()));
    }
    if bundle.patterns.len() > PATTERNS_MAX {
        return Err(refuse(format!(
            "has more than {PATTERNS_MAX} attack patterns"
        )));
    }
    bundle.tactics = order.iter().filter_map(|id| tactics.remove(id)).collect();
    // Those that the matrix does not name, or all where there is no matrix.
    let mut rest: Vec<Tactic> = tactics.into_values().collect();
    rest.sort_by(|a, b| a.name.cmp(&b.name));
    bundle.tactics.extend(rest);
    Ok(without_repeats(bundle))
}

fn tactic(object: &Object) -> Option<Tactic> {
    let name = object.x_mitre_shortname.clone()?;
    let label = object
        .name
        .clone()
        .unwrap_or_else(|| Tactic::of_name(&name).label);
    (name.chars().count() <= 32).then_some(Tactic { name, label })
}

fn pattern(object: Object) -> std::result::Result<Content, String> {
    let find = |source: &str| {
        object
            .external_references
            .iter()
            .find(|reference| reference.source_name == source)
    };
    // Mobile and industrial techniques had a source of their own in older editions.
    let own = find("mitre-attack")
        .or_else(|| find("mitre-mobile-attack"))
        .or_else(|| find("mitre-ics-attack"));
    let external_id = own.and_then(|reference| reference.external_id.clone());
    let external_id = external_id.ok_or("has no id of the source mitre-attack")?;
    let url = own
        .and_then(|reference| reference.url.clone())
        .unwrap_or_default();
    let capec = find("capec");
    let (capec_id, capec_url) = (
        capec.and_then(|reference| reference.external_id.clone()),
        capec.and_then(|reference| reference.url.clone()),
    );
    let name = object
        .name
        .filter(|name| !name.trim().is_empty())
        .ok_or("has no name")?;
    if external_id.chars().count() > 128 || name.chars().count() > NAME_CHARS_MAX {
        return Err("its id or name is too long".to_owned());
    }
    let is_long = |text: &Option<String>| {
        text.as_ref()
            .is_some_and(|text| text.chars().count() > TEXT_CHARS_MAX)
    };
    if is_long(&object.description) || is_long(&object.x_mitre_detection) {
        return Err("its description is too long".to_owned());
    }
    let mut tactics: Vec<String> = Vec::new();
    for phase in object.kill_chain_phases {
        if !phase.phase_name.is_empty() && !tactics.contains(&phase.phase_name) {
            tactics.push(phase.phase_name);
        }
    }
    Ok(Content {
        external_id,
        name,
        description: object.description,
        tactics,
        // A link that is none would be shown as one.
        url: if url.starts_with("https://") || url.starts_with("http://") {
            url
        } else {
            String::new()
        },
        pattern_type: ATTACK_PATTERN.to_owned(),
        capec_id,
        capec_url,
        is_revoked: object.revoked || object.x_mitre_deprecated,
        data_sources: object.x_mitre_data_sources,
        defense_bypassed: object.x_mitre_defense_bypassed,
        permissions_required: object.x_mitre_permissions_required,
        platforms: object.x_mitre_platforms,
        system_requirements: object.x_mitre_system_requirements,
        detection: object.x_mitre_detection,
        has_remote_support: object.x_mitre_remote_support,
        version: object.x_mitre_version,
    })
}

/// Where a bundle has an id twice, the one that is still in use counts.
fn without_repeats(mut bundle: Bundle) -> Bundle {
    bundle.patterns.sort_by(|a, b| {
        (a.external_id.as_str(), a.is_revoked).cmp(&(b.external_id.as_str(), b.is_revoked))
    });
    bundle
        .patterns
        .dedup_by(|later, first| later.external_id == first.external_id);
    bundle
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn a_bundle_is_read_as_mitre_writes_it() {
        let bundle = json!({ "type": "bundle", "id": "bundle--1", "objects": [
            { "type": "x-mitre-collection", "id": "c", "x_mitre_version": "19.0" },
            { "type": "identity", "id": "identity--1" },
            { "type": "x-mitre-matrix", "id": "m", "tactic_refs": ["t2", "t1"] },
            { "type": "x-mitre-tactic", "id": "t1", "name": "Execution", "x_mitre_shortname": "execution" },
            { "type": "x-mitre-tactic", "id": "t2", "name": "Initial Access", "x_mitre_shortname": "initial-access" },
            { "type": "attack-pattern", "id": "a1", "name": "Phishing", "description": "Mail",
              "kill_chain_phases": [{ "kill_chain_name": "mitre-attack", "phase_name": "initial-access" }],
              "external_references": [
                { "source_name": "mitre-attack", "external_id": "T1566", "url": "https://attack.mitre.org/techniques/T1566" },
                { "source_name": "capec", "external_id": "CAPEC-98", "url": "https://capec.mitre.org/data/definitions/98.html" },
              ],
              "x_mitre_platforms": ["Linux"], "x_mitre_remote_support": true, "x_mitre_version": "2.4" },
            { "type": "attack-pattern", "id": "a2", "name": "Nameless" },
            { "type": "attack-pattern", "id": "a3", "name": 7 },
        ]});
        let bundle = read(bundle.to_string().as_bytes()).unwrap();
        let labels: Vec<_> = bundle
            .tactics
            .iter()
            .map(|tactic| tactic.label.as_str())
            .collect();
        assert_eq!(labels, ["Initial Access", "Execution"]);
        assert_eq!(bundle.version.as_deref(), Some("19.0"));
        let [phishing] = bundle.patterns.as_slice() else {
            panic!("{bundle:?}")
        };
        assert_eq!(phishing.external_id, "T1566");
        assert_eq!(phishing.capec_id.as_deref(), Some("CAPEC-98"));
        assert!(phishing.has_remote_support && !phishing.is_revoked);
        assert_eq!(bundle.failures.len(), 2, "{:?}", bundle.failures);
    }

    #[test]
    fn what_is_no_bundle_is_refused() {
        for wrong in [
            "",
            "[]",
            "{}",
            r#"{"type":"report","objects":[]}"#,
            r#"{"type":"bundle","objects":[]}"#,
        ] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
