//! Background work. Reconcilers run by the clock, take no input, may run at any time and any number of times, and bring the
//! data to where it should be. What others were asked to do is a row that the asking unit of work wrote; a loop hands it
//! over and follows it, and after a restart the rows are still there.

mod files;
mod integrations;
mod misp;
mod reconciler;
mod runs;

pub use files::sweep_files;
pub use integrations::{check_servers, follow_cortex};
pub use misp::read_misp;
pub use reconciler::{Report, Status, run};
