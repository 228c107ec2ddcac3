//! What a database holds, as far as a copy must hold the same.

use std::collections::BTreeMap;
use std::path::Path;

use crate::storage::{self, postgres_tools, snapshot};

use super::error::{Error, Result};
use super::manifest::{AuditHead, Manifest};
use super::store;

/// Counts and the end of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contents {
    pub schema: i64,
    pub rows: BTreeMap<String, u64>,
    pub audit_head: Option<AuditHead>,
}

impl Contents {
    /// Of a SQLite file, which must be whole.
    pub(super) fn of_sound_file(file: &Path) -> Result<Self> {
        let tx = snapshot::of_file(file)?;
        if let Some(damage) = snapshot::damage(&tx)? {
            return Err(Error::damaged(
                file,
                format!("its database is not sound ({damage})"),
            ));
        }
        Ok(store::contents(&tx)?)
    }

    /// Of a file of `pg_dump`, read to its end by `pg_restore`. Which steps the schema has is for the database to say that it
    /// is restored into; here it is the number of the last.
    pub(super) fn of_dump(file: &Path) -> Result<Self> {
        let mut script = Script::default();
        postgres_tools::script(file, |line| {
            script.read(line);
            Ok::<(), storage::Error>(())
        })?;
        // An index, not content.
        script.rows.remove("full_text_index");
        Ok(Self {
            schema: script.schema,
            rows: script.rows,
            audit_head: script.audit_head,
        })
    }

    /// What a manifest promises.
    pub(super) fn promised_by(manifest: &Manifest) -> Self {
        Self {
            schema: manifest.about.schema,
            rows: manifest.rows.clone(),
            audit_head: manifest.audit_head.clone(),
        }
    }

    /// What differs from what is expected.
    pub(super) fn difference_from(&self, expected: &Self) -> Option<String> {
        if self.schema != expected.schema {
            return Some(format!(
                "its schema is {}, not {}",
                self.schema, expected.schema
            ));
        }
        for (table, promised) in &expected.rows {
            let found = self.rows.get(table).copied().unwrap_or(0);
            if found != *promised {
                return Some(format!("{table} has {found} rows, not {promised}"));
            }
        }
        if self.rows.len() != expected.rows.len() {
            return Some("it has other tables than it says".to_owned());
        }
        if self.audit_head != expected.audit_head {
            return Some("its audit trail ends with another record than it says".to_owned());
        }
        None
    }
}

/// Counts the rows that a script of `pg_restore` copies in.
#[derive(Default)]
struct Script {
    rows: BTreeMap<String, u64>,
    schema: i64,
    audit_head: Option<AuditHead>,
    /// The table whose rows come now, with its columns.
    table: Option<(String, Vec<String>)>,
}

impl Script {
    fn read(&mut self, line: &[u8]) {
        if let Some((table, columns)) = &self.table {
            if line.trim_ascii_end() == b"\\." {
                self.table = None;
                return;
            }
            *self.rows.entry(table.clone()).or_default() += 1;
            let column = |name: &str| {
                let at = columns.iter().position(|column| column == name)?;
                line.trim_ascii_end().split(|byte| *byte == b'\t').nth(at)
            };
            let text = |name| std::str::from_utf8(column(name)?).ok();
            let number = |name| text(name)?.parse::<i64>().ok();
            if table == "schema_migration" {
                self.schema = self.schema.max(number("number").unwrap_or(0));
            } else if table == "audit"
                && let (Some(id), Some(hash)) = (number("id"), text("hash"))
                && self.audit_head.as_ref().is_none_or(|head| head.id < id)
            {
                let hash = hash.trim_start_matches("\\\\x").to_owned();
                self.audit_head = Some(AuditHead { id, hash });
            }
        } else if let Some(copy) = line.strip_prefix(b"COPY ") {
            self.table = table_and_columns(&String::from_utf8_lossy(copy));
            if let Some((table, _)) = &self.table {
                self.rows.entry(table.clone()).or_default();
            }
        }
    }
}

/// Reads `public."case" (id, "number") FROM stdin;`.
fn table_and_columns(copy: &str) -> Option<(String, Vec<String>)> {
    let (table, rest) = copy.split_once(" (")?;
    let (columns, _) = rest.split_once(") FROM stdin;")?;
    let plain = |name: &str| name.trim().trim_matches('"').to_owned();
    let table = table.rsplit_once('.').map_or(table, |(_, name)| name);
    Some((plain(table), columns.split(',').map(plain).collect()))
}

#[cfg(test)]
mod tests {
    use super::Script;

    #[test]
    fn rows_are_counted_and_the_end_of_the_trail_is_found() {
        let mut script = Script::default();
        for line in [
            "CREATE TABLE public.audit (id bigint);\n",
            "COPY public.audit (id, details, hash) FROM stdin;\n",
            "7\tCOPY public.x (a) FROM stdin;\t\\\\x07\n",
            "9\tb\\nc\t\\\\x09ff\n",
            "8\tb\t\\\\x08\n",
            "\\.\n",
            "COPY public.\"case\" (id, \"number\") FROM stdin;\n",
            "\\.\n",
            "COPY public.schema_migration (number, name) FROM stdin;\n",
            "1\tfirst\n",
            "\\.\n",
        ] {
            script.read(line.as_bytes());
        }
        let head = script.audit_head.unwrap();
        assert_eq!((head.id, head.hash.as_str()), (9, "09ff"));
        assert_eq!(script.schema, 1);
        let rows: Vec<_> = script.rows.into_iter().collect();
        let row = |name: &str, count| (name.to_owned(), count);
        assert_eq!(
            rows,
            [row("audit", 3), row("case", 0), row("schema_migration", 1)]
        );
    }
}
