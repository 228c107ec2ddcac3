//! Numbers that are counted while the program works, and their text form for Prometheus. Who counts what is not known
//! here, nor who may read it.

mod histogram;
mod text;

pub use histogram::{Histogram, Shape};
pub use text::Exposition;
