//! What is told of measurements that were made again and again.

/// The middle of several measurements, and what half of them lies between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Quartiles {
    pub(crate) lower: f64,
    pub(crate) median: f64,
    pub(crate) upper: f64,
}

impl Quartiles {
    /// `None` if nothing was measured.
    pub(crate) fn of(mut measured: Vec<f64>) -> Option<Self> {
        measured.sort_unstable_by(f64::total_cmp);
        let at = |quarters: usize| measured.get(measured.len() * quarters / 4).copied();
        Some(Self { lower: at(1)?, median: at(2)?, upper: at(3)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlier_moves_no_quartile() {
        let quartiles = Quartiles::of(vec![4.0, 1.0, 900.0, 2.0, 3.0]).unwrap();
        assert_eq!(quartiles, Quartiles { lower: 2.0, median: 3.0, upper: 4.0 });
        assert_eq!(Quartiles::of(Vec::new()), None);
    }
}
