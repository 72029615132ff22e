//! Traces in which few keys come often and many seldom.

/// Keys of which the n-th comes in proportion to n to the power of minus `skew`; the same trace every time.
pub(super) fn zipf(keys: u32, skew: f64, length: usize) -> Vec<u32> {
    let mut sum = 0.0;
    let mut sums = Vec::with_capacity(keys as usize);
    for rank in 1..=keys {
        sum += f64::from(rank).powf(-skew);
        sums.push(sum);
    }
    let mut random = Random(7);
    let mut key = || {
        let chosen = random.part() * sum;
        u32::try_from(sums.partition_point(|until| *until < chosen)).unwrap_or(u32::MAX)
    };
    (0..length).map(|_| key()).collect()
}

/// Keys at random, all of them as often.
pub(super) fn even(keys: u32, length: usize) -> Vec<u32> {
    let mut random = Random(11);
    #[expect(clippy::cast_possible_truncation, reason = "below the number of keys")]
    (0..length).map(|_| (random.next() % u64::from(keys)) as u32).collect()
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let bits = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }

    /// A part of one.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what the type holds")]
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_comes_as_often_as_its_part_of_the_sum() {
        let trace = zipf(10, 1.0, 100_000);
        let count = |key: u32| trace.iter().filter(|one| **one == key).count();
        assert!((33_500..34_700).contains(&count(0)), "{}", count(0));
        assert!((3_100..3_700).contains(&count(9)), "{}", count(9));
        assert_eq!(count(10), 0);
    }

    #[test]
    fn an_even_trace_goes_to_all_keys() {
        let trace = even(10, 10_000);
        assert!((0..10).all(|key| trace.iter().filter(|one| **one == key).count() > 800));
    }
}
