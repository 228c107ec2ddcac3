//! Says in the document what holds for all our bodies and can't be said at each type.

use serde_json::{Map, Value as Json, json};

/// What answers may leave out they never answer as `null`, and no parameter of a URL can be `null`.
pub fn absent_is_not_null(document: &mut Json) {
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        for (name, schema) in schemas {
            // In a request `null` may mean something: it takes a value away.
            if !name.starts_with("Input") {
                properties_without_null(schema);
            }
        }
    }
    for parameter in operations(document)
        .filter_map(|operation| operation.get_mut("parameters")?.as_array_mut())
        .flatten()
    {
        without_null(&mut parameter["schema"]);
    }
}

/// Every operation may be refused, and all refusals look alike.
pub fn refusals(document: &mut Json) {
    for operation in operations(document) {
        operation["responses"]["default"] = json!({
            "description": "A refusal or a failure",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ErrorBody" } } },
        });
    }
}

fn operations(document: &mut Json) -> impl Iterator<Item = &mut Json> {
    document["paths"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(Json::as_object_mut)
        .flat_map(Map::values_mut)
        .filter(|operation| operation.get("responses").is_some())
}

fn properties_without_null(schema: &mut Json) {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) else {
        return;
    };
    for (name, property) in properties {
        if !required.iter().any(|other| other == name) {
            without_null(property);
        }
    }
}

/// `["string", "null"]` becomes `"string"`, and one of a type and null becomes the type.
fn without_null(schema: &mut Json) {
    if let Some(kinds) = schema.get_mut("type").and_then(Json::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            schema["type"] = only.clone();
        }
    }
    if let Some(choices) = schema.get_mut("oneOf").and_then(Json::as_array_mut) {
        choices.retain(|choice| choice["type"] != "null");
        if let [only] = choices.as_slice() {
            *schema = only.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{absent_is_not_null, refusals};

    #[test]
    fn null_is_left_to_requests_and_to_what_is_always_there() {
        let schema = json!({
            "type": "object",
            "required": ["now"],
            "properties": {
                "now": { "type": ["string", "null"] },
                "was": { "type": ["string", "null"] },
                "by": { "oneOf": [{ "$ref": "#/x" }, { "type": "null" }] },
            },
        });
        let parameter = json!({ "name": "from", "schema": { "type": ["integer", "null"] } });
        let mut document = json!({
            "paths": { "/a": { "get": { "parameters": [parameter], "responses": {} } } },
            "components": { "schemas": { "OutputA": schema, "InputA": schema } },
        });
        absent_is_not_null(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["InputA"], schema);
        let properties = &schemas["OutputA"]["properties"];
        assert_eq!(properties["now"], json!({ "type": ["string", "null"] }));
        assert_eq!(properties["was"], json!({ "type": "string" }));
        assert_eq!(properties["by"], json!({ "$ref": "#/x" }));
        let get = &document["paths"]["/a"]["get"];
        assert_eq!(get["parameters"][0]["schema"], json!({ "type": "integer" }));
    }

    #[test]
    fn every_operation_may_be_refused() {
        let mut document = json!({ "paths": { "/a": { "get": { "responses": { "200": {} } } } } });
        refusals(&mut document);
        let responses = &document["paths"]["/a"]["get"]["responses"];
        assert!(responses["200"].is_object() && responses["default"].is_object());
    }
}
