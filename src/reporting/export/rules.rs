//! What may be exported, in which form, and what of it is made harmless.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::access::{Error, FieldProblem, Result};
use crate::wire::Text;
use crate::wire::file_name::is_treacherous;

use super::csv::Signs;

/// Rows of one file.
pub const ROWS_MAX: u64 = 1_000_000;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    Csv,
    Json,
    Txt,
    Misp,
}

impl Format {
    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json | Self::Misp => "json",
            Self::Txt => "txt",
        }
    }

    /// What the file is said to be.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json | Self::Misp => "application/json",
            Self::Txt => "text/plain; charset=utf-8",
        }
    }
}

/// What lists can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Model {
    Case,
    Alert,
    User,
    Organisation,
    Procedure,
    Task,
    Observable,
}

impl Model {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Case,
        Self::Alert,
        Self::User,
        Self::Organisation,
        Self::Procedure,
        Self::Task,
        Self::Observable,
    ];

    /// The kind of its entities, as in `_type`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Case => "Case",
            Self::Alert => "Alert",
            Self::User => "User",
            Self::Organisation => "Organisation",
            Self::Procedure => "Procedure",
            Self::Task => "Task",
            Self::Observable => "Observable",
        }
    }

    /// The columns of a file that names none.
    pub fn usual_columns(self) -> &'static [&'static str] {
        match self {
            Self::Case => &[
                "number",
                "title",
                "severity",
                "status",
                "stage",
                "assignee",
                "tags",
                "tlp",
                "pap",
                "startDate",
                "endDate",
                "_createdAt",
                "_createdBy",
            ],
            Self::Alert => &[
                "title",
                "type",
                "source",
                "sourceRef",
                "severity",
                "status",
                "stage",
                "assignee",
                "tags",
                "tlp",
                "pap",
                "date",
                "_createdAt",
            ],
            Self::User => &["login", "name", "type", "locked", "_createdAt"],
            Self::Organisation => &["name", "description", "locked", "_createdAt"],
            Self::Procedure => &[
                "patternId",
                "tactic",
                "occurDate",
                "description",
                "_createdAt",
            ],
            Self::Task => &[
                "title",
                "group",
                "status",
                "assignee",
                "startDate",
                "endDate",
                "dueDate",
                "_createdAt",
            ],
            Self::Observable => &[
                "dataType",
                "data",
                "tags",
                "tlp",
                "pap",
                "ioc",
                "sighted",
                "message",
                "_createdAt",
            ],
        }
    }
}

/// How a list is to be exported.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    pub format: Format,
    pub model: Model,
    /// Without the end.
    pub file_name: Option<Text<1, 128>>,
    /// Whether addresses are written so that nobody opens them by a click.
    pub protect_data: Option<bool>,
    /// Columns of CSV in place of the usual ones.
    pub fields: Option<Vec<String>>,
    pub delimiter: Option<char>,
    pub quote_char: Option<char>,
    pub escape_char: Option<char>,
}

/// Columns of one file.
const COLUMNS_MAX: usize = 200;

impl Options {
    /// The signs of CSV.
    ///
    /// # Errors
    /// A sign that would be taken for another.
    pub fn signs(&self) -> Result<Signs> {
        let usual = Signs::default();
        let signs = Signs {
            delimiter: self.delimiter.unwrap_or(usual.delimiter),
            quote: self.quote_char.unwrap_or(usual.quote),
            escape: self.escape_char.or(self.quote_char).unwrap_or(usual.escape),
        };
        let wrong = |name, message: &str| {
            Err(Error::invalid(FieldProblem::format(
                format!("options.{name}"),
                message,
            )))
        };
        for (name, sign) in [
            ("delimiter", signs.delimiter),
            ("quoteChar", signs.quote),
            ("escapeChar", signs.escape),
        ] {
            if sign.is_alphanumeric() || (sign.is_control() && sign != '\t') {
                return wrong(name, "must be a sign, neither a letter nor a line break");
            }
        }
        if signs.delimiter == signs.quote || signs.delimiter == signs.escape {
            return wrong(
                "delimiter",
                "must be another sign than the quote and the escape",
            );
        }
        Ok(signs)
    }

    /// Refuses what does not go together.
    ///
    /// # Errors
    /// A form that the model does not have; too many columns.
    pub fn check(&self) -> Result<()> {
        if matches!(self.format, Format::Txt | Format::Misp) && self.model != Model::Observable {
            let message = "can be txt or misp for Observable only";
            return Err(Error::invalid(FieldProblem::format(
                "options.format",
                message,
            )));
        }
        if self
            .fields
            .as_ref()
            .is_some_and(|fields| fields.len() > COLUMNS_MAX)
        {
            let message = format!("must be at most {COLUMNS_MAX}");
            return Err(Error::invalid(FieldProblem::format(
                "options.fields",
                message,
            )));
        }
        Ok(())
    }

    /// The name of the file: what is asked for, in any script, without what file systems do not take and what is not
    /// seen.
    pub fn file(&self) -> String {
        let asked = self.file_name.as_deref().unwrap_or(self.model.kind());
        let name: String = asked
            .chars()
            .map(|c| {
                let is_kept = if c.is_ascii() {
                    c.is_ascii_alphanumeric() || "._- ".contains(c)
                } else {
                    !is_treacherous(c)
                };
                if is_kept { c } else { '_' }
            })
            .collect();
        let name = name.trim_matches(['.', ' ']);
        let name = if name.is_empty() {
            self.model.kind()
        } else {
            name
        };
        format!("{name}.{}", self.format.extension())
    }
}

/// Types of observables that a click could lead to.
const ADDRESSES: [&str; 7] = [
    "ip", "domain", "fqdn", "hostname", "url", "mail", "uri_path",
];

/// The value of an observable, written so that no program takes it for an address.
pub fn defanged(data_type: &str, value: &str) -> String {
    if !ADDRESSES.contains(&data_type) {
        return value.to_owned();
    }
    let small = value.to_ascii_lowercase();
    let value = if small.starts_with("http") {
        format!("hxxp{}", &value[4..])
    } else if small.starts_with("ftp") {
        format!("fxp{}", &value[3..])
    } else {
        value.to_owned()
    };
    value.replace('.', "[.]").replace('@', "[@]")
}

/// The same in an observable as the API gives it.
pub fn defang(entity: &mut Json) {
    let data_type = entity["dataType"].as_str().unwrap_or_default().to_owned();
    if let Some(Json::String(data)) = entity.get_mut("data") {
        *data = defanged(&data_type, data);
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Model, Options, defanged};
    use crate::wire::Text;

    fn options(name: Option<&str>) -> Options {
        Options {
            format: Format::Csv,
            model: Model::Case,
            file_name: name.map(|name| Text::new(name.to_owned()).unwrap()),
            protect_data: None,
            fields: None,
            delimiter: None,
            quote_char: None,
            escape_char: None,
        }
    }

    #[test]
    fn a_file_has_a_name_that_every_system_takes() {
        for (asked, name) in [
            (None, "Case.csv"),
            (Some("weekly report"), "weekly report.csv"),
            (Some("../../etc/passwd"), "_.._etc_passwd.csv"),
            (Some("a\"\r\nb"), "a___b.csv"),
            (Some("..."), "Case.csv"),
            (Some("Fälle für März"), "Fälle für März.csv"),
            (Some("事件/一覧"), "事件_一覧.csv"),
            (Some("a\u{202e}vsc"), "a_vsc.csv"),
        ] {
            assert_eq!(options(asked).file(), name);
        }
    }

    #[test]
    fn signs_must_differ() {
        let with = |delimiter, quote_char| Options {
            delimiter,
            quote_char,
            ..options(None)
        };
        assert!(with(Some(';'), None).signs().is_ok());
        assert!(with(Some('\t'), Some('\'')).signs().is_ok());
        for (delimiter, quote) in [
            (Some('"'), None),
            (Some('a'), None),
            (Some('\n'), None),
            (None, Some(',')),
        ] {
            assert!(
                with(delimiter, quote).signs().is_err(),
                "{delimiter:?} {quote:?}"
            );
        }
    }

    #[test]
    fn addresses_lead_nowhere() {
        for (data_type, value, written) in [
            (
                "url",
                "http://evil.example/a.b",
                "hxxp://evil[.]example/a[.]b",
            ),
            ("url", "HTTPS://evil.example", "hxxpS://evil[.]example"),
            ("url", "ftp://evil.example", "fxp://evil[.]example"),
            ("ip", "10.0.0.1", "10[.]0[.]0[.]1"),
            ("mail", "a@b.example", "a[@]b[.]example"),
            ("filename", "a.exe", "a.exe"),
            ("hash", "d41d8cd9", "d41d8cd9"),
        ] {
            assert_eq!(defanged(data_type, value), written);
        }
    }
}
