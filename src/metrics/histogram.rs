//! How often something was how large: a few counters, added to without waiting for anybody.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts values by size. The bounds are inclusive and ascending; what is larger than all of them counts too.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

/// A histogram at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// For each bound, how many values were at most that.
    pub at_most: Vec<(u64, u64)>,
    /// How many values there were.
    pub count: u64,
    /// Their sum.
    pub sum: u64,
}

impl Histogram {
    /// An empty one.
    pub fn new(bounds: &'static [u64]) -> Self {
        Self {
            bounds,
            counts: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicU64::new(0),
        }
    }

    /// Counts a value.
    pub fn add(&self, value: u64) {
        let place = self.bounds.partition_point(|bound| *bound < value);
        self.counts[place].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// What was counted so far.
    pub fn shape(&self) -> Shape {
        let mut count = 0;
        let mut at_most = Vec::with_capacity(self.bounds.len());
        for (place, counted) in self.counts.iter().enumerate() {
            count += counted.load(Ordering::Relaxed);
            if let Some(bound) = self.bounds.get(place) {
                at_most.push((*bound, count));
            }
        }
        Shape {
            at_most,
            count,
            sum: self.sum.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Histogram, Shape};

    #[test]
    fn a_value_counts_for_every_bound_it_does_not_exceed() {
        let histogram = Histogram::new(&[1, 4, 16]);
        for value in [1, 2, 4, 5, 100] {
            histogram.add(value);
        }
        assert_eq!(
            histogram.shape(),
            Shape {
                at_most: vec![(1, 1), (4, 3), (16, 4)],
                count: 5,
                sum: 112,
            }
        );
    }
}
