//! PostgreSQL behind the seam, by the synchronous client: the same statements, a thread for each that runs.

use std::collections::HashMap;
use std::error::Error as StdError;

use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use super::connection::{Connection, Limit, Tidy};
use super::dialect::Dialect;
use super::error::{Error, Result};
use super::value::{Row, Value};

/// Prepared statements kept for each connection.
const STATEMENTS_MAX: usize = 256;

/// A connection to a PostgreSQL database.
pub(super) struct Postgres {
    /// Only `None` while it is dropped.
    client: Option<Client>,
    statements: HashMap<String, Statement>,
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Saying good-bye to the server blocks, which a thread that drives asynchronous tasks must not do; and the
        // last handle to the database may be dropped there.
        let client = self.client.take();
        drop(std::thread::Builder::new().spawn(move || drop(client)));
    }
}

impl Postgres {
    /// Connects to `url`; `statement_time_max_ms` bounds each statement in the server itself.
    pub(super) fn connect(url: &str, statement_time_max_ms: u64) -> Result<Self> {
        let mut client = Client::connect(url, NoTls).map_err(|error| {
            Error::NotNow(format!(
                "Cannot connect to the PostgreSQL database: {}.",
                chain(&error)
            ))
        })?;
        client
            .batch_execute(&format!(
                "set statement_timeout = {statement_time_max_ms}; set client_min_messages = warning"
            ))
            .map_err(|error| map_error("set up the connection", &error))?;
        Ok(Self {
            client: Some(client),
            statements: HashMap::new(),
        })
    }

    fn client(&mut self) -> Result<&mut Client> {
        self.client.as_mut().ok_or(Error::Closed)
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self
            .client()?
            .prepare(&number_placeholders(sql))
            .map_err(|error| map_error(sql, &error))?;
        if self.statements.len() >= STATEMENTS_MAX {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Connection for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64> {
        let statement = self.prepare(sql)?;
        self.client()?
            .execute(&statement, &as_parameters(parameters))
            .map_err(|error| map_error(sql, &error))
    }

    fn query(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        let statement = self.prepare(sql)?;
        let rows = self
            .client()?
            .query(&statement, &as_parameters(parameters))
            .map_err(|error| map_error(sql, &error))?;
        rows.iter()
            .map(|row| {
                let values = (0..row.len())
                    .map(|column| from_postgres(row, column))
                    .collect::<std::result::Result<Vec<Value>, postgres::Error>>()
                    .map_err(|error| map_error(sql, &error))?;
                Ok(Row { values })
            })
            .collect()
    }

    fn batch(&mut self, sql: &str) -> Result<()> {
        self.client()?
            .batch_execute(sql)
            .map_err(|error| map_error(sql, &error))
    }

    fn set_limit(&mut self, _limit: Option<Limit>) {
        // `statement_timeout` is the bound here: setting one for each read would cost a round trip.
    }

    fn is_alive(&self) -> bool {
        self.client
            .as_ref()
            .is_some_and(|client| !client.is_closed())
    }

    fn tidy(&mut self, _when: Tidy) -> Result<()> {
        // PostgreSQL has its own processes for it.
        Ok(())
    }
}

fn as_parameters(parameters: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    parameters
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}

impl ToSql for Value {
    /// Refuses a value whose type is not the statement's: SQLite would take it in silence and sort it wrongly.
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Integer(value), &Type::INT8) => value.to_sql(ty, out),
            (Self::Integer(value), &Type::INT4) => i32::try_from(*value)?.to_sql(ty, out),
            (Self::Real(value), &Type::FLOAT8) => value.to_sql(ty, out),
            (Self::Text(value), &Type::TEXT | &Type::VARCHAR | &Type::NAME) => {
                value.to_sql(ty, out)
            }
            (Self::Blob(value), &Type::BYTEA) => value.to_sql(ty, out),
            (value, ty) => Err(format!(
                "a parameter is {}, the statement wants {ty}",
                value.type_name()
            )
            .into()),
        }
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn from_postgres(
    row: &postgres::Row,
    column: usize,
) -> std::result::Result<Value, postgres::Error> {
    let value = match *row.columns()[column].type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map(Value::Integer),
        Type::INT4 => row
            .try_get::<_, Option<i32>>(column)?
            .map(|value| Value::Integer(i64::from(value))),
        Type::BOOL => row
            .try_get::<_, Option<bool>>(column)?
            .map(|value| Value::Integer(i64::from(value))),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(column)?.map(Value::Real),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column)?.map(Value::Blob),
        _ => row.try_get::<_, Option<String>>(column)?.map(Value::Text),
    };
    Ok(value.unwrap_or(Value::Null))
}

/// Turns `?1` into `$1` outside of text literals and quoted names.
fn number_placeholders(sql: &str) -> String {
    let mut numbered = String::with_capacity(sql.len());
    let mut quote = None;
    for character in sql.chars() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
        numbered.push(if character == '?' && quote.is_none() {
            '$'
        } else {
            character
        });
    }
    numbered
}

fn map_error(attempted: &str, error: &postgres::Error) -> Error {
    let what = || {
        let detail = error.as_db_error();
        detail
            .and_then(|error| error.constraint())
            .unwrap_or_default()
            .to_owned()
    };
    match error.code() {
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => Error::Unique { what: what() },
        Some(code) if *code == SqlState::FOREIGN_KEY_VIOLATION => Error::Reference { what: what() },
        Some(code) if *code == SqlState::DISK_FULL => Error::DiskFull,
        Some(code) if *code == SqlState::QUERY_CANCELED => Error::Deadline,
        Some(code) if *code == SqlState::TOO_MANY_CONNECTIONS => Error::Overloaded,
        _ if error.is_closed() || error.code().is_some_and(is_shutdown) => {
            let cause = chain(error);
            tracing::warn!(cause, "the connection to the database broke");
            Error::Unreachable { cause }
        }
        _ => Error::engine(attempted, chain(error)),
    }
}

/// The server stops, or does not let anybody in yet.
fn is_shutdown(code: &SqlState) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
    ]
    .contains(code)
}

/// The error with its causes: the client's own text is only "db error".
fn chain(error: &postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::number_placeholders;

    #[test]
    fn placeholders_in_literals_stay() {
        assert_eq!(
            number_placeholders("select ?1, 'why?', \"what?\" where a = ?2"),
            "select $1, 'why?', \"what?\" where a = $2"
        );
    }
}
