//! A year, a month or a day, by which a list can be filtered.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Unit {
    Year,
    Month,
    Day,
}

impl Unit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Unit::Year => "year",
            Unit::Month => "month",
            Unit::Day => "day",
        }
    }

    /// The pattern of to_char.
    pub(crate) fn pattern(self) -> &'static str {
        match self {
            Unit::Year => "YYYY",
            Unit::Month => "YYYY-MM",
            Unit::Day => "YYYY-MM-DD",
        }
    }
}

/// `2026`, `2026-11` or `2026-11-22`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Period {
    pub(crate) text: String,
    pub(crate) unit: Unit,
}

impl Period {
    pub(crate) fn parse(text: &str) -> Option<Period> {
        let unit = match text.len() {
            4 => Unit::Year,
            7 => Unit::Month,
            10 => Unit::Day,
            _ => return None,
        };
        let period = Period {
            text: text.into(),
            unit,
        };
        chrono::NaiveDate::parse_from_str(&period.first_day(), "%Y-%m-%d").ok()?;
        let is_plain = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
        is_plain.then_some(period)
    }

    pub(crate) fn first_day(&self) -> String {
        let rest = match self.unit {
            Unit::Year => "-01-01",
            Unit::Month => "-01",
            Unit::Day => "",
        };
        format!("{}{rest}", self.text)
    }

    /// The next smaller unit.
    pub(crate) fn inner(&self) -> Option<Unit> {
        match self.unit {
            Unit::Year => Some(Unit::Month),
            Unit::Month => Some(Unit::Day),
            Unit::Day => None,
        }
    }

    /// The periods that contain it, from the year on, and the period itself.
    pub(crate) fn path(&self) -> Vec<String> {
        [4, 7, 10]
            .into_iter()
            .filter_map(|length| self.text.get(..length))
            .map(String::from)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_months_and_days_and_nothing_else() {
        for (text, first) in [
            ("2026", "2026-01-01"),
            ("2026-11", "2026-11-01"),
            ("2024-02-29", "2024-02-29"),
        ] {
            assert_eq!(Period::parse(text).unwrap().first_day(), first);
        }
        for text in [
            "",
            "26",
            "2026-13",
            "2026-02-30",
            "2026-1-01",
            "'; d",
            "+202",
            "2026-11-222",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
        let day = Period::parse("2026-11-22").unwrap();
        assert_eq!(day.path(), ["2026", "2026-11", "2026-11-22"]);
    }
}
