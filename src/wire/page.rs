//! The page that a list's `from` and `to` ask for.

/// Rows of a page whose `to` is not given.
const ROWS: i64 = 30;

/// The first row, and how many there are at most, from what a client asks: any numbers at all.
pub fn rows(from: Option<i64>, to: Option<i64>, rows_max: i64) -> (i64, i64) {
    let from = from.unwrap_or(0).max(0);
    let to = to.unwrap_or(from.saturating_add(ROWS));
    (from, to.saturating_sub(from).clamp(0, rows_max))
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn any_numbers_make_a_page() {
        assert_eq!(rows(None, None, 200), (0, 30));
        assert_eq!(rows(Some(10), Some(12), 200), (10, 2));
        assert_eq!(rows(Some(-5), Some(i64::MAX), 200), (0, 200));
        assert_eq!(rows(Some(i64::MAX), None, 200), (i64::MAX, 0));
        assert_eq!(rows(Some(i64::MAX), Some(i64::MIN), 200), (i64::MAX, 0));
    }
}
