//! What the operations of the query language give, for clients whose types are made from the document.

use serde_json::{Map, Value as Json, json};

use crate::query::entity::{End, Entity};
use crate::query::{Catalogue, edges_from};

/// A schema that no body has: `Start` holds what each operation gives that begins a query, the others, named by
/// `_type`, what each operation gives that leads on from entities of that kind. Entities are told by their kind; the
/// schema of a kind is `Output` and its name.
pub fn schema(catalogue: &Catalogue) -> Json {
    let mut groups = Map::new();
    let mut start = Map::new();
    for entity in catalogue.entities() {
        start.extend(beginnings(entity));
        groups.insert(entity.kind.to_owned(), object(&ways_on(entity)));
    }
    groups.insert("Start".to_owned(), object(&start));
    let mut schema = object(&groups);
    schema["description"] =
        "What each operation of a query gives, by its `_name`. No body has this form.".into();
    schema
}

fn beginnings(entity: &Entity) -> Map<String, Json> {
    let counts = entity.count.iter().map(|name| (*name, End::Count));
    let entities = entity.list.iter().chain(entity.get);
    let entities = entities.map(|name| (*name, End::Entities));
    let further = entity.starts.iter().map(|start| (start.name, start.end));
    let given = |end| match end {
        End::Entities => json!({ "const": entity.kind }),
        End::Count => json!({ "type": "integer" }),
    };
    counts
        .chain(entities)
        .chain(further)
        .map(|(name, end)| (name.to_owned(), given(end)))
        .collect()
}

fn ways_on(entity: &Entity) -> Map<String, Json> {
    let edges = edges_from(entity).map(|edge| (edge.name.to_owned(), json!({ "const": edge.to })));
    let values = entity.values.iter();
    let values = values.map(|list| (list.name.to_owned(), json!({ "type": "string" })));
    let endings = entity.endings.iter().map(|ending| {
        let given = match ending.gives {
            "integer" => json!({ "type": "integer" }),
            schema => json!({ "$ref": format!("#/components/schemas/{schema}") }),
        };
        (ending.name.to_owned(), given)
    });
    edges.chain(values).chain(endings).collect()
}

fn object(properties: &Map<String, Json>) -> Json {
    let required: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

#[cfg(test)]
mod tests {
    use crate::server::catalogue::catalogue;

    #[test]
    fn every_kind_of_entity_has_its_schema() {
        let document = crate::server::document().unwrap();
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        let schemas = &document["components"]["schemas"];
        for entity in catalogue().entities() {
            let kind = entity.kind;
            assert!(
                schemas[format!("Output{kind}")].is_object(),
                "no Output{kind}: name it in openapi/made.rs"
            );
        }
        assert_eq!(
            schemas["QueryOperations"]["properties"]["Case"]["properties"]["tasks"]["const"],
            "Task"
        );
    }
}
