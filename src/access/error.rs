//! What an action can answer besides success. `server::error_response` has the table that turns it into HTTP.

use thiserror::Error;

use super::permission::Need;
use crate::storage;

/// The result of every action and handler.
pub type Result<T> = std::result::Result<T, Error>;

/// A refusal or a failure, in the terms of the domain.
#[derive(Debug, Error)]
pub enum Error {
    /// No credentials, wrong ones, or expired ones. The text is for the person who signs in.
    #[error("{0}")]
    Unauthenticated(String),
    /// The password was right, a TOTP code is needed too.
    #[error("Multi-factor code required")]
    TotpRequired,
    /// The caller may not do this.
    #[error("You need the permission {0} for this")]
    Forbidden(Need),
    /// The caller may not do this, for a reason that is no single permission.
    #[error("{0}")]
    Refused(String),
    /// It does not exist, or the caller may not know that it does.
    #[error("{kind} {reference} not found")]
    NotFound {
        kind: &'static str,
        reference: String,
    },
    /// Attributes of the request are missing, of the wrong type, or break a limit.
    #[error("{}", problems_text(.0))]
    Invalid(Vec<FieldProblem>),
    /// One place of a request can't be read: the API gives it a class of its own.
    #[error("{} {}", .0.name, .0.message)]
    InvalidFormat(FieldProblem),
    /// A rule of the domain forbids it.
    #[error("{0}")]
    Rule(String),
    /// It exists already; the attribute that must be unique is named.
    #[error("{} {}", .0.name, .0.message)]
    Duplicate(FieldProblem),
    /// The request's body is larger than allowed.
    #[error("The request is larger than {limit_bytes} bytes")]
    TooLarge { limit_bytes: usize },
    /// Too many attempts.
    #[error("Too many attempts, try again in {retry_after_s} s")]
    TooManyRequests { retry_after_s: u64 },
    /// The server cannot serve now.
    #[error("Not ready: {0}")]
    NotReady(String),
    /// The storage.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// A defect: the chain goes to the log, the caller gets the request id.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// `kind` named by `reference` is not there.
    pub fn not_found(kind: &'static str, reference: impl std::fmt::Display) -> Self {
        Self::NotFound {
            kind,
            reference: reference.to_string(),
        }
    }

    /// `value` is taken already by another entity of the kind.
    pub fn taken(name: &str, value: &str) -> Self {
        Self::Duplicate(FieldProblem::format(
            name,
            format!("is taken already: {value}"),
        ))
    }

    /// One attribute is wrong.
    pub fn invalid(problem: FieldProblem) -> Self {
        Self::Invalid(vec![problem])
    }
}

/// What is wrong with one attribute of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The dotted path of the attribute.
    pub name: String,
    /// The API's class of problem.
    pub kind: FieldProblemKind,
    /// What is wrong, for people.
    pub message: String,
}

/// The API's classes of attribute problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldProblemKind {
    /// Wrong type, or outside of its limits.
    InvalidFormat,
    /// Required and not there.
    Missing,
    /// No such attribute.
    Unknown,
    /// It cannot be changed.
    ReadOnly,
}

impl FieldProblem {
    /// The attribute has the wrong type or is outside of its limits.
    pub fn format(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind: FieldProblemKind::InvalidFormat,
            message: message.into(),
        }
    }

    /// The attribute is required.
    pub fn missing(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind: FieldProblemKind::Missing,
            message: "is required".to_owned(),
        }
    }
}

fn problems_text(problems: &[FieldProblem]) -> String {
    let parts: Vec<String> = problems
        .iter()
        .map(|problem| format!("{} {}", problem.name, problem.message))
        .collect();
    parts.join("; ")
}
