//! What a closure at the seam holds: a snapshot to read from, or a unit of work to write in.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use super::connection::Connection;
use super::dialect::Dialect;
use super::error::{Error, Result};
use super::ids::IdBlock;
use super::value::{FromValue, Row, Value, check_parameters};

/// Reading, which both kinds of transaction can do: store functions that only read take `&dyn Queries`.
pub trait Queries {
    /// Which engine runs the statements.
    fn dialect(&self) -> Dialect;

    /// All rows of a statement.
    fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>>;

    /// The first row, if there is one.
    fn query_first(&self, sql: &str, parameters: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, parameters)?.into_iter().next())
    }

    /// All rows of a statement that holds `{ids}`, where the list of `ids` goes; `parameters` come before them.
    /// One statement for each 500 ids, so a page is one statement.
    fn query_for_ids(&self, sql: &str, ids: &[i64], parameters: &[Value]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for part in ids.chunks(500) {
            let first = parameters.len() + 1;
            let places: Vec<String> = (first..first + part.len())
                .map(|place| format!("?{place}"))
                .collect();
            let values: Vec<Value> = parameters
                .iter()
                .cloned()
                .chain(part.iter().map(|id| Value::Integer(*id)))
                .collect();
            rows.extend(self.query(&sql.replace("{ids}", &places.join(", ")), &values)?);
        }
        Ok(rows)
    }
}

/// Reading of single columns, for whatever reads. Apart from [`Queries`], which has no generic methods, so that store
/// functions can take it as `&dyn Queries`: they are compiled once, not once for each right that a unit can hold.
pub trait QueryValues: Queries {
    /// The first column of the first row, if there is one.
    fn query_value<T: FromValue>(&self, sql: &str, parameters: &[Value]) -> Result<Option<T>> {
        self.query_first(sql, parameters)?
            .map(Row::single)
            .transpose()
    }

    /// The first column of the only row of a statement that always gives one (`count(*)`, `returning`).
    fn query_scalar<T: FromValue>(&self, sql: &str, parameters: &[Value]) -> Result<T> {
        self.query_value(sql, parameters)?
            .ok_or_else(|| Error::NoRow(sql.to_owned()))
    }

    /// The first column of all rows.
    fn query_column<T: FromValue>(&self, sql: &str, parameters: &[Value]) -> Result<Vec<T>> {
        self.query(sql, parameters)?
            .into_iter()
            .map(Row::single)
            .collect()
    }
}

impl<Q: Queries + ?Sized> QueryValues for Q {}

/// One snapshot of the database.
pub struct ReadTx {
    connection: RefCell<Box<dyn Connection>>,
}

impl ReadTx {
    pub(super) fn new(connection: Box<dyn Connection>) -> Self {
        Self {
            connection: RefCell::new(connection),
        }
    }

    pub(super) fn into_connection(self) -> Box<dyn Connection> {
        self.connection.into_inner()
    }
}

impl Queries for ReadTx {
    fn dialect(&self) -> Dialect {
        self.connection.borrow().dialect()
    }

    fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        check_parameters(parameters)?;
        self.connection.borrow_mut().query(sql, parameters)
    }
}

/// An audited row that a unit of work has changed and owes a record for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    /// The API's name of the kind (`Case`, `Task`…).
    pub kind: &'static str,
    /// The entity's id.
    pub id: i64,
}

/// One unit of work: all of it is committed, with its audit records, or none of it.
///
/// There are two ways to write, on purpose. [`change`](Self::change) writes what an entity *is* and leaves a
/// debt that only the audit trail can settle; [`derive`](Self::derive) writes what can be rebuilt or is no
/// entity (full text, counters, sessions, inbox). A unit that ends with a debt is rolled back.
pub struct WriteTx {
    connection: RefCell<Box<dyn Connection>>,
    ids: IdBlock,
    unrecorded: RefCell<BTreeSet<Touch>>,
    records: Cell<usize>,
    /// What this unit changed, for those who observe commits.
    touched: RefCell<BTreeSet<Touch>>,
    /// Statements of this unit that wait for the commit.
    deferred: RefCell<Vec<Statement>>,
    /// The failure that may have made the engine give up more than this unit.
    fault: RefCell<Option<Error>>,
}

/// A statement with the values of its placeholders.
pub(super) type Statement = (&'static str, Vec<Value>);

impl WriteTx {
    pub(super) fn new(connection: Box<dyn Connection>) -> Self {
        Self {
            connection: RefCell::new(connection),
            ids: IdBlock::empty(),
            unrecorded: RefCell::new(BTreeSet::new()),
            records: Cell::new(0),
            touched: RefCell::new(BTreeSet::new()),
            deferred: RefCell::new(Vec::new()),
            fault: RefCell::new(None),
        }
    }

    /// The connection, between units of work.
    pub(super) fn connection(&mut self) -> &mut Box<dyn Connection> {
        self.connection.get_mut()
    }

    /// Makes ready for the next unit of work.
    pub(super) fn start_unit(&mut self) {
        self.unrecorded.get_mut().clear();
        self.records.set(0);
        self.touched.get_mut().clear();
        self.deferred.get_mut().clear();
        self.fault.get_mut().take();
    }

    /// The failure that made the engine end the whole transaction, once it is known that it did.
    pub(super) fn take_fault(&mut self) -> Option<Error> {
        self.fault.get_mut().take()
    }

    fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64> {
        check_parameters(parameters)?;
        let result = self.connection.borrow_mut().execute(sql, parameters);
        self.note_fault(result)
    }

    fn note_fault<T>(&self, result: Result<T>) -> Result<T> {
        if let Err(
            error @ (Error::DiskFull
            | Error::DiskFailed(_)
            | Error::SyncFailed(_)
            | Error::Deadline),
        ) = &result
        {
            self.fault.replace(Some(error.for_each_waiter()));
        }
        result
    }

    /// Reserves ids if few are left. Call outside of a transaction.
    pub(super) fn refill_ids(&mut self) -> Result<()> {
        self.ids.refill(&mut **self.connection.get_mut())
    }

    /// A new entity id, unique over all kinds of entities and ascending.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when one unit of work asks for more ids than a block holds.
    pub fn new_id(&self) -> Result<i64> {
        self.ids.next()
    }

    /// Changes rows of the entity `touch`; the unit then owes an audit record of it.
    pub fn change(&self, touch: Touch, sql: &str, parameters: &[Value]) -> Result<u64> {
        self.unrecorded.borrow_mut().insert(touch);
        self.touched.borrow_mut().insert(touch);
        self.execute(sql, parameters)
    }

    /// Tells those who observe commits ([`super::Db::observe`]) that something of `touch` changed that is no audited
    /// change of it: a session that was ended.
    pub fn announce(&self, touch: Touch) {
        self.touched.borrow_mut().insert(touch);
    }

    /// What this unit changed or announced; taken when the unit is kept.
    pub(super) fn take_touched(&self) -> BTreeSet<Touch> {
        self.touched.take()
    }

    /// Changes rows that are not an entity of their own: derived tables, counters, sessions, the audit trail itself.
    pub fn derive(&self, sql: &str, parameters: &[Value]) -> Result<u64> {
        self.execute(sql, parameters)
    }

    /// The same, once for all units of a commit, just before it; a failure there is one of the commit. For an index
    /// that no unit reads and that is quicker to write in one go.
    pub(super) fn derive_at_commit(&self, sql: &'static str, parameters: Vec<Value>) {
        self.deferred.borrow_mut().push((sql, parameters));
    }

    /// What this unit left for the commit; taken when the unit is kept.
    pub(super) fn take_deferred(&self) -> Vec<Statement> {
        self.deferred.take()
    }

    /// Marks the debt of `touch` as paid; returns how many records this unit had before. Only the audit trail
    /// calls this, when it writes the record.
    pub(crate) fn settle(&self, touch: Touch) -> usize {
        self.unrecorded.borrow_mut().remove(&touch);
        self.records.replace(self.records.get() + 1)
    }

    /// Fails if a change of this unit has no record.
    pub(super) fn finish(&self) -> Result<()> {
        let unrecorded = self.unrecorded.borrow();
        if unrecorded.is_empty() {
            return Ok(());
        }
        let list: Vec<String> = unrecorded
            .iter()
            .map(|touch| format!("{} {}", touch.kind, touch.id))
            .collect();
        Err(Error::Unrecorded(list.join(", ")))
    }
}

impl Queries for WriteTx {
    fn dialect(&self) -> Dialect {
        self.connection.borrow().dialect()
    }

    fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        check_parameters(parameters)?;
        let result = self.connection.borrow_mut().query(sql, parameters);
        self.note_fault(result)
    }
}
