//! The entities that the query language knows. A domain that can be queried adds its line here.

use std::sync::OnceLock;

use serde_json::Value as Json;

use crate::access::Permission;
use crate::audit;
use crate::investigation::{case, comment, log, task};
use crate::query::Catalogue;
use crate::tenancy::profile::model::PermissionDesc;
use crate::tenancy::{organisation, profile, share, user};
use crate::vocabulary::case_status;

/// The catalogue of all domains.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        Catalogue::new([
            case::query_fields::ENTITY,
            task::query_fields::ENTITY,
            log::query_fields::ENTITY,
            comment::query_fields::ENTITY,
            organisation::query_fields::ENTITY,
            profile::query_fields::ENTITY,
            user::query_fields::ENTITY,
            share::query_fields::ENTITY,
            case_status::query_fields::ENTITY,
            audit::query_fields::ENTITY,
        ])
        .with_fixed("list", permissions)
    })
}

/// The permissions, described. The contract's name for it is just "list".
fn permissions() -> Vec<Json> {
    let described = Permission::ALL.iter().copied().map(PermissionDesc::from);
    described
        .filter_map(|permission| serde_json::to_value(permission).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::catalogue;

    #[test]
    fn every_edge_leads_to_an_entity_and_every_list_of_values_to_a_field() {
        let catalogue = catalogue();
        for entity in catalogue.entities() {
            for edge in entity.edges {
                let to = catalogue.entity(edge.to);
                assert!(
                    to.is_some(),
                    "{} → {} → {}",
                    entity.kind,
                    edge.name,
                    edge.to
                );
            }
            for list in entity.values {
                let from = match list.edge {
                    None => entity,
                    Some(name) => {
                        let edge = entity.edges.iter().find(|edge| edge.name == name);
                        catalogue.entity(edge.unwrap().to).unwrap()
                    }
                };
                assert!(
                    from.fields.iter().any(|field| field.name == list.field),
                    "{}",
                    list.name
                );
            }
        }
    }

    #[test]
    fn no_operation_and_no_field_has_a_namesake() {
        let names = catalogue().beginnings();
        let different: BTreeSet<_> = names.iter().collect();
        assert_eq!(different.len(), names.len(), "{names:?}");
        for entity in catalogue().entities() {
            let names: Vec<_> = entity.fields.iter().map(|field| field.name).collect();
            let different: BTreeSet<_> = names.iter().collect();
            assert_eq!(different.len(), names.len(), "{}: {names:?}", entity.kind);
        }
    }
}
