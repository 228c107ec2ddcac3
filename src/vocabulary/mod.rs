//! The words of the trade that all organisations share: statuses now; custom fields, tags, taxonomies and templates
//! come here.

pub mod case_status;
