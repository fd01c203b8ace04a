//! Numbers with flags, as statistical offices publish them: `628 e` is an estimate, `:` is not available.

use std::collections::BTreeSet;

/// A longer word is no flag.
const LONGEST_FLAG: usize = 3;

/// The flags of a column whose values are numbers otherwise.
#[derive(Default)]
pub(super) struct Flags {
    found: BTreeSet<String>,
    has_plain_number: bool,
    has_missing: bool,
    has_other: bool,
}

impl Flags {
    /// Adds a trimmed value.
    pub(super) fn add(&mut self, text: &str) {
        if self.has_other {
            return;
        }
        let (value, flags) = text.split_once(' ').unwrap_or((text, ""));
        let is_flag = |flag: &str| {
            flag.len() <= LONGEST_FLAG && flag.bytes().all(|each| each.is_ascii_lowercase())
        };
        let is_number = value.starts_with(|first: char| first.is_ascii_digit() || first == '-')
            && value.ends_with(|last: char| last.is_ascii_digit())
            && value
                .bytes()
                .all(|each| each.is_ascii_digit() || each == b'.' || each == b'-');
        if !flags.split(' ').all(is_flag) || (!is_number && value != ":") {
            self.has_other = true;
            return;
        }
        self.has_missing |= value == ":";
        self.has_plain_number |= is_number && flags.is_empty();
        let flags = flags.split(' ').filter(|flag| !flag.is_empty());
        self.found.extend(flags.map(String::from));
    }

    /// The note about a column that is text because of its flags. None if that is not the reason.
    pub(super) fn note(&self) -> Option<String> {
        let are_flags = self.has_plain_number && !self.has_other;
        let flags: Vec<String> = self
            .found
            .iter()
            .map(|flag| format!("\"{flag}\""))
            .collect();
        let with_flags = format!("numbers with flags ({})", flags.join(", "));
        match (flags.is_empty(), self.has_missing) {
            _ if !are_flags => None,
            (true, false) => None,
            (true, true) => Some("numbers, and \":\" for missing ones".into()),
            (false, true) => Some(format!("{with_flags}, and \":\" for missing ones")),
            (false, false) => Some(with_flags),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(values: &[&str]) -> Option<String> {
        let mut flags = Flags::default();
        values.iter().for_each(|value| flags.add(value));
        flags.note()
    }

    #[test]
    fn flags_stand_beside_numbers() {
        assert_eq!(
            note(&["628 e", ":", "700 b", ": m", "-1.5"]).as_deref(),
            Some("numbers with flags (\"b\", \"e\", \"m\"), and \":\" for missing ones")
        );
        assert_eq!(
            note(&[":", "7"]).as_deref(),
            Some("numbers, and \":\" for missing ones")
        );
        assert_eq!(note(&["5 kg", "6 kg"]), None);
        assert_eq!(note(&["5", "6"]), None);
        assert_eq!(note(&["5 e", "6", "x"]), None);
    }
}
