//! The chain of hashes over the audit trail: a record that is altered or taken out breaks it.

use sha2::{Digest, Sha256};

/// A record's content as it is hashed, in the order of the columns.
#[derive(Debug, Clone)]
pub struct Link<'a> {
    pub id: i64,
    pub request_id: &'a str,
    pub happened_at: i64,
    pub actor: &'a str,
    pub organisation_id: i64,
    pub action: &'a str,
    pub is_main: bool,
    pub object_kind: &'a str,
    pub object_id: i64,
    pub context_kind: &'a str,
    pub context_id: i64,
    pub details: &'a str,
    pub changes: &'a str,
}

/// SHA-256 over the previous record's hash (32 zero bytes for the first) and this record. Each part is preceded by
/// its length, so that no two different records have the same bytes.
pub fn hash(previous: &[u8; 32], link: &Link) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    let number = |value: i64| value.to_be_bytes().to_vec();
    let parts: [Vec<u8>; 13] = [
        number(link.id),
        link.request_id.into(),
        number(link.happened_at),
        link.actor.into(),
        number(link.organisation_id),
        link.action.into(),
        number(i64::from(link.is_main)),
        link.object_kind.into(),
        number(link.object_id),
        link.context_kind.into(),
        number(link.context_id),
        link.details.into(),
        link.changes.into(),
    ];
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(&part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::{Link, hash};

    fn link() -> Link<'static> {
        Link {
            id: 1,
            request_id: "r",
            happened_at: 2,
            actor: "a",
            organisation_id: 3,
            action: "create",
            is_main: true,
            object_kind: "Case",
            object_id: 4,
            context_kind: "Case",
            context_id: 4,
            details: "{}",
            changes: "[]",
        }
    }

    #[test]
    fn every_part_and_the_previous_hash_count() {
        let first = hash(&[0; 32], &link());
        assert_eq!(first, hash(&[0; 32], &link()));
        assert_ne!(first, hash(&[1; 32], &link()));
        assert_ne!(
            first,
            hash(
                &[0; 32],
                &Link {
                    actor: "b",
                    ..link()
                }
            )
        );
        assert_ne!(
            first,
            hash(
                &[0; 32],
                &Link {
                    request_id: "ra",
                    actor: "",
                    ..link()
                }
            )
        );
        assert_ne!(
            first,
            hash(
                &[0; 32],
                &Link {
                    is_main: false,
                    ..link()
                }
            )
        );
    }
}
