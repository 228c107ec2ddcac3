//! The full-text index, one for all kinds of entities: FTS5 on SQLite, tsvector on PostgreSQL.
//!
//! Words are cut and folded by [`crate::text::fold`], not by the engines, so both find the same. Since entity
//! ids are unique over all kinds, the id alone is the key. Everything here can be rebuilt from the entities.
//!
//! A word stands in the index behind the [mark](mark) of its entity's kind: each kind is searched for itself, and a word that
//! is frequent among observables must cost nothing to whoever searches cases.
//!
//! SQLite has a second index, of the pieces of three characters that a title has: whoever searches for what stands in the
//! middle of a word finds few candidates by them, and looks at their titles then.
//!
//! FTS5 writes out what it holds at every savepoint, so its rows are written once for all units of a commit.

use std::borrow::Cow;

use super::connection::Connection;
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

/// What the words of a kind of entity begin with in the index: one letter, no kind's the same.
fn mark(kind: &str) -> char {
    match kind {
        "Alert" => 'a',
        "Case" => 'c',
        "CustomEvent" => 'e',
        "Attachment" => 'f',
        "Page" => 'g',
        "Log" => 'l',
        "Comment" => 'm',
        "Observable" => 'o',
        "Procedure" => 'p',
        "Task" => 't',
        // Kinds of the tests.
        _ => 'z',
    }
}

/// Each of the words at the beginning of a word in a column.
pub type Words<'a> = (Indexed, &'a [String]);

/// What an entity of the kind must match in `full_text_index` to have all of them; those of `whole` as words of their own, which
/// is quicker than to put together all that begin so.
pub fn question(dialect: Dialect, kind: &str, words: &[Words], whole: &[String]) -> String {
    let mark = mark(kind);
    let asked = words.iter().map(|(indexed, words)| {
        let terms = words
            .iter()
            .map(|word| match (dialect, whole.contains(word)) {
                (Dialect::Sqlite, true) => format!("\"{mark}{word}\""),
                (Dialect::Sqlite, false) => format!("\"{mark}{word}\" *"),
                (Dialect::Postgres, true) => format!("'{mark}{word}'"),
                (Dialect::Postgres, false) => format!("'{mark}{word}':*"),
            });
        let terms: Vec<String> = terms.collect();
        match dialect {
            Dialect::Sqlite => {
                let columns = indexed.columns().join(" ");
                format!("({{{columns}}} : ({}))", terms.join(" AND "))
            }
            Dialect::Postgres => terms.join(" & "),
        }
    });
    let asked: Vec<String> = asked.collect();
    asked.join(" AND ")
}

/// The statement that finds the ids of the entities of a kind that have each of the words at the beginning of a word in that
/// column, with the value of its one placeholder. The words are what [`words`] makes of a text.
pub fn matching(
    dialect: Dialect,
    kind: &str,
    indexed: Indexed,
    words: &[String],
) -> (String, String) {
    let question = question(dialect, kind, &[(indexed, words)], &[]);
    let sql = match (dialect, indexed) {
        (Dialect::Sqlite, _) => {
            "select full_text_index.rowid from full_text_index where full_text_index match ?"
                .to_owned()
        }
        (Dialect::Postgres, _) => {
            let column = match indexed {
                Indexed::Everything => "everything",
                _ => indexed.columns()[0],
            };
            format!(
                "select full_text_index.id from full_text_index
                 where full_text_index.{column} @@ cast(cast(? as text) as tsquery)"
            )
        }
    };
    (sql, question)
}

/// Pieces of a pattern that are looked for at most: each makes the candidates fewer, but costs a look.
const PIECES_MAX: usize = 24;

/// The statement that finds the ids of the entities of a kind whose title may have these texts in it, with the value of its
/// one placeholder: all that have them, and some that haven't. `None` where no text is long enough for the index to tell,
/// or where there's no such index.
pub fn may_contain<'a>(
    dialect: Dialect,
    kind: &str,
    texts: impl Iterator<Item = &'a str>,
) -> Option<(&'static str, String)> {
    if dialect != Dialect::Sqlite {
        return None;
    }
    let mut pieces: Vec<String> = texts.flat_map(|text| pieces(kind, text)).collect();
    pieces.sort_unstable();
    pieces.dedup();
    pieces.truncate(PIECES_MAX);
    if pieces.is_empty() {
        return None;
    }
    let pieces: Vec<String> = pieces.iter().map(|piece| format!("\"{piece}\"")).collect();
    Some((
        "select full_text_pieces.rowid from full_text_pieces where full_text_pieces match ?",
        pieces.join(" AND "),
    ))
}

/// All pieces of three characters of a text that is folded; signs are all the same to the index.
fn pieces(kind: &str, folded: &str) -> Vec<String> {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
    let characters: Vec<char> = folded
        .chars()
        .map(|c| if is_kept(c) { c } else { '_' })
        .collect();
    let mark = mark(kind);
    characters
        .windows(3)
        .map(|piece| std::iter::once(&mark).chain(piece).collect())
        .collect()
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
    for (sql, values) in index_rows(tx.dialect(), kind, id, texts) {
        match tx.dialect() {
            Dialect::Sqlite => tx.derive_at_commit(sql, values),
            Dialect::Postgres => {
                tx.derive(sql, &values)?;
            }
        }
    }
    Ok(())
}

/// The statements, with their values, that put an entity's texts into the index.
fn index_rows(
    dialect: Dialect,
    kind: &str,
    id: i64,
    texts: &Texts,
) -> Vec<(&'static str, Vec<Value>)> {
    let mark = mark(kind);
    let columns = [texts.title, texts.body, texts.summary, &texts.extra];
    let mut indexed: Vec<Value> = vec![id.into()];
    indexed.extend(columns.map(|text| {
        let mut marked = String::with_capacity(text.len() + text.len() / 4);
        for word in words(text) {
            if !marked.is_empty() {
                marked.push(' ');
            }
            marked.push(mark);
            marked.push_str(&word);
        }
        Value::Text(marked)
    }));
    let mut rows = Vec::with_capacity(2);
    match dialect {
        Dialect::Sqlite => {
            rows.push((
                "insert into full_text_index (rowid, title, body, summary, extra) values (?1, ?2, ?3, ?4, ?5)",
                indexed,
            ));
            let mut pieces = pieces(kind, &fold(texts.title));
            if !pieces.is_empty() {
                pieces.sort_unstable();
                pieces.dedup();
                rows.push((
                    "insert into full_text_pieces (rowid, pieces) values (?1, ?2)",
                    vec![id.into(), pieces.join(" ").into()],
                ));
            }
        }
        Dialect::Postgres => rows.push((
            "insert into full_text_index (id, title, body, summary, extra)
             values (?1, array_to_tsvector(array_remove(string_to_array(?2, ' '), '')),
                 array_to_tsvector(array_remove(string_to_array(?3, ' '), '')),
                 array_to_tsvector(array_remove(string_to_array(?4, ' '), '')),
                 array_to_tsvector(array_remove(string_to_array(?5, ' '), '')))",
            indexed,
        )),
    }
    rows
}

/// Makes the index of the texts that are there, for a schema whose index is new and empty.
pub(super) fn index_all(connection: &mut dyn Connection) -> Result<()> {
    const AT_A_TIME: usize = 500;
    let mut last = 0_i64;
    loop {
        let rows = connection.query(
            &format!(
                "select id, kind, title, body, summary, extra from full_text where id > ?1 order by id limit {AT_A_TIME}"
            ),
            &[last.into()],
        )?;
        let count = rows.len();
        for row in rows {
            let mut row = row.reader();
            last = row.take()?;
            let kind: String = row.take()?;
            let (title, body, summary): (String, String, String) =
                (row.take()?, row.take()?, row.take()?);
            let texts = Texts {
                title: &title,
                body: &body,
                summary: &summary,
                extra: row.take::<String>()?.into(),
            };
            for (sql, values) in index_rows(connection.dialect(), &kind, last, &texts) {
                connection.execute(sql, &values)?;
            }
        }
        if count < AT_A_TIME {
            return Ok(());
        }
    }
}

/// Takes an entity out of the index.
pub fn remove(tx: &WriteTx, id: i64) -> Result<()> {
    tx.derive("delete from full_text where id = ?1", &[id.into()])?;
    match tx.dialect() {
        Dialect::Sqlite => {
            for sql in [
                "delete from full_text_index where rowid = ?1",
                "delete from full_text_pieces where rowid = ?1",
            ] {
                tx.derive_at_commit(sql, vec![id.into()]);
            }
        }
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

#[cfg(test)]
mod tests {
    use super::{Indexed, may_contain, pieces, question};
    use crate::storage::Dialect;

    #[test]
    fn each_kind_is_asked_for_behind_its_own_letter() {
        let words = ["bad".to_owned(), "host".to_owned()];
        let asked = [
            (Indexed::Everything, &words[..]),
            (Indexed::Title, &words[..1]),
        ];
        assert_eq!(
            question(Dialect::Sqlite, "Alert", &asked, &words[..1]),
            "({title body summary extra} : (\"abad\" AND \"ahost\" *)) AND ({title} : (\"abad\"))"
        );
        assert_eq!(
            question(Dialect::Postgres, "Case", &asked[..1], &[]),
            "'cbad':* & 'chost':*"
        );
    }

    #[test]
    fn a_text_has_every_piece_of_what_it_contains() {
        let of_text = pieces("Task", "évil.exe or [odd] name");
        for part in ["évi", "l.exe", "e o", "[odd]", "name"] {
            let part = pieces("Task", part);
            assert!(!part.is_empty());
            assert!(part.iter().all(|piece| of_text.contains(piece)), "{part:?}");
        }
        assert_eq!(pieces("Task", "l.e"), ["tl_e"]);
    }

    #[test]
    fn what_is_too_short_for_a_piece_is_not_looked_for() {
        let texts = |texts: &[&'static str]| {
            may_contain(Dialect::Sqlite, "Case", texts.iter().copied()).map(|(_, asked)| asked)
        };
        assert_eq!(texts(&["ab", ""]), None);
        assert_eq!(
            texts(&["ab", "abcd"]).as_deref(),
            Some("\"cabc\" AND \"cbcd\"")
        );
        assert_eq!(
            may_contain(Dialect::Postgres, "Case", ["abc"].into_iter()),
            None
        );
    }
}
