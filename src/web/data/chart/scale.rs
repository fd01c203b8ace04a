//! The scale of an axis with numbers. Its ticks are round: 1, 2 or 5 times a power of ten.

use super::amount::{scientific, separated};

/// Labels with more decimals are written with an exponent.
const MOST_DECIMALS: usize = 6;
/// Values that differ by a smaller share of their size are drawn as equal.
const SMALLEST_SPAN: f64 = 1e-12;

/// From the first tick to the last one. Every value lies between them.
#[derive(Debug)]
pub(super) struct Scale {
    pub(super) ticks: Vec<f64>,
    decimals: usize,
}

impl Scale {
    /// For bars: zero is one of the ticks.
    pub(super) fn from_zero(values: &[f64], wanted: usize) -> Scale {
        let zero = [0.0].into_iter();
        Scale::over(zero.chain(values.iter().copied()), wanted)
    }

    /// For lines and points: zero is one of the ticks unless the values are far from it.
    pub(super) fn near(values: &[f64], wanted: usize) -> Scale {
        let (low, high) = ends(values.iter().copied());
        let is_far = (low > 0.0 && low > high / 2.0) || (high < 0.0 && high < low / 2.0);
        if is_far {
            Scale::over(values.iter().copied(), wanted)
        } else {
            Scale::from_zero(values, wanted)
        }
    }

    /// `wanted`: about the number of ticks, at least 1. Whole numbers have no ticks between them.
    pub(super) fn over(values: impl Iterator<Item = f64> + Clone, wanted: usize) -> Scale {
        let is_whole = values.clone().all(|value| value.fract() == 0.0);
        let (low, high) = apart(ends(values));
        let step = Step::at_least((high - low) / wanted as f64, is_whole);
        let first = (low / step.size() + 1e-9).floor();
        let last = (high / step.size() - 1e-9).ceil().max(first + 1.0);
        let count = (last - first) as usize;
        let ticks = (0..=count).map(|index| step.times(first + index as f64));
        Scale {
            ticks: ticks.collect(),
            decimals: usize::try_from(-step.exponent).unwrap_or(0),
        }
    }

    fn low(&self) -> f64 {
        self.ticks.first().copied().unwrap_or(0.0)
    }

    /// The place of a value, from 0 at the first tick to 1 at the last one.
    pub(super) fn place(&self, value: f64) -> f64 {
        let high = self.ticks.last().copied().unwrap_or(1.0);
        ((value - self.low()) / (high - self.low())).clamp(0.0, 1.0)
    }

    pub(super) fn label(&self, tick: f64) -> String {
        if self.decimals > MOST_DECIMALS && tick != 0.0 {
            scientific(tick)
        } else if self.decimals > MOST_DECIMALS {
            "0".into()
        } else {
            separated(tick, self.decimals)
        }
    }

    /// The number of letters of its longest label.
    pub(super) fn longest_label(&self) -> usize {
        let labels = self.ticks.iter().map(|tick| self.label(*tick));
        labels.map(|label| label.chars().count()).max().unwrap_or(1)
    }
}

/// The smallest and the largest value. Zero for both if there is none.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let ends = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if ends.0 <= ends.1 { ends } else { (0.0, 0.0) }
}

/// Moves ends apart that are equal, so that there is room for a tick on each side.
fn apart((low, high): (f64, f64)) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    if size < 1e-290 {
        (0.0, 1.0)
    } else if high - low <= size * SMALLEST_SPAN {
        (low - size / 10.0, high + size / 10.0)
    } else {
        (low, high)
    }
}

/// A factor of 1, 2 or 5, and an exponent of ten.
struct Step {
    factor: f64,
    exponent: i32,
}

impl Step {
    fn at_least(least: f64, is_whole: bool) -> Step {
        let least = if is_whole { least.max(1.0) } else { least };
        let exponent = least.log10().floor() as i32;
        // The logarithm of a power of ten may be a little too small or too large.
        let steps = (exponent - 1..=exponent + 1)
            .flat_map(|exponent| [1.0, 2.0, 5.0].map(|factor| Step { factor, exponent }));
        let mut steps = steps.filter(|step| step.size() >= least * (1.0 - 1e-9));
        steps.next().unwrap_or(Step {
            factor: 1.0,
            exponent: exponent + 2,
        })
    }

    fn size(&self) -> f64 {
        self.times(1.0)
    }

    /// A division by a power of ten rounds once, so that 3 times 0.1 is 0.3.
    fn times(&self, count: f64) -> f64 {
        let count = count * self.factor;
        if self.exponent < 0 {
            count / 10f64.powi(-self.exponent)
        } else {
            count * 10f64.powi(self.exponent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(scale: &Scale) -> Vec<String> {
        scale.ticks.iter().map(|tick| scale.label(*tick)).collect()
    }

    #[test]
    fn ticks_are_round() {
        let of = |values: &[f64]| labels(&Scale::from_zero(values, 5)).join(" ");
        assert_eq!(of(&[3.0, 182.0]), "0 50 100 150 200");
        assert_eq!(of(&[1_234_567.0]), "0 500,000 1,000,000 1,500,000");
        assert_eq!(of(&[0.3]), "0.0 0.1 0.2 0.3");
        assert_eq!(of(&[-7.0, 12.0]), "-10 -5 0 5 10 15");
        assert_eq!(of(&[2.0]), "0 1 2");
        assert_eq!(of(&[]), "0 1");
        assert_eq!(of(&[0.0, 0.0]), "0 1");
        assert_eq!(of(&[4e-9]), "0 1e-9 2e-9 3e-9 4e-9");
        assert_eq!(of(&[3e299]), "0 1e299 2e299 3e299");
    }

    #[test]
    fn values_far_from_zero_are_not_pressed_together() {
        let of = |values: &[f64]| labels(&Scale::near(values, 5)).join(" ");
        assert_eq!(of(&[1000.0, 1010.0]), "1,000 1,002 1,004 1,006 1,008 1,010");
        assert_eq!(of(&[10.0, 1010.0]), "0 500 1,000 1,500");
        assert_eq!(of(&[5.0, 5.0]), "4 5 6");
        assert_eq!(of(&[-5.5]), "-6.5 -6.0 -5.5 -5.0 -4.5");
    }

    fn numbers() -> impl Strategy<Value = Vec<f64>> {
        let number = prop_oneof![
            -1e6..1e6f64,
            -1.0..1.0f64,
            (-280i32..290, -9.99..9.99f64).prop_map(|(power, value)| value * 10f64.powi(power)),
            (-50i32..50).prop_map(f64::from),
        ];
        prop::collection::vec(number, 1..20)
    }

    proptest! {
        #[test]
        fn every_value_lies_between_few_round_ticks(values in numbers(), wanted in 2..9usize) {
            for scale in [Scale::from_zero(&values, wanted), Scale::near(&values, wanted)] {
                let step = scale.ticks[1] - scale.ticks[0];
                prop_assert!(step > 0.0, "{:?}", scale);
                prop_assert!((2..=wanted + 3).contains(&scale.ticks.len()), "{:?}", scale);
                let (low, high) = (scale.low(), scale.ticks[scale.ticks.len() - 1]);
                for value in &values {
                    prop_assert!(*value >= low - step * 0.01 && *value <= high + step * 0.01);
                    prop_assert!((0.0..=1.0).contains(&scale.place(*value)));
                }
                let factor = step / 10f64.powf(step.log10().floor());
                let is_round = [1.0, 2.0, 5.0, 10.0].iter().any(|round| (factor - round).abs() < 0.01);
                prop_assert!(is_round, "{factor} {:?}", scale);
            }
            let bars = Scale::from_zero(&values, wanted);
            prop_assert!(bars.ticks.contains(&0.0), "{:?}", bars);
        }

        #[test]
        fn labels_of_ticks_differ(values in numbers()) {
            let labels = labels(&Scale::from_zero(&values, 5));
            let mut distinct = labels.clone();
            distinct.dedup();
            prop_assert_eq!(labels, distinct);
        }
    }
}
