//! The words of the trade that all organisations share: statuses, custom fields, observable types, attack patterns,
//! taxonomies; and those of one organisation: its tags, case templates and page templates.

pub mod alert_status;
pub mod case_status;
pub mod case_template;
pub mod catalog;
pub mod custom_field;
pub mod observable_type;
pub mod page_template;
pub mod pattern;
pub mod tag;
pub mod taxonomy;

use crate::access::endpoint::Endpoints;

/// The endpoints of all of them.
pub fn endpoints() -> Endpoints {
    alert_status::endpoints()
        .merge(case_status::endpoints())
        .merge(case_template::endpoints())
        .merge(catalog::endpoints())
        .merge(custom_field::endpoints())
        .merge(observable_type::endpoints())
        .merge(page_template::endpoints())
        .merge(pattern::endpoints())
        .merge(tag::endpoints())
        .merge(taxonomy::endpoints())
}
