//! Facts about the values of a column, collected while copying. They show whether a cast can fail, so that the values
//! need not be read again.

/// Facts about all values so far. If a value was not examined, the facts are conservative.
pub(crate) struct ColumnFacts {
    /// A value may be missing.
    pub(crate) has_null: bool,
    /// A value may begin or end with white space or a control character.
    pub(crate) has_edge_space: bool,
    /// Every value is an integer of at most 18 digits, without a sign or a leading zero.
    pub(crate) is_integer: bool,
    /// Every value is an existing day, written YYYY-MM-DD, from the year 0001.
    pub(crate) is_date: bool,
    /// A value may contain a letter in upper case.
    pub(crate) has_upper: bool,
    /// A value may contain a letter in lower case.
    pub(crate) has_lower: bool,
    /// A value may be present.
    pub(crate) has_value: bool,
    /// The last valid date. Dates repeat often, and comparing is faster than parsing.
    last_date: [u8; 10],
}

impl Default for ColumnFacts {
    fn default() -> ColumnFacts {
        ColumnFacts {
            has_null: false,
            has_edge_space: false,
            is_integer: true,
            is_date: true,
            has_upper: false,
            has_lower: false,
            has_value: false,
            last_date: [0; 10],
        }
    }
}

impl ColumnFacts {
    /// Of a column whose values are not examined.
    pub(super) fn unknown() -> ColumnFacts {
        ColumnFacts {
            has_null: true,
            has_edge_space: true,
            is_integer: false,
            is_date: false,
            has_upper: true,
            has_lower: true,
            has_value: true,
            last_date: [0; 10],
        }
    }

    /// Of a column without values.
    pub(super) fn without_values() -> ColumnFacts {
        ColumnFacts {
            has_null: true,
            ..ColumnFacts::default()
        }
    }

    /// The facts about the values of both.
    pub(crate) fn and(&self, other: &ColumnFacts) -> ColumnFacts {
        ColumnFacts {
            has_null: self.has_null || other.has_null,
            has_edge_space: self.has_edge_space || other.has_edge_space,
            is_integer: self.is_integer && other.is_integer,
            is_date: self.is_date && other.is_date,
            has_upper: self.has_upper || other.has_upper,
            has_lower: self.has_lower || other.has_lower,
            has_value: self.has_value || other.has_value,
            last_date: [0; 10],
        }
    }

    /// Adds a value. An empty value is null.
    #[inline]
    pub(super) fn note(&mut self, value: &[u8]) {
        let (Some(first), Some(last)) = (value.first(), value.last()) else {
            self.has_null = true;
            return;
        };
        self.has_value = true;
        self.has_edge_space |= *first <= b' ' || *last <= b' ';
        if self.is_integer {
            self.is_integer = is_integer(value);
        }
        if self.is_date && value != self.last_date {
            match <[u8; 10]>::try_from(value) {
                Ok(date) if is_date(&date) => self.last_date = date,
                _ => self.is_date = false,
            }
        }
        // Integers and dates have no letters.
        if !(self.is_integer || self.is_date || (self.has_upper && self.has_lower)) {
            self.note_case(value);
        }
    }

    /// Characters outside ASCII count as both, because many of them have another case.
    #[inline]
    fn note_case(&mut self, value: &[u8]) {
        for byte in value {
            self.has_upper |= byte.is_ascii_uppercase() || !byte.is_ascii();
            self.has_lower |= byte.is_ascii_lowercase() || !byte.is_ascii();
        }
    }

    /// Adds a null text.
    pub(super) fn note_null(&mut self) {
        self.has_null = true;
    }
}

#[inline]
fn is_integer(value: &[u8]) -> bool {
    value.len() <= 18
        && value.iter().all(u8::is_ascii_digit)
        && (value[0] != b'0' || value.len() == 1)
}

fn is_date(value: &[u8; 10]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = value else {
        return false;
    };
    let digits = [y1, y2, y3, y4, m1, m2, d1, d2];
    if !digits.iter().all(|digit| digit.is_ascii_digit()) {
        return false;
    }
    let number = |digits: &[&u8]| {
        let add = |number: u32, digit: &&u8| number * 10 + u32::from(**digit - b'0');
        digits.iter().fold(0, add)
    };
    let year = number(&digits[..4]);
    let date = chrono::NaiveDate::from_ymd_opt(
        i32::try_from(year).unwrap_or_default(),
        number(&digits[4..6]),
        number(&digits[6..]),
    );
    year > 0 && date.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(values: &[&str]) -> ColumnFacts {
        let mut facts = ColumnFacts::default();
        values.iter().for_each(|value| facts.note(value.as_bytes()));
        facts
    }

    #[test]
    fn recognizes_integers_as_printed() {
        assert!(facts(&["0", "7", "123456789012345678"]).is_integer);
        for other in [
            "007",
            "-1",
            "+1",
            " 1",
            "1 ",
            "1234567890123456789",
            "x",
            "1.0",
            "١",
        ] {
            assert!(!facts(&["1", other]).is_integer, "{other}");
        }
    }

    #[test]
    fn recognizes_existing_dates() {
        assert!(facts(&["2021-01-05", "2024-02-29", "2021-01-05", "0001-01-01"]).is_date);
        for other in [
            "2021-02-29",
            "0000-01-01",
            "2021-1-5",
            "20210105",
            "2021-13-01",
            "2021-04-31",
            "yesterday",
            "2021-01-05 ",
            "2021/01/05",
            "2021-00-10",
            "2021-01-00",
        ] {
            assert!(!facts(&["2021-01-05", other]).is_date, "{other}");
        }
    }

    #[test]
    fn notices_letters_of_both_cases() {
        let case = |values: &[&str]| {
            let facts = facts(values);
            (facts.has_upper, facts.has_lower)
        };
        assert_eq!(case(&["7", "2021-01-05", "-"]), (false, false));
        assert_eq!(case(&["1", "x", "f2"]), (false, true));
        assert_eq!(case(&["2021-01-05", "DONE", "A-1"]), (true, false));
        assert_eq!(case(&["X", "7", "x"]), (true, true));
        assert_eq!(case(&["7", "é"]), (true, true));
    }

    #[test]
    fn notices_whether_any_value_is_present() {
        assert!(!facts(&["", ""]).has_value);
        assert!(facts(&["", "0"]).has_value);
    }

    #[test]
    fn notices_nulls_and_edge_space() {
        let clean = facts(&["x y", "2021-01-05"]);
        assert!(!clean.has_null && !clean.has_edge_space);
        assert!(facts(&["x", ""]).has_null);
        for spaced in [" x", "x\t", "\x0bx", "x\r", "\n"] {
            assert!(facts(&[spaced]).has_edge_space, "{spaced:?}");
        }
    }
}
