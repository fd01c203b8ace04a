//! How the model parses a text, without the database.

/// Year, month and day, which are ordered as days are.
pub(super) type Day = (u32, u32, u32);

/// Without ASCII white space at its edges; None when nothing is left.
pub(super) fn text(value: &str) -> Option<&str> {
    let is_edge = |c: char| matches!(c as u32, 9..=13 | 32);
    let start = value.find(|c| !is_edge(c))?;
    let rest = &value[start..];
    let last = rest.char_indices().rfind(|(_, c)| !is_edge(*c))?;
    Some(&rest[..last.0 + last.1.len_utf8()])
}

/// Digits behind a sign or none, if the number fits into 64 bits.
pub(super) fn integer(value: &str) -> Option<i64> {
    let value = text(value)?;
    let (factor, digits) = match value.as_bytes() {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] | digits => (1, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut number: i64 = 0;
    for digit in digits {
        number = match digit {
            b'0'..=b'9' => number
                .checked_mul(10)?
                .checked_add(factor * i64::from(digit - b'0'))?,
            _ => return None,
        };
    }
    Some(number)
}

/// A day of the calendar that counts leap years backwards to the year 1, written 2021-01-31.
pub(super) fn day(value: &str) -> Option<Day> {
    let value = text(value)?;
    let mut numbers = [0; 3];
    let mut part = 0;
    if value.len() != 10 {
        return None;
    }
    for (place, byte) in value.bytes().enumerate() {
        match (place, byte) {
            (4 | 7, b'-') => part += 1,
            (4 | 7, _) => return None,
            (_, b'0'..=b'9') => numbers[part] = 10 * numbers[part] + u32::from(byte - b'0'),
            _ => return None,
        }
    }
    let [year, month, day] = numbers;
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (year > 0 && (1..=days).contains(&day)).then_some((year, month, day))
}
