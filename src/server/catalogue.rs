//! The entities that the query language knows. A domain that can be queried adds its line here.

use std::sync::OnceLock;

use serde_json::Value as Json;

use crate::access::Permission;
use crate::audit;
use crate::integration::{action, analyzer_template, job};
use crate::investigation::{
    alert, attachment, case, comment, custom_event, log, observable, page, procedure, share, task,
};
use crate::query::Catalogue;
use crate::reporting::{dashboard, view};
use crate::tenancy::profile::model::PermissionDesc;
use crate::tenancy::{organisation, profile, user};
use crate::vocabulary::{
    alert_status, case_status, case_template, catalog, custom_field, observable_type,
    page_template, pattern, tag, taxonomy,
};

/// The catalogue of all domains.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        Catalogue::new([
            case::query_fields::ENTITY,
            task::query_fields::ENTITY,
            log::query_fields::ENTITY,
            comment::query_fields::ENTITY,
            procedure::query_fields::ENTITY,
            custom_event::query_fields::ENTITY,
            page::query_fields::ENTITY,
            attachment::query_fields::ENTITY,
            observable::query_fields::ENTITY,
            observable_type::query_fields::ENTITY,
            alert::query_fields::ENTITY,
            organisation::query_fields::ENTITY,
            profile::query_fields::ENTITY,
            user::query_fields::ENTITY,
            share::query_fields::ENTITY,
            case_status::query_fields::ENTITY,
            catalog::query_fields::ENTITY,
            pattern::query_fields::ENTITY,
            page_template::query_fields::ENTITY,
            custom_field::query_fields::ENTITY,
            case_template::query_fields::ENTITY,
            case_template::query_fields::TASK,
            tag::query_fields::ENTITY,
            taxonomy::query_fields::ENTITY,
            alert_status::query_fields::ENTITY,
            dashboard::query_fields::ENTITY,
            view::query_fields::ENTITY,
            job::query_fields::ENTITY,
            job::query_fields::ARTIFACT,
            action::query_fields::ENTITY,
            analyzer_template::query_fields::ENTITY,
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

    use serde_json::{Value as Json, json};

    use super::catalogue;
    use crate::query::tests::world::worlds;

    /// The lists that people look at all day. Visibility and filters must not turn them into a sort.
    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of lists")]
    fn the_lists_of_cases_alerts_and_tasks_are_read_off_an_index() {
        let world = &worlds()[0];
        let newest = json!({"_createdAt": "desc"});
        let any = json!({});
        for (list, filter, sort, index) in [
            ("listCase", &any, &newest, "case_by_created"),
            (
                "listCase",
                &json!({"status": "New"}),
                &newest,
                "case_by_status",
            ),
            (
                "listCase",
                &json!({"stage": "Closed"}),
                &newest,
                "case_by_stage",
            ),
            (
                "listCase",
                &json!({"severity": 4}),
                &newest,
                "case_by_severity",
            ),
            (
                "listCase",
                &json!({"assignee": "ana@acme.test"}),
                &newest,
                "case_by_assignee",
            ),
            (
                "listCase",
                &json!({"tags": "red"}),
                &newest,
                "case_by_created",
            ),
            ("listCase", &any, &json!({"title": "asc"}), "case_by_title"),
            ("listCase", &any, &json!({"dueDate": "asc"}), "case_by_due"),
            (
                "listCase",
                &any,
                &json!({"_updatedAt": "desc"}),
                "case_by_updated",
            ),
            (
                "listCase",
                &any,
                &json!({"startDate": "desc"}),
                "case_by_start",
            ),
            (
                "listCase",
                &any,
                &json!({"number": "desc"}),
                "autoindex_case",
            ),
            (
                "listCase",
                &any,
                &json!({"severity": "desc", "_createdAt": "desc"}),
                "case_by_severity",
            ),
            ("listAlert", &any, &newest, "alert_by_created"),
            (
                "listAlert",
                &json!({"status": "New"}),
                &newest,
                "alert_by_status",
            ),
            (
                "listAlert",
                &json!({"stage": "New"}),
                &newest,
                "alert_by_stage",
            ),
            (
                "listAlert",
                &json!({"severity": 4}),
                &newest,
                "alert_by_severity",
            ),
            (
                "listAlert",
                &json!({"assignee": "ana@acme.test"}),
                &newest,
                "alert_by_assignee",
            ),
            (
                "listAlert",
                &json!({"source": "sensor"}),
                &newest,
                "alert_by_source",
            ),
            (
                "listAlert",
                &json!({"_and": [{"assignee": "ana@acme.test"}, {"status": "New"}, {"severity": 4}, {"tags": "red"}]}),
                &newest,
                "alert_by_",
            ),
            (
                "listAlert",
                &json!({"stage": "New"}),
                &json!({"severity": "desc", "_createdAt": "desc"}),
                "alert_by_severity",
            ),
            (
                "listAlert",
                &any,
                &json!({"title": "asc"}),
                "alert_by_title",
            ),
            ("listAlert", &any, &json!({"date": "desc"}), "alert_by_date"),
            (
                "listAlert",
                &any,
                &json!({"_updatedAt": "desc"}),
                "alert_by_updated",
            ),
            (
                "listObservable",
                &json!({"data": "8.8.8.8"}),
                &newest,
                "observable_by_beginning (<expr>=?)",
            ),
            ("listTask", &any, &newest, "task_by_created"),
            ("waitingTasks", &any, &newest, "task_by_status"),
            (
                "listTask",
                &json!({"assignee": "ana@acme.test", "status": "Waiting"}),
                &newest,
                "task_by_assignee",
            ),
        ] {
            let mut filter: Json = filter.clone();
            filter["_name"] = json!("filter");
            let query = json!({"query": [
                {"_name": list}, filter, {"_name": "sort", "_fields": [sort]}, {"_name": "page", "from": 0, "to": 30},
            ]});
            let plan = world.explain(&world.statement_of(catalogue().clone(), &query));
            assert!(
                plan.contains(index) && !plan.contains("TEMP B-TREE"),
                "{query}\n{plan}"
            );
        }
    }

    #[test]
    fn what_an_organisation_owns_is_counted_in_an_index_alone() {
        let world = &worlds()[0];
        let plan = world.explain(&world.count_of(
            catalogue().clone(),
            &json!({"query": [{"_name": "listCase"}]}),
        ));
        assert!(
            plan.contains("USING COVERING INDEX case_by_created"),
            "{plan}"
        );
        for (filter, index) in [
            (json!({}), "alert_by_"),
            (json!({"stage": "New"}), "alert_by_stage"),
            (json!({"status": "New"}), "alert_by_status"),
            (json!({"severity": 4}), "alert_by_severity"),
            (json!({"source": "sensor"}), "alert_by_source"),
            (
                json!({"_gte": {"_field": "closedDate", "_value": 1}}),
                "alert_by_closed",
            ),
            (
                json!({"_gte": {"_field": "importDate", "_value": 1}}),
                "alert_by_imported",
            ),
        ] {
            let mut filter = filter;
            filter["_name"] = json!("filter");
            let query = json!({"query": [{"_name": "listAlert"}, filter]});
            let plan = world.explain(&world.count_of(catalogue().clone(), &query));
            assert!(
                plan.contains(&format!("USING COVERING INDEX {index}")),
                "{plan}"
            );
        }
    }

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
