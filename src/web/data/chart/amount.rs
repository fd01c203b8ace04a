//! Numbers as charts write them.

use crate::terminal::number;

/// Larger numbers have digits that an f64 does not know.
const LARGEST: f64 = 1e15;
/// Smaller numbers are written with an exponent.
const SMALLEST: f64 = 1e-6;
/// The difference of two numbers below this limit is finite.
const DRAWABLE: f64 = 1e300;

/// A value of a row, as text, and as a number if it has a place in a chart.
#[derive(Clone)]
pub(super) struct Amount {
    pub(super) number: Option<f64>,
    pub(super) text: String,
}

impl Amount {
    /// `text`: the value as the server writes it. Null, NaN and infinity have no place in a chart.
    pub(super) fn parse(text: Option<&str>) -> Amount {
        let Some(text) = text else {
            return Amount {
                number: None,
                text: "–".into(),
            };
        };
        let number: Option<f64> = text.parse().ok();
        let number = number.filter(|number| number.abs() < DRAWABLE);
        Amount {
            text: number.map_or_else(|| text.into(), plain),
            number,
        }
    }
}

pub(super) fn plain(value: f64) -> String {
    let size = value.abs();
    if size < LARGEST && value.fract() == 0.0 {
        return separated(value, 0);
    }
    if !(SMALLEST..LARGEST).contains(&size) {
        return scientific(value);
    }
    if size >= 1.0 {
        return separated(value, 2);
    }
    // Three digits after the leading zeros.
    let decimals = (2.0 - size.log10().floor()) as usize;
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// With separators of thousands, rounded to a number of decimals.
pub(super) fn separated(value: f64, decimals: usize) -> String {
    if value.abs() >= LARGEST {
        return scientific(value);
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = whole.parse().map_or_else(|_| whole.into(), number);
    let is_zero = text.chars().all(|each| matches!(each, '0' | '.'));
    let sign = if value < 0.0 && !is_zero { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// At most four digits and an exponent.
pub(super) fn scientific(value: f64) -> String {
    let text = format!("{value:.3e}");
    let Some((digits, exponent)) = text.split_once('e') else {
        return text;
    };
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    format!("{digits}e{exponent}")
}

/// `rate`: from 0 to 1.
pub(super) fn percent(rate: f64) -> String {
    if rate > 0.0 && rate < 0.0005 {
        "< 0.1 %".into()
    } else {
        format!("{:.1} %", rate * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators_and_no_invented_digits() {
        let texts = [
            0.0,
            -0.0,
            1234.5,
            -26_686.0,
            0.5,
            0.001_234,
            0.999_9,
            1e15,
            -3e299,
            1.234_567e-9,
        ];
        assert_eq!(
            texts.map(plain),
            [
                "0", "0", "1,234.50", "-26,686", "0.5", "0.00123", "1", "1e15", "-3e299",
                "1.235e-9"
            ]
        );
    }

    #[test]
    fn a_small_share_is_not_zero() {
        assert_eq!(
            [0.0, 0.0001, 0.25, 1.0].map(percent),
            ["0.0 %", "< 0.1 %", "25.0 %", "100.0 %"]
        );
    }

    #[test]
    fn values_without_a_place_keep_their_text() {
        let of = |text| {
            let amount = Amount::parse(text);
            (amount.number, amount.text)
        };
        assert_eq!(of(None), (None, "–".into()));
        assert_eq!(of(Some("NaN")), (None, "NaN".into()));
        assert_eq!(of(Some("-Infinity")), (None, "-Infinity".into()));
        assert_eq!(of(Some("1e308")), (None, "1e308".into()));
        assert_eq!(of(Some("12345")), (Some(12_345.0), "12,345".into()));
    }
}
