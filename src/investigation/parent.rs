//! What comments, observables, procedures and files hang on: a case or an alert.

use crate::access::unit::Scoped;
use crate::access::{Error, Permission, Result, Visible};
use crate::storage::Touch;

use super::alert::model::Alert;
use super::case;
use super::case::model::Case;

/// A case or an alert that the caller sees.
#[derive(Debug, Clone)]
pub enum Parent {
    Case(Visible<Case>),
    Alert(Visible<Alert>),
}

impl Parent {
    /// The case or alert of that id, whichever it is.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller sees neither.
    pub fn get(scoped: &dyn Scoped, reference: &str) -> Result<Self> {
        if let Some(alert) = Visible::find(scoped, reference)? {
            return Ok(Self::Alert(alert));
        }
        if let Some(case) = Visible::find(scoped, reference)? {
            return Ok(Self::Case(case));
        }
        Err(Error::not_found("Case or alert", reference))
    }

    /// That of a row which hangs on one of the two.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the caller does not see it.
    pub fn of(scoped: &dyn Scoped, case_id: Option<i64>, alert_id: Option<i64>) -> Result<Self> {
        match (case_id, alert_id) {
            (Some(id), _) => Visible::by_id(scoped, id).map(Self::Case),
            (None, Some(id)) => Visible::by_id(scoped, id).map(Self::Alert),
            (None, None) => Err(Error::not_found("Case or alert", "")),
        }
    }

    /// Its id; no case has that of an alert.
    pub fn id(&self) -> i64 {
        match self {
            Self::Case(case) => case.id,
            Self::Alert(alert) => alert.id,
        }
    }

    /// The id for a column that refers to cases.
    pub fn case_id(&self) -> Option<i64> {
        self.case().map(|case| case.id)
    }

    /// The id for a column that refers to alerts.
    pub fn alert_id(&self) -> Option<i64> {
        self.alert().map(|alert| alert.id)
    }

    /// The case, if it is one.
    pub fn case(&self) -> Option<&Visible<Case>> {
        match self {
            Self::Case(case) => Some(case),
            Self::Alert(_) => None,
        }
    }

    /// The alert, if it is one.
    pub fn alert(&self) -> Option<&Visible<Alert>> {
        match self {
            Self::Alert(alert) => Some(alert),
            Self::Case(_) => None,
        }
    }

    /// Whether the caller may do it here: the share of a case can give less than the caller's profile.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when it does.
    pub fn require(&self, permission: Permission) -> Result<()> {
        match self {
            Self::Case(case) => case::actions::require_on(case, permission),
            Self::Alert(_) => Ok(()),
        }
    }

    /// It as the audit trail names it: the context of what hangs on it.
    pub fn touch(&self) -> Touch {
        match self {
            Self::Case(case) => case.touch(),
            Self::Alert(alert) => alert.touch(),
        }
    }
}

impl From<Visible<Case>> for Parent {
    fn from(case: Visible<Case>) -> Self {
        Self::Case(case)
    }
}

impl From<Visible<Alert>> for Parent {
    fn from(alert: Visible<Alert>) -> Self {
        Self::Alert(alert)
    }
}
