//! Closures and their results without their types. What queues them, runs them and waits for them is compiled once
//! then, and not once for each of the hundreds of closures that are given to the seam.

use std::any::Any;

use super::error::{Error, Result};

/// A closure that gets a transaction.
pub(super) type Work<Tx> = Box<dyn FnOnce(&Tx) -> Outcome + Send>;

/// What a closure gave back.
pub(super) struct Outcome {
    /// Whether it was `Ok`.
    pub(super) is_ok: bool,
    result: Box<dyn Any + Send>,
}

/// Takes the types away.
pub(super) fn erased<Tx, F, T, E>(work: F) -> Work<Tx>
where
    F: FnOnce(&Tx) -> std::result::Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
{
    Box::new(|transaction| {
        let result = work(transaction);
        Outcome {
            is_ok: result.is_ok(),
            result: Box::new(result),
        }
    })
}

/// Gives the result its types back. They have to be those that [`erased`] took.
pub(super) fn typed<T, E>(answer: Result<Outcome>) -> std::result::Result<T, E>
where
    T: 'static,
    E: From<Error> + 'static,
{
    let outcome = answer?;
    match outcome.result.downcast::<std::result::Result<T, E>>() {
        Ok(result) => *result,
        Err(_) => Err(E::from(Error::Panicked(
            "a result of another type".to_owned(),
        ))),
    }
}
