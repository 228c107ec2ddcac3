//! What differs between the engines, each difference with a name.

/// The engine behind the seam.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Opens a batch of units of work, as the only writer.
    pub(super) fn begin_batch(self) -> &'static str {
        match self {
            Self::Sqlite => "begin immediate",
            // The number is the lock that keeps the writers of several nodes in line. The commit releases it;
            // statements after it see all that was committed before.
            Self::Postgres => "begin; select pg_advisory_xact_lock(7375704101)",
        }
    }

    /// Opens a snapshot to read from.
    pub(super) fn begin_snapshot(self) -> &'static str {
        match self {
            Self::Sqlite => "begin deferred",
            Self::Postgres => "begin transaction isolation level repeatable read read only",
        }
    }

    /// The condition that a text (the first placeholder) has a form (the second). Both engines heed letter case here,
    /// which SQLite's `like` doesn't.
    pub fn has_form(self) -> &'static str {
        match self {
            Self::Sqlite => "? glob ?",
            Self::Postgres => "? like ? escape '!'",
        }
    }

    /// In a form: any text.
    pub fn form_anything(self) -> char {
        match self {
            Self::Sqlite => '*',
            Self::Postgres => '%',
        }
    }

    /// In a form: one character, whichever.
    pub fn form_one_character(self) -> char {
        match self {
            Self::Sqlite => '?',
            Self::Postgres => '_',
        }
    }

    /// In a form: the text itself, whatever signs are in it.
    pub fn form_text(self, text: &str) -> String {
        let mut escaped = String::with_capacity(text.len());
        for character in text.chars() {
            match (self, character) {
                (Self::Sqlite, '*' | '?' | '[') => {
                    escaped.push('[');
                    escaped.push(character);
                    escaped.push(']');
                }
                (Self::Postgres, '%' | '_' | '!') => {
                    escaped.push('!');
                    escaped.push(character);
                }
                _ => escaped.push(character),
            }
        }
        escaped
    }

    /// What follows a text that is put in an order or compared by it: both go by the bytes.
    pub fn by_bytes(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " collate \"C\"",
        }
    }

    /// Whether the engine itself knows how many rows a value has, and plans by it. SQLite takes every value for as
    /// frequent as any other.
    pub fn knows_frequencies(self) -> bool {
        self == Self::Postgres
    }

    /// Replaces the few words in a migration that the engines spell differently.
    pub(crate) fn spell(self, sql: &str) -> String {
        let words: [(&str, &str); 6] = match self {
            Self::Sqlite => [
                ("{{integer}}", "integer"),
                ("{{real}}", "real"),
                ("{{text}}", "text"),
                ("{{blob}}", "blob"),
                ("{{strict}}", "strict"),
                ("{{strict_without_rowid}}", "strict, without rowid"),
            ],
            Self::Postgres => [
                ("{{integer}}", "bigint"),
                ("{{real}}", "double precision"),
                // Sorted and compared by its bytes, as SQLite does it, whatever the server's language is.
                ("{{text}}", "text collate \"C\""),
                ("{{blob}}", "bytea"),
                ("{{strict}}", ""),
                ("{{strict_without_rowid}}", ""),
            ],
        };
        let mut spelled = self.only_own_blocks(sql);
        for (word, spelling) in words {
            spelled = spelled.replace(word, spelling);
        }
        spelled
    }

    /// Leaves out the lines between `-- only <other engine>` and `-- all engines`.
    fn only_own_blocks(self, sql: &str) -> String {
        let own = match self {
            Self::Sqlite => "-- only sqlite",
            Self::Postgres => "-- only postgres",
        };
        let mut is_own = true;
        let mut kept = String::with_capacity(sql.len());
        for line in sql.lines() {
            let mark = line.trim();
            if mark.starts_with("-- only ") {
                is_own = mark == own;
            } else if mark == "-- all engines" {
                is_own = true;
            } else if is_own {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::Dialect;

    #[test]
    fn blocks_of_the_other_engine_are_left_out() {
        let sql = "a {{integer}};\n-- only sqlite\nb;\n-- only postgres\nc;\n-- all engines\nd;\n";
        assert_eq!(Dialect::Sqlite.spell(sql), "a integer;\nb;\nd;\n");
        assert_eq!(Dialect::Postgres.spell(sql), "a bigint;\nc;\nd;\n");
    }
}
