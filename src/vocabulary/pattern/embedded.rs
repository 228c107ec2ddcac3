//! The catalogs of MITRE's ATT&CK that the program brings along, in a short form of our own: names, tactics, platforms.
//! What else there is to a technique is behind its link.

use serde::Deserialize;

use crate::access::{Error, Result};
use crate::vocabulary::catalog::model::Tactic;

use super::model::{ATTACK_PATTERN, Bundle, Content};

/// A catalog in the program.
pub struct Embedded {
    /// ATT&CK's name of the domain.
    pub domain: &'static str,
    /// The name that clients know the catalog by.
    pub name: &'static str,
    /// The edition that is in the program.
    pub version: &'static str,
    packed: &'static [u8],
}

/// ATT&CK's edition of all three.
const VERSION: &str = "18.1";

/// All of them. Where two have a technique of the same id, the first counts.
pub const ALL: [Embedded; 3] = [
    Embedded {
        domain: "enterprise-attack",
        name: "Enterprise Attack",
        version: VERSION,
        packed: include_bytes!(concat!(env!("OUT_DIR"), "/enterprise-attack.json.zst")),
    },
    Embedded {
        domain: "mobile-attack",
        name: "Mobile Attack",
        version: VERSION,
        packed: include_bytes!(concat!(env!("OUT_DIR"), "/mobile-attack.json.zst")),
    },
    Embedded {
        domain: "ics-attack",
        name: "ICS Attack",
        version: VERSION,
        packed: include_bytes!(concat!(env!("OUT_DIR"), "/ics-attack.json.zst")),
    },
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    domain: String,
    attack_version: String,
    notice: String,
    tactics: Vec<FileTactic>,
    techniques: Vec<FileTechnique>,
}

#[derive(Deserialize)]
struct FileTactic {
    shortname: String,
    name: String,
}

#[derive(Deserialize)]
struct FileTechnique {
    id: String,
    name: String,
    url: String,
    tactics: Vec<String>,
    #[serde(default)]
    platforms: Vec<String>,
    #[serde(default)]
    deprecated: bool,
    #[serde(default)]
    revoked: bool,
}

impl Embedded {
    /// Unpacks and reads it.
    ///
    /// # Errors
    /// When the program was built of broken files.
    pub fn read(&self) -> Result<Bundle> {
        let broken = |error: &dyn std::fmt::Display| {
            Error::Internal(format!("the catalog {} in the program: {error}", self.name))
        };
        let json = zstd::decode_all(self.packed).map_err(|error| broken(&error))?;
        let file: File = serde_json::from_slice(&json).map_err(|error| broken(&error))?;
        if (file.domain.as_str(), file.attack_version.as_str()) != (self.domain, self.version) {
            return Err(broken(&"it is of another domain or edition"));
        }
        Ok(Bundle {
            tactics: file.tactics.into_iter().map(Tactic::from).collect(),
            patterns: file.techniques.into_iter().map(Content::from).collect(),
            description: Some(file.notice),
            version: Some(file.attack_version),
            is_short: true,
            failures: Vec::new(),
        })
    }
}

impl From<FileTactic> for Tactic {
    fn from(tactic: FileTactic) -> Self {
        Self {
            name: tactic.shortname,
            label: tactic.name,
        }
    }
}

impl From<FileTechnique> for Content {
    fn from(technique: FileTechnique) -> Self {
        // "None" is ATT&CK's word for a platform that does not matter.
        let mut platforms = technique.platforms;
        platforms.retain(|platform| platform != "None");
        Self {
            external_id: technique.id,
            name: technique.name,
            url: technique.url,
            tactics: technique.tactics,
            platforms,
            is_revoked: technique.revoked || technique.deprecated,
            pattern_type: ATTACK_PATTERN.to_owned(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn each_catalog_is_whole() {
        for (embedded, count) in ALL.iter().zip([835, 190, 95]) {
            let bundle = embedded.read().unwrap();
            assert_eq!(bundle.patterns.len(), count, "{}", embedded.name);
            let known: Vec<&str> = bundle.tactics.iter().map(|t| t.name.as_str()).collect();
            for pattern in &bundle.patterns {
                let is_known = |tactic: &String| known.contains(&tactic.as_str());
                assert!(
                    pattern.is_revoked || pattern.tactics.iter().all(is_known),
                    "{pattern:?}"
                );
                assert!(!pattern.name.is_empty() && pattern.url.starts_with("https://"));
            }
        }
        let enterprise = ALL[0].read().unwrap();
        let python = enterprise.patterns.iter();
        let python = python
            .filter(|pattern| pattern.external_id == "T1059.006")
            .collect::<Vec<_>>();
        assert_eq!(python.len(), 1);
        assert_eq!(python[0].parent_external_id(), Some("T1059"));
        assert_eq!(python[0].tactics, ["execution"]);
    }
}
