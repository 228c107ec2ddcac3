//! What an action works in: a transaction, the caller, and in the type what the caller may do.

use std::marker::PhantomData;

use super::permission::{Implies, Member, Requirement};
use super::scope::Scope;
use crate::storage::{Dialect, Queries, ReadTx, Result, Row, Value, WriteTx};

/// A snapshot in the eyes of the caller.
pub struct Reading<'a> {
    tx: &'a ReadTx,
    scope: &'a Scope,
}

impl<'a> Reading<'a> {
    pub(super) fn new(tx: &'a ReadTx, scope: &'a Scope) -> Self {
        Self { tx, scope }
    }

    /// A snapshot that was opened outside of any server, for the command line: whoever can open one can read the files
    /// of the database anyway.
    pub fn on_snapshot(tx: &'a ReadTx, scope: &'a Scope) -> Self {
        Self { tx, scope }
    }

    /// The same snapshot seen from another organisation: only for the internal user, who is at home in all of them.
    ///
    /// # Errors
    /// [`super::Error::Refused`] for anybody else.
    pub fn seen_from<'b>(&self, scope: &'b Scope) -> super::Result<Reading<'b>>
    where
        'a: 'b,
    {
        require_system(self.scope, scope)?;
        Ok(Reading { tx: self.tx, scope })
    }
}

impl Queries for Reading<'_> {
    fn dialect(&self) -> Dialect {
        self.tx.dialect()
    }
    fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        self.tx.query(sql, parameters)
    }
}

/// A unit of work of a caller who holds `P`.
pub struct Writing<'a, P: Requirement = Member> {
    tx: &'a WriteTx,
    scope: &'a Scope,
    holds: PhantomData<P>,
}

impl<'a, P: Requirement> Writing<'a, P> {
    pub(super) fn new(tx: &'a WriteTx, scope: &'a Scope) -> Self {
        Self {
            tx,
            scope,
            holds: PhantomData,
        }
    }

    /// The transaction, for stores and the audit trail.
    pub fn tx(&self) -> &'a WriteTx {
        self.tx
    }

    /// The same unit with the lesser right `Q`, to call another domain's action.
    pub fn holding<Q: Requirement>(&self) -> Writing<'a, Q>
    where
        P: Implies<Q>,
    {
        Writing {
            tx: self.tx,
            scope: self.scope,
            holds: PhantomData,
        }
    }

    /// The same unit in another organisation: only for the internal user, who is at home in all of them.
    ///
    /// # Errors
    /// [`super::Error::Refused`] for anybody else.
    pub fn done_from<'b>(&self, scope: &'b Scope) -> super::Result<Writing<'b, P>>
    where
        'a: 'b,
    {
        require_system(self.scope, scope)?;
        Ok(Writing {
            tx: self.tx,
            scope,
            holds: PhantomData,
        })
    }

    /// The same unit with the right `Q`, if the caller's profile has it.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`] when it has not.
    pub fn demand<Q: Requirement>(&self) -> super::Result<Writing<'a, Q>> {
        if Q::NEED.is_met_by(self.scope.permissions) {
            Ok(Writing {
                tx: self.tx,
                scope: self.scope,
                holds: PhantomData,
            })
        } else {
            Err(super::Error::Forbidden(Q::NEED))
        }
    }
}

impl<P: Requirement> Queries for Writing<'_, P> {
    fn dialect(&self) -> Dialect {
        self.tx.dialect()
    }
    fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        self.tx.query(sql, parameters)
    }
}

fn require_system(own: &Scope, other: &Scope) -> super::Result<()> {
    if own.is_system() && other.is_system() {
        return Ok(());
    }
    let message = "Only the internal user works in several organizations at once";
    Err(super::Error::Refused(message.to_owned()))
}

/// A transaction that knows its caller; what loads entities takes this.
pub trait Scoped: Queries {
    /// The caller.
    fn scope(&self) -> &Scope;
}

impl Scoped for Reading<'_> {
    fn scope(&self) -> &Scope {
        self.scope
    }
}

impl<P: Requirement> Scoped for Writing<'_, P> {
    fn scope(&self) -> &Scope {
        self.scope
    }
}
