//! The numbers that PostgreSQL's `jsonb` accepts, which keeps them as `numeric`. Floating point accepts others.

/// The most digits before the decimal point.
const MOST_DIGITS: i64 = 131_072;
/// The most digits after the decimal point.
const MOST_DECIMALS: i64 = 16_383;
/// `numeric` refuses this exponent and larger ones, even for zero.
const LARGEST_EXPONENT: i64 = 1_073_741_823;

/// Whether `numeric` accepts a number that is written as in JSON.
pub(super) fn fits_numeric(number: &[u8]) -> bool {
    let exponent_at = memchr::memchr2(b'e', b'E', number);
    let (mantissa, exponent) = match exponent_at {
        None => (number, 0),
        Some(at) => {
            let digits = std::str::from_utf8(&number[at + 1..]).unwrap_or_default();
            match digits.parse::<i64>() {
                Ok(exponent) if exponent.abs() < LARGEST_EXPONENT => (&number[..at], exponent),
                _ => return false,
            }
        }
    };
    let mantissa = mantissa.strip_prefix(b"-").unwrap_or(mantissa);
    let point = memchr::memchr(b'.', mantissa).unwrap_or(mantissa.len());
    let decimals = mantissa.len().saturating_sub(point + 1);
    if count(decimals) - exponent > MOST_DECIMALS {
        return false;
    }
    let digits = mantissa.iter().filter(|byte| **byte != b'.');
    let zeros = digits.take_while(|digit| **digit == b'0').count();
    let is_zero = zeros == mantissa.len() - usize::from(point < mantissa.len());
    is_zero || count(point) - count(zeros) + exponent <= MOST_DIGITS
}

fn count(digits: usize) -> i64 {
    i64::try_from(digits).unwrap_or(i64::MAX / 2)
}

/// Whether floating point may not have the number.
fn is_unusual(number: &[u8]) -> bool {
    number.len() > 300 || memchr::memchr2(b'e', b'E', number).is_some()
}

/// The numbers in a document, as positions. Text that only begins like a number is also returned.
fn numbers(raw: &[u8]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut is_in_string = false;
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < raw.len() {
            match raw[at] {
                b'\\' => at += 1,
                b'"' => is_in_string = !is_in_string,
                b'-' | b'0'..=b'9' if !is_in_string => {
                    let is_part =
                        |byte: &&u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                    let start = at;
                    at += raw[at..].iter().take_while(is_part).count();
                    return Some(start..at);
                }
                _ => {}
            }
            at += 1;
        }
        None
    })
}

/// Whether a number of a valid document does not fit `numeric`.
pub(super) fn has_extreme_number(raw: &[u8]) -> bool {
    numbers(raw).any(|number| {
        let number = &raw[number];
        is_unusual(number) && !fits_numeric(number)
    })
}

/// The document with 0 and spaces instead of each number that floating point may not have. It has the same length.
pub(super) fn without_unusual_numbers(raw: &[u8]) -> Vec<u8> {
    let mut blank = raw.to_vec();
    for number in numbers(raw) {
        if is_unusual(&raw[number.clone()]) && is_number(&raw[number.clone()]) {
            blank[number.clone()].fill(b' ');
            blank[number.start] = b'0';
        }
    }
    blank
}

/// The document with a string instead of each number that floating point may not have.
pub(crate) fn with_unusual_numbers_as_strings(raw: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(raw.len() + 2);
    let mut copied = 0;
    for number in numbers(raw) {
        if is_unusual(&raw[number.clone()]) {
            text.extend_from_slice(&raw[copied..number.start]);
            text.push(b'"');
            text.extend_from_slice(&raw[number.clone()]);
            text.push(b'"');
            copied = number.end;
        }
    }
    text.extend_from_slice(&raw[copied..]);
    text
}

/// Whether the text is one number by the grammar of JSON.
fn is_number(text: &[u8]) -> bool {
    serde_json::from_slice::<&serde_json::value::RawValue>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numeric_has_131072_digits_before_the_point_and_16383_after_it() {
        let nines = "9".repeat(131_072);
        let long = format!("0.{}1e131072", "0".repeat(16_000));
        let zeros = format!("1.{}e1", "0".repeat(16_384));
        for number in [
            "0",
            "-0.0",
            "1e131071",
            "9.9e131071",
            "0.00001e131076",
            "1e-16383",
            "0e131072",
            "0e1073741822",
            "0e-16383",
            "1e+0000000000000000000000001",
            &nines,
            &long,
            &zeros,
        ] {
            assert!(fits_numeric(number.as_bytes()), "{number}");
        }
        let more = format!("1{nines}");
        let decimals = format!("0.{}", "0".repeat(16_384));
        for number in [
            "1e131072",
            "-100e131071",
            "0.00001e131077",
            "1e-16384",
            "0e-16384",
            "0e1073741823",
            "0e-1073741823",
            "1e99999999999999999999",
            &more,
            &decimals,
        ] {
            assert!(!fits_numeric(number.as_bytes()), "{number}");
        }
    }

    #[test]
    fn numbers_in_strings_are_left_alone() {
        let raw = br#"{"1e5":"\"2e5","a":[1e999,-1.5E-7],"b":12}"#;
        assert_eq!(
            without_unusual_numbers(raw),
            br#"{"1e5":"\"2e5","a":[0    ,0      ],"b":12}"#
        );
        assert_eq!(
            with_unusual_numbers_as_strings(raw),
            br#"{"1e5":"\"2e5","a":["1e999","-1.5E-7"],"b":12}"#
        );
    }
}
