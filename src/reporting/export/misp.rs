//! Observables as the attributes of a MISP event.

use serde_json::{Value as Json, json};

/// What stands before the attributes.
pub fn beginning(title: &str, now_ms: i64) -> String {
    let date = jiff::Timestamp::from_millisecond(now_ms)
        .map(|now| {
            now.to_zoned_datetime(jiff::tz::TimeZone::UTC)
                .date()
                .to_string()
        })
        .unwrap_or_default();
    let info = Json::from(title);
    // Ours alone until somebody says otherwise; undefined threat; the analysis is under way.
    format!(
        "{{\"Event\":{{\"info\":{info},\"date\":\"{date}\",\"threat_level_id\":\"4\",\"analysis\":\"1\",\
         \"distribution\":\"0\",\"Attribute\":["
    )
}

/// What stands after them.
pub const END: &str = "]}}";

/// The attribute of an observable; a file without a value is none.
pub fn attribute(observable: &Json) -> Option<Json> {
    let value = observable["data"].as_str()?;
    let (kind, category) = type_of(observable["dataType"].as_str().unwrap_or_default(), value);
    let tags: Vec<Json> = observable["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|tag| json!({ "name": tag }))
        .collect();
    Some(json!({
        "type": kind, "category": category, "value": value,
        "to_ids": observable["ioc"].as_bool().unwrap_or(false),
        "comment": observable["message"].as_str().unwrap_or_default(),
        "distribution": "0", "Tag": tags,
    }))
}

/// MISP's type and category.
fn type_of(data_type: &str, value: &str) -> (&'static str, &'static str) {
    const NETWORK: &str = "Network activity";
    match data_type {
        "ip" => ("ip-dst", NETWORK),
        "domain" => ("domain", NETWORK),
        "fqdn" | "hostname" => ("hostname", NETWORK),
        "url" => ("url", NETWORK),
        "uri_path" => ("uri", NETWORK),
        "user-agent" => ("user-agent", NETWORK),
        "autonomous-system" => ("AS", NETWORK),
        "mail" => ("email-src", "Payload delivery"),
        "mail-subject" | "mail_subject" => ("email-subject", "Payload delivery"),
        "filename" => ("filename", "Payload delivery"),
        "registry" => ("regkey", "Persistence mechanism"),
        "hash" => match value.len() {
            32 => ("md5", "Payload delivery"),
            40 => ("sha1", "Payload delivery"),
            64 => ("sha256", "Payload delivery"),
            128 => ("sha512", "Payload delivery"),
            _ => ("other", "Other"),
        },
        _ => ("other", "Other"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{END, attribute, beginning};

    #[test]
    fn an_event_is_json_and_its_attributes_are_those_of_misp() {
        let observable = json!({
            "dataType": "hash", "data": "a".repeat(64), "ioc": true, "tags": ["x"], "message": "seen",
        });
        let one = attribute(&observable).unwrap();
        assert_eq!(
            (&one["type"], &one["to_ids"], &one["Tag"]),
            (&json!("sha256"), &json!(true), &json!([{ "name": "x" }]))
        );
        assert_eq!(attribute(&json!({ "dataType": "file" })), None);
        let text = beginning("a \"quote\"", 86_400_000) + &one.to_string() + END;
        let event: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(event["Event"]["info"], "a \"quote\"");
        assert_eq!(event["Event"]["date"], "1970-01-02");
    }
}
