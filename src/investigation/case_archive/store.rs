//! Reads what a case is made of: entities of other domains, in the eyes of the caller.

use crate::access::unit::Scoped;
use crate::access::{Result, Viewable};

/// The entities of a case that the caller sees, in the order in which they were made, with all that belongs to them.
/// `condition` has the case's id as `?1`.
pub(super) fn of_case<T: Viewable>(
    scoped: &dyn Scoped,
    condition: &str,
    case_id: i64,
) -> Result<Vec<T>> {
    let visible = T::visible(scoped.scope());
    let sql = format!(
        "{} ({}) and {condition} order by 1",
        T::SELECT,
        visible.numbered_from(2)
    );
    let mut values = vec![case_id.into()];
    values.extend(visible.values);
    let entities = scoped.query(&sql, &values)?.into_iter().map(T::from_row);
    let mut entities = entities.collect::<crate::storage::Result<Vec<_>>>()?;
    T::complete(scoped, &mut entities)?;
    Ok(entities)
}
