//! Which failures mean that data is damaged, and which damage is only that of indexes.

use crate::storage::error::Error;

/// Whether the failure says that what lies on the disk is not what was written.
pub fn is_damage(error: &Error) -> bool {
    matches!(
        error,
        Error::Damaged(_) | Error::DiskFailed(_) | Error::Decode { .. }
    )
}

/// Whether all that SQLite's check complains of can be made anew from the tables.
pub fn is_only_of_indexes(complaints: &[String]) -> bool {
    let is_of_index = |complaint: &String| {
        complaint.starts_with("wrong # of entries in index ")
            || (complaint.starts_with("row ") && complaint.contains(" missing from index "))
            || complaint.starts_with("non-unique entry in index ")
            || is_of_full_text(complaint)
    };
    !complaints.is_empty() && complaints.iter().all(is_of_index)
}

fn is_of_full_text(complaint: &str) -> bool {
    complaint.contains("inverted index for FTS5 table")
}

#[cfg(test)]
mod tests {
    use super::is_only_of_indexes;

    #[test]
    fn what_an_index_lacks_is_in_its_table() {
        let of = |complaints: &[&str]| {
            is_only_of_indexes(
                &complaints
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>(),
            )
        };
        assert!(of(&[
            "row 3 missing from index task_by_case",
            "wrong # of entries in index task_by_case",
            "malformed inverted index for FTS5 table main.full_text_index",
        ]));
        assert!(!of(&[
            "Tree 12 page 40: btreeInitPage() returns error code 11"
        ]));
        assert!(!of(&[
            "row 3 missing from index task_by_case",
            "NULL value in task.title"
        ]));
        assert!(!of(&[]));
    }
}
