//! The full-text index, one for all kinds of entities: FTS5 on SQLite, tsvector on PostgreSQL.
//!
//! Words are cut and folded by [`crate::text::fold`], not by the engines, so both find the same. Since entity
//! ids are unique over all kinds, the id alone is the key. Everything here can be rebuilt from the entities.
//!
//! FTS5 writes out what it holds at every savepoint, so its rows are written once for all units of a commit.

use std::borrow::Cow;

use super::dialect::Dialect;
use super::error::Result;
use super::transaction::{Queries, WriteTx};
use super::value::Value;
use crate::text::fold::{fold, words};

/// The searchable texts of one entity, as written by its author.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Texts<'a> {
    /// Its title, name or value.
    pub title: &'a str,
    /// Its description or message.
    pub body: &'a str,
    /// Its closing summary.
    pub summary: &'a str,
    /// What else a search over the whole entity should find: tags, numbers, references.
    pub extra: Cow<'a, str>,
}

/// A column of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indexed {
    Title,
    Body,
    Summary,
    Extra,
    /// Any of them.
    Everything,
}

impl Indexed {
    /// The columns of the table `full_text` that it stands for.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Title => &["title"],
            Self::Body => &["body"],
            Self::Summary => &["summary"],
            Self::Extra => &["extra"],
            Self::Everything => &["title", "body", "summary", "extra"],
        }
    }
}

/// The statement that finds the ids of the entities that have each of the words at the beginning of a word in that
/// column, with the value of its one placeholder. The words are what [`words`] makes of a text.
pub fn matching(dialect: Dialect, indexed: Indexed, words: &[String]) -> (String, String) {
    let columns = indexed.columns().join(" ");
    match dialect {
        Dialect::Sqlite => {
            let terms: Vec<String> = words.iter().map(|word| format!("\"{word}\" *")).collect();
            (
                "select full_text_index.rowid from full_text_index where full_text_index match ?"
                    .to_owned(),
                format!("{{{columns}}} : ({})", terms.join(" AND ")),
            )
        }
        Dialect::Postgres => {
            let column = match indexed {
                Indexed::Everything => "everything",
                _ => &columns,
            };
            let terms: Vec<String> = words.iter().map(|word| format!("'{word}':*")).collect();
            (
                format!(
                    "select full_text_index.id from full_text_index
                     where full_text_index.{column} @@ cast(cast(? as text) as tsquery)"
                ),
                terms.join(" & "),
            )
        }
    }
}

/// Puts an entity's texts into the index, in place of what was there.
pub fn replace(tx: &WriteTx, kind: &'static str, id: i64, texts: &Texts) -> Result<()> {
    remove(tx, id)?;
    insert(tx, kind, id, texts)
}

/// Puts the texts of a new entity into the index.
pub fn insert(tx: &WriteTx, kind: &str, id: i64, texts: &Texts) -> Result<()> {
    let columns = [texts.title, texts.body, texts.summary, &texts.extra];
    let mut folded: Vec<Value> = vec![id.into(), kind.into()];
    folded.extend(columns.map(|text| Value::Text(fold(text))));
    tx.derive(
        "insert into full_text (id, kind, title, body, summary, extra) values (?1, ?2, ?3, ?4, ?5, ?6)",
        &folded,
    )?;
    let mut indexed: Vec<Value> = vec![id.into(), kind.into()];
    indexed.extend(columns.map(|text| Value::Text(words(text).join(" "))));
    match tx.dialect() {
        Dialect::Sqlite => tx.derive_at_commit(
            "insert into full_text_index (rowid, kind, title, body, summary, extra)
             values (?1, ?2, ?3, ?4, ?5, ?6)",
            indexed,
        ),
        Dialect::Postgres => {
            tx.derive(
                "insert into full_text_index (id, kind, title, body, summary, extra)
                 values (?1, ?2, array_to_tsvector(array_remove(string_to_array(?3, ' '), '')),
                     array_to_tsvector(array_remove(string_to_array(?4, ' '), '')),
                     array_to_tsvector(array_remove(string_to_array(?5, ' '), '')),
                     array_to_tsvector(array_remove(string_to_array(?6, ' '), '')))",
                &indexed,
            )?;
        }
    }
    Ok(())
}

/// Takes an entity out of the index.
pub fn remove(tx: &WriteTx, id: i64) -> Result<()> {
    tx.derive("delete from full_text where id = ?1", &[id.into()])?;
    match tx.dialect() {
        Dialect::Sqlite => tx.derive_at_commit(
            "delete from full_text_index where rowid = ?1",
            vec![id.into()],
        ),
        Dialect::Postgres => {
            tx.derive("delete from full_text_index where id = ?1", &[id.into()])?;
        }
    }
    Ok(())
}

/// Puts another phrase in the place of one among what else a search finds these entities by, where it stands between
/// spaces: a tag that is renamed, or taken away.
pub fn exchange_phrase(tx: &WriteTx, ids: &[i64], before: &str, after: &str) -> Result<()> {
    let (before, after) = (format!(" {} ", fold(before)), format!(" {} ", fold(after)));
    let rows = tx.query_for_ids(
        "select id, kind, title, body, summary, extra from full_text where id in ({ids})",
        ids,
        &[],
    )?;
    for row in rows {
        let mut row = row.reader();
        let id: i64 = row.take()?;
        let kind: String = row.take()?;
        let (title, body, summary): (String, String, String) =
            (row.take()?, row.take()?, row.take()?);
        let extra = format!(" {} ", row.take::<String>()?).replace(&before, &after);
        let texts = Texts {
            title: &title,
            body: &body,
            summary: &summary,
            extra: extra.trim().to_owned().into(),
        };
        remove(tx, id)?;
        insert(tx, &kind, id, &texts)?;
    }
    Ok(())
}
