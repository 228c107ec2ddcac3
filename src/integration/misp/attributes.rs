//! Attributes of MISP as observables, and observables as attributes (section 30 of the contract).

use serde_json::{Value as Json, json};

use super::event::Attribute;

/// Tags of one event or attribute that are kept: a server can give any number.
pub(super) const TAGS_MAX: usize = 50;
/// The longest tag that is kept, in characters.
const TAG_CHARACTERS_MAX: usize = 128;

/// What an observable is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub data_type: String,
    pub what: What,
    pub message: String,
    pub tags: Vec<String>,
    pub tlp: i64,
    pub is_ioc: bool,
}

/// A value, or a file of which MISP has the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Value(String),
    File {
        attribute_id: String,
        name: String,
        /// Packed in an archive, since it is harmful.
        is_sample: bool,
        /// The content in base64, if it came along.
        content: String,
    },
}

impl Draft {
    /// The value, or the name of the file.
    pub(super) fn label(&self) -> &str {
        match &self.what {
            What::Value(value) => value,
            What::File { name, .. } => name,
        }
    }
}

/// The observables of an attribute: one for each part of its type (`filename|md5`).
pub(super) fn drafts(attribute: &Attribute) -> Vec<Draft> {
    let own_tags = attribute.tags();
    let tlp = tlp_of(&own_tags).unwrap_or(0);
    let mut tags = own_tags;
    tags.truncate(TAGS_MAX);
    tags.push(format!("misp.category=\"{}\"", attribute.category));
    tags.push(format!("misp.type=\"{}\"", attribute.kind));
    tags.retain(|tag| is_tag(tag));
    let draft = |data_type: &str, what: What| Draft {
        data_type: data_type.to_owned(),
        what,
        message: attribute.comment.clone(),
        tags: tags.clone(),
        tlp,
        is_ioc: attribute.to_ids,
    };
    if is_file(&attribute.kind) {
        let name = attribute.value.split('|').next().unwrap_or_default();
        let file = What::File {
            attribute_id: attribute.id.clone(),
            name: name.to_owned(),
            is_sample: attribute.kind == "malware-sample",
            content: attribute.data.clone(),
        };
        return vec![draft("file", file)];
    }
    parts(&attribute.kind, &attribute.value)
        .into_iter()
        .map(|(kind, value)| draft(data_type(kind), What::Value(value.to_owned())))
        .collect()
}

/// What is left of a file whose content cannot be had: its name, and the hash of a sample.
pub(super) fn without_content(attribute: &Attribute) -> Vec<Draft> {
    let mut named = attribute.clone();
    named.kind = match attribute.kind.as_str() {
        "malware-sample" => "filename|md5".to_owned(),
        _ => "filename".to_owned(),
    };
    let kind = format!("misp.type=\"{}\"", attribute.kind);
    let mut drafts = drafts(&named);
    for draft in &mut drafts {
        draft.tags.pop();
        draft.tags.push(kind.clone());
    }
    drafts
}

/// Whether the attribute is a file.
pub(super) fn is_file(kind: &str) -> bool {
    matches!(kind, "attachment" | "malware-sample")
}

/// The parts of a composite type with theirs of the value; the last gets what is left.
fn parts<'a>(kind: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let kinds: Vec<&str> = kind.split('|').collect();
    let values = value.splitn(kinds.len(), '|');
    kinds
        .into_iter()
        .zip(values)
        .map(|(kind, value)| (kind, value.trim()))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// The observable type for a type of MISP. One that is not known keeps its name: there may be such a type here.
fn data_type(kind: &str) -> &str {
    match kind {
        "md5"
        | "sha1"
        | "sha224"
        | "sha256"
        | "sha384"
        | "sha512"
        | "sha512/224"
        | "sha512/256"
        | "ssdeep"
        | "imphash"
        | "impfuzzy"
        | "authentihash"
        | "cdhash"
        | "pehash"
        | "tlsh"
        | "ja3-fingerprint-md5" => "hash",
        _ if kind.starts_with("x509-fingerprint-") || kind.starts_with("hassh") => "hash",
        "ip-src" | "ip-dst" => "ip",
        "url" | "uri" | "link" => "url",
        "email-src" | "email-dst" | "whois-registrant-email" => "mail",
        "email-subject" => "mail-subject",
        "regkey" => "registry",
        "AS" => "autonomous-system",
        other => other,
    }
}

/// The TLP that a tag says.
pub(super) fn tlp_of(tags: &[String]) -> Option<i64> {
    tags.iter()
        .find_map(|tag| match tag.to_lowercase().strip_prefix("tlp:")? {
            "white" | "clear" => Some(0),
            "green" => Some(1),
            "amber" => Some(2),
            "amber+strict" => Some(3),
            "red" => Some(4),
            _ => None,
        })
}

/// The PAP that a tag says.
pub(super) fn pap_of(tags: &[String]) -> Option<i64> {
    tags.iter()
        .find_map(|tag| match tag.to_lowercase().strip_prefix("pap:")? {
            "white" | "clear" => Some(0),
            "green" => Some(1),
            "amber" => Some(2),
            "red" => Some(3),
            _ => None,
        })
}

/// Whether a text can be a tag here.
pub(super) fn is_tag(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= TAG_CHARACTERS_MAX
}

/// What of an observable goes into an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shared {
    pub data_type: String,
    pub value: String,
    pub message: String,
    /// Empty unless the server is told of them.
    pub tags: Vec<String>,
}

/// The attribute of an observable with a value.
pub(super) fn attribute(shared: &Shared) -> Json {
    let (kind, category) = type_and_category(&shared.data_type, &shared.value);
    let tags: Vec<Json> = shared
        .tags
        .iter()
        .map(|tag| json!({ "name": tag }))
        .collect();
    json!({
        "type": kind, "category": category, "value": shared.value, "comment": shared.message, "to_ids": true,
        "distribution": "5", "Tag": tags,
    })
}

/// The type and the category that MISP gives to an observable.
fn type_and_category(data_type: &str, value: &str) -> (&'static str, &'static str) {
    const DELIVERY: &str = "Payload delivery";
    const NETWORK: &str = "Network activity";
    const EXTERNAL: &str = "External analysis";
    match data_type {
        "url" => ("link", EXTERNAL),
        "ip" => ("ip-dst", NETWORK),
        "hostname" | "fqdn" => ("hostname", NETWORK),
        "domain" => ("domain", NETWORK),
        "autonomous-system" => ("AS", NETWORK),
        "user-agent" => ("user-agent", NETWORK),
        "uri_path" => ("uri", NETWORK),
        "mail" => ("email-src", DELIVERY),
        "mail-subject" => ("email-subject", DELIVERY),
        "filename" => ("filename", DELIVERY),
        "registry" => ("regkey", "Persistence mechanism"),
        "hash" => match value.len() {
            32 => ("md5", DELIVERY),
            40 => ("sha1", DELIVERY),
            56 => ("sha224", DELIVERY),
            64 => ("sha256", DELIVERY),
            96 => ("sha384", DELIVERY),
            128 => ("sha512", DELIVERY),
            _ => ("other", "Other"),
        },
        _ => ("other", "Other"),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Attribute, Draft, Shared, What, attribute, drafts, pap_of, tlp_of, without_content,
    };

    fn an_attribute(kind: &str, value: &str) -> Attribute {
        Attribute {
            id: "9".into(),
            kind: kind.into(),
            category: "Payload delivery".into(),
            value: value.into(),
            comment: "seen".into(),
            to_ids: true,
            ..Attribute::default()
        }
    }

    fn values(drafts: &[Draft]) -> Vec<(&str, &str)> {
        drafts
            .iter()
            .map(|draft| match &draft.what {
                What::Value(value) => (draft.data_type.as_str(), value.as_str()),
                What::File { name, .. } => (draft.data_type.as_str(), name.as_str()),
            })
            .collect()
    }

    #[test]
    fn every_type_of_the_contract_has_its_observable_type() {
        for (kind, expected) in [
            ("md5", "hash"),
            ("sha512/256", "hash"),
            ("x509-fingerprint-sha1", "hash"),
            ("hassh-md5", "hash"),
            ("ip-src", "ip"),
            ("ip-dst", "ip"),
            ("domain", "domain"),
            ("hostname", "hostname"),
            ("filename", "filename"),
            ("uri", "url"),
            ("link", "url"),
            ("email-dst", "mail"),
            ("whois-registrant-email", "mail"),
            ("email-subject", "mail-subject"),
            ("regkey", "registry"),
            ("AS", "autonomous-system"),
            ("user-agent", "user-agent"),
            ("yara", "yara"),
        ] {
            let made = drafts(&an_attribute(kind, "v"));
            assert_eq!(values(&made), [(expected, "v")], "{kind}");
        }
    }

    #[test]
    fn a_composite_type_gives_one_for_each_part() {
        let made = drafts(&an_attribute("domain|ip", "evil.test|192.0.2.1"));
        assert_eq!(
            values(&made),
            [("domain", "evil.test"), ("ip", "192.0.2.1")]
        );
        assert_eq!(
            made[1].tags,
            [
                "misp.category=\"Payload delivery\"",
                "misp.type=\"domain|ip\""
            ]
        );
        assert!(made[0].is_ioc && made[0].message == "seen" && made[0].tlp == 0);
        // A value with fewer parts, and one with more.
        assert_eq!(
            values(&drafts(&an_attribute("filename|sha1", "a.exe"))),
            [("filename", "a.exe")]
        );
        assert_eq!(
            values(&drafts(&an_attribute("regkey|value", "HKLM|a|b"))),
            [("registry", "HKLM"), ("value", "a|b")]
        );
    }

    #[test]
    fn a_sample_is_a_file_and_what_is_known_of_it_without() {
        let sample = an_attribute("malware-sample", "a.exe|d41d8cd98f00b204e9800998ecf8427e");
        assert!(matches!(&drafts(&sample)[0].what,
            What::File { name, is_sample: true, .. } if name == "a.exe"));
        let rest = without_content(&sample);
        assert_eq!(
            values(&rest),
            [
                ("filename", "a.exe"),
                ("hash", "d41d8cd98f00b204e9800998ecf8427e")
            ]
        );
        assert!(
            rest[0]
                .tags
                .contains(&"misp.type=\"malware-sample\"".into())
        );
    }

    #[test]
    fn levels_are_said_by_tags() {
        let tags = |tag: &str| vec!["x".to_owned(), tag.to_owned()];
        assert_eq!(tlp_of(&tags("tlp:white")), Some(0));
        assert_eq!(tlp_of(&tags("TLP:AMBER+STRICT")), Some(3));
        assert_eq!(tlp_of(&tags("tlp:ex:chr")), None);
        assert_eq!(pap_of(&tags("PAP:RED")), Some(3));
    }

    #[test]
    fn an_observable_is_an_attribute_of_the_contracts_type() {
        for (data_type, value, kind) in [
            ("url", "http://a.test", "link"),
            ("ip", "192.0.2.1", "ip-dst"),
            ("registry", "HKLM", "regkey"),
            ("mail", "a@b.test", "email-src"),
            ("mail-subject", "s", "email-subject"),
            ("autonomous-system", "AS1", "AS"),
            ("anything", "x", "other"),
        ] {
            let shared = Shared {
                data_type: data_type.into(),
                value: value.into(),
                message: String::new(),
                tags: vec![],
            };
            assert_eq!(attribute(&shared)["type"], kind);
        }
        let hash = |length: usize| Shared {
            data_type: "hash".into(),
            value: "a".repeat(length),
            message: String::new(),
            tags: vec!["t".into()],
        };
        assert_eq!(attribute(&hash(64))["type"], "sha256");
        assert_eq!(attribute(&hash(10))["type"], "other");
        assert_eq!(attribute(&hash(32))["Tag"][0]["name"], "t");
    }
}
