//! Numbers with groups of thousands, a currency or percent sign, or brackets for negative values. As strict as
//! `elt.amount_value` and `elt.comma_amount_value`.

use super::number::is_digits;

/// The sign before the fraction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum DecimalSign {
    Point,
    Comma,
}

/// The parts of an amount besides its digits.
#[derive(Debug, PartialEq)]
pub(super) struct Amount {
    /// `$`, `EUR`, `%`; empty without one.
    pub(super) unit: String,
}

/// Currencies that are written as letters. A value with another word is text.
const CODES: &str = " AUD BRL CAD CHF CNY CZK DKK EUR GBP HUF INR JPY KRW MXN NOK NZD PLN RUB SEK TRY \
    USD ZAR R$ US$ kr zł ";
const SYMBOLS: &str = "$€£¥₹₽₩₺₫₪฿₴₦%";
/// Spaces between groups, and between a number and its unit.
const SPACES: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];
const APOSTROPHES: [char; 2] = ['\'', '\u{2019}'];
const MINUS: char = '\u{2212}';

pub(super) fn parse(text: &str, decimal_sign: DecimalSign) -> Option<Amount> {
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    let is_bracketed = inner.is_some();
    let mut text = inner.unwrap_or(text).trim_matches(SPACES);
    let mut has_sign = is_bracketed;
    let mut unit = "";
    // Minus sign and unit can be in either order.
    for _ in 0..2 {
        if !has_sign && let Some(rest) = text.strip_prefix(['+', '-', MINUS]) {
            has_sign = true;
            text = rest.trim_start_matches(SPACES);
        }
        if unit.is_empty()
            && let Some(found) = leading_unit(text)
        {
            unit = found;
            text = text[found.len()..].trim_start_matches(SPACES);
        }
    }
    // `$(5.00)`.
    if !has_sign
        && !unit.is_empty()
        && let Some(inner) = text.strip_prefix('(')
    {
        text = inner.strip_suffix(')')?;
    }
    if let Some(found) = trailing_unit(text) {
        if !unit.is_empty() {
            return None;
        }
        unit = found;
        text = text[..text.len() - found.len()].trim_end_matches(SPACES);
    }
    is_grouped_number(text, decimal_sign).then(|| Amount { unit: unit.into() })
}

fn leading_unit(text: &str) -> Option<&'static str> {
    units_beside(text.chars().next()?).find(|unit| *unit != "%" && text.starts_with(unit))
}

fn trailing_unit(text: &str) -> Option<&'static str> {
    units_beside(text.chars().next_back()?).find(|unit| text.ends_with(unit))
}

/// No unit if the outermost character belongs to the number, as in most texts.
fn units_beside(outermost: char) -> impl Iterator<Item = &'static str> {
    let is_of_number = outermost.is_ascii_digit() || outermost == '.';
    (!is_of_number).then(units).into_iter().flatten()
}

/// All units. Codes come before symbols because `US$` ends with `$`.
fn units() -> impl Iterator<Item = &'static str> {
    let codes = CODES.split_ascii_whitespace();
    let symbols = SYMBOLS
        .char_indices()
        .map(|(at, symbol)| &SYMBOLS[at..at + symbol.len_utf8()]);
    codes.chain(symbols)
}

/// `1,234,567.89`, `1234.5`, `.5`, `5.`. Groups have three digits, and all separators are the same.
fn is_grouped_number(text: &str, decimal_sign: DecimalSign) -> bool {
    let (point, group) = match decimal_sign {
        DecimalSign::Point => ('.', ','),
        DecimalSign::Comma => (',', '.'),
    };
    let (whole, fraction) = match text.rsplit_once(point) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if !fraction.is_none_or(|fraction| fraction.is_empty() || is_digits(fraction)) {
        return false;
    }
    if whole.is_empty() {
        return fraction.is_some_and(|fraction| !fraction.is_empty());
    }
    let separator = whole.chars().find(|sign| !sign.is_ascii_digit());
    let is_group_separator =
        |sign: char| sign == group || SPACES.contains(&sign) || APOSTROPHES.contains(&sign);
    match separator {
        None => is_digits(whole) && (whole == "0" || !whole.starts_with('0')) && whole.len() <= 100,
        Some(separator) if is_group_separator(separator) => {
            let mut groups = whole.split(separator);
            let first = groups.next().unwrap_or_default();
            is_digits(first)
                && first.len() <= 3
                && !first.starts_with('0')
                && groups.all(|group| is_digits(group) && group.len() == 3)
                && whole.len() <= 100
        }
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units_of(sign: DecimalSign, texts: &[&str]) -> Vec<Option<String>> {
        let read = |text: &&str| parse(text, sign).map(|amount| amount.unit);
        texts.iter().map(read).collect()
    }

    #[test]
    fn amounts_are_read_with_their_units() {
        let read = units_of(
            DecimalSign::Point,
            &[
                "$1,234.50",
                "-$5.00",
                "$-5",
                "($0.50)",
                "$(0.50)",
                "12.5%",
                "5 €",
                "EUR 7",
                "1'000",
                "12 345",
                ".5",
                "+3.00",
            ],
        );
        let expected = ["$", "$", "$", "$", "$", "%", "€", "EUR", "", "", "", ""];
        assert_eq!(read, expected.map(|unit| Some(unit.to_string())));
        let read = units_of(
            DecimalSign::Comma,
            &[
                "1.234,56",
                "370,37 €",
                "-3,0 %",
                "1.000.000,01",
                "-5,5",
                "987,00",
            ],
        );
        let expected = ["", "€", "%", "", "", ""];
        assert_eq!(read, expected.map(|unit| Some(unit.to_string())));
    }

    #[test]
    fn values_with_other_signs_are_text() {
        let texts = [
            "1,23.4",
            "12,34",
            "1,2345",
            "$$5",
            "5 apples",
            "ABC 123",
            "1 234,5 6",
            "",
            "-",
            "--5",
            "(5",
            "0,123",
            "1,234'567",
        ];
        assert_eq!(
            units_of(DecimalSign::Point, &texts),
            vec![None; texts.len()]
        );
        assert_eq!(
            units_of(DecimalSign::Comma, &["1,234.5", "1.23,4", "1.5"]),
            vec![None; 3]
        );
    }
}
