//! Numbers that look random and are the same each time: each is computed from what it is for, not from the one before.

/// What a number is for: the kind of thing, which of them, and which of its attributes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draw {
    seed: u64,
}

impl Draw {
    /// The numbers of one thing.
    pub(super) fn of(kind: u64, index: u64) -> Self {
        Self {
            seed: mixed(mixed(kind).wrapping_add(index)),
        }
    }

    /// A number below `end`, each as likely as the others. `attribute` tells the draws of one thing apart.
    pub(super) fn below(self, attribute: u64, end: u64) -> u64 {
        mixed(self.seed.wrapping_add(mixed(attribute))) % end.max(1)
    }

    /// A number below `end`, low ones far more often: a few addresses are seen everywhere, most are seen once.
    pub(super) fn often_low(self, attribute: u64, end: u64) -> u64 {
        let wide = self.below(attribute, end);
        self.below(attribute + 1_000, wide + 1)
    }

    /// One of `choices`.
    pub(super) fn one<T: Copy>(self, attribute: u64, choices: &[T]) -> T {
        let place = self.below(attribute, choices.len() as u64);
        choices[usize::try_from(place).unwrap_or_default()]
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea and Flood 2014).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::Draw;

    #[test]
    fn a_draw_is_the_same_each_time_and_differs_from_the_others() {
        let draws = |attribute| -> Vec<u64> {
            (0..50)
                .map(|index| Draw::of(1, index).below(attribute, 1_000_000))
                .collect()
        };
        assert_eq!(draws(1), draws(1));
        assert_ne!(draws(1), draws(2));
        let mut sorted = draws(1);
        sorted.sort_unstable();
        sorted.dedup();
        assert!(sorted.len() > 45, "{sorted:?}");
    }

    #[test]
    fn low_ones_are_more_often() {
        let low = (0..1_000)
            .filter(|index| Draw::of(1, *index).often_low(1, 1_000) < 250)
            .count();
        assert!(low > 500, "{low}");
    }
}
