//! Entity ids: one ascending sequence for the whole server, handed out from blocks.
//!
//! An id says nothing about the kind of entity, and an id of the wrong kind must simply not be found, so no
//! two entities of any kind share one. Blocks are reserved in the database *between* units of work: an id is
//! never given twice, whatever is rolled back, and a crash only leaves a gap.

use std::cell::Cell;

use super::connection::Connection;
use super::error::{Error, Result};
use super::value::Value;

/// Ids reserved at a time.
const BLOCK: i64 = 100_000;
/// A new block is fetched when fewer are left; one unit of work may use as many.
const LOW_WATER: i64 = 50_000;

/// The ids that this writer may hand out.
pub(super) struct IdBlock {
    next: Cell<i64>,
    end: Cell<i64>,
}

impl IdBlock {
    pub(super) fn empty() -> Self {
        Self {
            next: Cell::new(0),
            end: Cell::new(0),
        }
    }

    /// The next id of the block.
    pub(super) fn next(&self) -> Result<i64> {
        let id = self.next.get();
        if id >= self.end.get() {
            return Err(Error::Overloaded);
        }
        self.next.set(id + 1);
        Ok(id)
    }

    /// Reserves a block if few ids are left. Call outside of a transaction.
    pub(super) fn refill(&self, connection: &mut dyn Connection) -> Result<()> {
        if self.end.get() - self.next.get() >= LOW_WATER {
            return Ok(());
        }
        let rows = connection.query(
            "update counter set value = value + ?1 where name = 'entity_id' returning value",
            &[Value::Integer(BLOCK)],
        )?;
        let end: i64 = rows
            .into_iter()
            .next()
            .ok_or_else(|| Error::NoRow("counter entity_id".to_owned()))?
            .single()?;
        // Another node may have taken the block between: then the rest of the old one is left as a gap.
        if end - BLOCK != self.end.get() {
            self.next.set(end - BLOCK);
        }
        self.end.set(end);
        Ok(())
    }
}
