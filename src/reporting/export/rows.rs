//! A file in its parts: what stands before the rows, the rows a few hundred at a time, and what stands after.

use serde_json::Value as Json;

use crate::access::unit::Scoped;
use crate::access::{Reading, Result};
use crate::query::{Catalogue, Columns, Entity, Kind, Moment, Query, entities, ids_of};

use super::csv::{self, Signs};
use super::rules::{Format, Model, Options, ROWS_MAX, defang, defanged};
use super::{fields, misp};
use crate::access::{Error, FieldProblem};

/// Rows of one part.
pub const ROWS_AT_A_TIME: usize = 500;

/// What is to be written, and how.
pub struct File {
    catalogue: &'static Catalogue,
    ids: Vec<i64>,
    model: Model,
    is_protected: bool,
    form: Form,
    title: String,
    now_ms: i64,
}

enum Form {
    Csv {
        names: Vec<String>,
        columns: Box<Columns>,
        signs: Signs,
    },
    Json {
        only: Option<Vec<String>>,
    },
    Text,
    Misp,
}

impl File {
    /// Finds out which rows it has.
    ///
    /// # Errors
    /// A query that is not possible, or of another model than the options say; a field that there isn't; too many rows.
    pub fn prepare(
        reading: &Reading,
        catalogue: &'static Catalogue,
        query: &Query,
        options: &Options,
    ) -> Result<Self> {
        options.check()?;
        let signs = options.signs()?;
        let now_ms = reading.scope().now_ms;
        let (entity, ids) = ids_of(reading, catalogue, query, &Moment::at(now_ms), ROWS_MAX)?;
        if entity.kind != options.model.kind() {
            let message = format!("must be that of the query: {}", entity.kind);
            return Err(Error::invalid(FieldProblem::format(
                "options.model",
                message,
            )));
        }
        let form = match options.format {
            Format::Csv => csv_form(reading, entity, options, signs)?,
            Format::Json => Form::Json {
                only: options.fields.clone(),
            },
            Format::Txt => Form::Text,
            Format::Misp => Form::Misp,
        };
        Ok(Self {
            catalogue,
            ids,
            model: options.model,
            is_protected: options.protect_data.unwrap_or(true)
                && options.model == Model::Observable
                && options.format != Format::Misp,
            form,
            title: options.file(),
            now_ms,
        })
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.ids.len()
    }

    /// What stands before the rows.
    pub fn beginning(&self) -> String {
        match &self.form {
            Form::Csv { names, signs, .. } => {
                let cells: Vec<String> = names
                    .iter()
                    .map(|name| csv::quoted(&csv::harmless(name), *signs))
                    .collect();
                csv::line(&cells, *signs)
            }
            Form::Json { .. } => "[".to_owned(),
            Form::Text => String::new(),
            Form::Misp => misp::beginning(&self.title, self.now_ms),
        }
    }

    /// What stands after them.
    pub fn end(&self) -> &'static str {
        match self.form {
            Form::Json { .. } => "]",
            Form::Misp => misp::END,
            Form::Csv { .. } | Form::Text => "",
        }
    }

    /// The rows from `from` on, [`ROWS_AT_A_TIME`] of them at most. `is_first` is whether none was written yet; given back
    /// is whether that is still so.
    ///
    /// # Errors
    /// Only those of the storage.
    pub fn part(&self, reading: &Reading, from: usize, is_first: bool) -> Result<(String, bool)> {
        let to = (from + ROWS_AT_A_TIME).min(self.ids.len());
        let ids = &self.ids[from..to];
        if let Form::Csv { columns, signs, .. } = &self.form {
            return Ok((self.lines(reading, columns, *signs, ids)?, false));
        }
        let mut text = String::new();
        let mut is_first = is_first;
        for mut entity in entities(reading, self.catalogue, self.model.kind(), ids)? {
            if self.is_protected {
                defang(&mut entity);
            }
            let written = match &self.form {
                Form::Misp => misp::attribute(&entity).map(|one| one.to_string()),
                Form::Text => entity["data"]
                    .as_str()
                    .map(|data| data.replace(['\r', '\n'], " ") + "\n"),
                Form::Json { only } => {
                    if let (Some(only), Json::Object(map)) = (only, &mut entity) {
                        map.retain(|name, _| only.contains(name));
                    }
                    Some(entity.to_string())
                }
                Form::Csv { .. } => None,
            };
            let Some(written) = written else { continue };
            if !is_first && !matches!(self.form, Form::Text) {
                text.push_str(",\n");
            }
            text.push_str(&written);
            is_first = false;
        }
        Ok((text, is_first))
    }

    fn lines(
        &self,
        reading: &Reading,
        columns: &Columns,
        signs: Signs,
        ids: &[i64],
    ) -> Result<String> {
        let kinds = columns.kinds();
        let mut text = String::new();
        for mut row in columns.values(reading, ids)? {
            if self.is_protected {
                protect(&mut row);
            }
            // Of observables the type and the value come before what was asked for.
            let asked = row.len() - self.asked_columns();
            let cells: Vec<String> = row[asked..]
                .iter()
                .zip(&kinds[asked..])
                .map(|(value, kind): (&Json, &Kind)| csv::cell(value, *kind, signs))
                .collect();
            text.push_str(&csv::line(&cells, signs));
        }
        Ok(text)
    }

    fn asked_columns(&self) -> usize {
        match &self.form {
            Form::Csv { names, .. } => names.len(),
            _ => 0,
        }
    }
}

/// The value of an observable is written as no address, in whichever column it is: the first two columns say what it is.
fn protect(row: &mut [Json]) {
    let data_type = row[0].as_str().unwrap_or_default().to_owned();
    let Some(data) = row[1].as_str().map(ToOwned::to_owned) else {
        return;
    };
    let written = defanged(&data_type, &data);
    for value in &mut row[2..] {
        if value.as_str() == Some(&data) {
            *value = Json::from(written.as_str());
        }
    }
}

fn csv_form(reading: &Reading, entity: &Entity, options: &Options, signs: Signs) -> Result<Form> {
    let names = match &options.fields {
        Some(fields) if !fields.is_empty() => fields.clone(),
        _ => fields::usual(entity, options.model),
    };
    let mut read = names.clone();
    if options.model == Model::Observable && options.protect_data.unwrap_or(true) {
        read.splice(0..0, ["dataType".to_owned(), "data".to_owned()]);
    }
    Ok(Form::Csv {
        columns: Box::new(Columns::new(reading, entity, &read, "options.fields")?),
        names,
        signs,
    })
}
