//! How large a query may be. Each is far above what people and known clients ask.

/// The JSON of a query.
pub const BYTES_MAX: usize = 64 * 1024;
/// Filters within filters.
pub const DEPTH_MAX: usize = 32;
/// Single conditions in all filters together.
pub const TERMS_MAX: usize = 500;
/// Values in one list.
pub const VALUES_MAX: usize = 1_000;
/// Values in all lists together; the engines bind at most 32,766 in a statement.
pub const VALUES_IN_ALL_MAX: usize = 10_000;
/// Operations in a row.
pub const OPERATIONS_MAX: usize = 50;
/// Fields to sort by.
pub const SORT_FIELDS_MAX: usize = 10;
/// Aggregations within aggregations.
pub const AGGREGATION_DEPTH_MAX: usize = 4;
/// Aggregations in all.
pub const AGGREGATIONS_MAX: usize = 50;
/// Groups that an aggregation may have.
pub const GROUPS_MAX: usize = 100_000;
/// Characters of a text to search for.
pub const PATTERN_MAX: usize = 2_000;
/// Words to search for at a time.
pub const WORDS_MAX: usize = 50;
/// Levels of JSON, one within another, that the parser is given: more than any query within the limits needs.
pub const JSON_DEPTH_MAX: usize = 120;
/// Entities of which a domain's operation that ends a query can be asked at a time.
pub const ENDING_ROWS_MAX: u64 = 50;
