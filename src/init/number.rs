//! Notations of numbers. As strict as the functions of sql/elt that cast them.

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits with leading zeros are a code, not a number.
pub(super) fn is_whole(digits: &str) -> bool {
    is_digits(digits) && (digits == "0" || !digits.starts_with('0')) && digits.len() <= 100
}

pub(super) fn is_plain(text: &str) -> bool {
    match text.split_once('.') {
        Some((whole, fraction)) => is_whole(whole) && is_digits(fraction) && fraction.len() <= 100,
        None => is_whole(text),
    }
}

/// A number as `elt.numeric_value` reads it, but without leading zeros.
pub(super) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_mantissa = (whole.is_empty() || is_whole(whole))
        && (fraction.is_empty() || (is_digits(fraction) && fraction.len() <= 100))
        && !(whole.is_empty() && fraction.is_empty());
    let is_exponent = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        is_digits(digits) && digits.len() <= 3
    });
    is_mantissa && is_exponent
}

/// The absolute value of the exponent of a number.
pub(super) fn exponent_size(text: &str) -> u32 {
    let exponent = text
        .split_once(['e', 'E'])
        .map_or("0", |(_, exponent)| exponent);
    exponent.parse::<i32>().map_or(0, i32::unsigned_abs)
}

pub(super) fn is_infinite(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    text.eq_ignore_ascii_case("inf") || text.eq_ignore_ascii_case("infinity")
}

/// Whether double precision keeps all digits of the number. It always keeps 15.
pub(super) fn survives_double(text: &str) -> bool {
    if text.len() <= 15 && !text.contains(['e', 'E']) {
        return true;
    }
    let Ok(value) = text.parse::<f64>() else {
        return false;
    };
    value.is_finite() && significant_digits(text) == significant_digits(&format!("{value:e}"))
}

/// Sign, digits without leading and trailing zeros, and the power of ten of the last digit.
fn significant_digits(text: &str) -> (bool, String, i64) {
    let is_negative = text.starts_with('-');
    let text = text.trim_start_matches(['+', '-']);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let trimmed = digits.trim_end_matches('0');
    let zeros = digits.len() - trimmed.len();
    let power = exponent.parse::<i64>().unwrap_or(0) - fraction.len() as i64 + zeros as i64;
    match trimmed.trim_start_matches('0') {
        "" => (false, String::new(), 0),
        digits => (is_negative, digits.to_string(), power),
    }
}
