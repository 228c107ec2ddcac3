//! Reads what a timeline is made of: entities of other domains, in the eyes of the caller.

use crate::access::unit::Scoped;
use crate::access::{Result, Viewable};
use crate::storage::Value;

/// The entities that the caller sees and for which `condition` holds; its placeholder is `?1`.
pub(super) fn seen<T: Viewable>(
    scoped: &dyn Scoped,
    condition: &str,
    value: impl Into<Value>,
) -> Result<Vec<T>> {
    let visible = T::visible(scoped.scope());
    let sql = format!(
        "{} ({}) and {condition}",
        T::SELECT,
        visible.numbered_from(2)
    );
    let mut values = vec![value.into()];
    values.extend(visible.values);
    let entities = scoped.query(&sql, &values)?.into_iter().map(T::from_row);
    Ok(entities.collect::<crate::storage::Result<_>>()?)
}
