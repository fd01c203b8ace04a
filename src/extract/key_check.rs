//! Compares the keys of records, on their first level, with those that the source expects (`elt.source.expected_keys`).
//! A record with a refused key ends the load at once, and a key that no record has at the end of the file.

use super::contract::{ColumnDifference, Contract, MOST_NAMES, list};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// Compares the keys of records with the expected ones.
#[derive(Default)]
pub(super) struct KeyCheck {
    contract: Contract,
    expected: HashSet<String>,
    seen: HashSet<String>,
    new: Vec<String>,
    /// Why the last record is refused.
    refusal: Option<anyhow::Error>,
    has_records: bool,
    is_over: bool,
}

impl KeyCheck {
    pub(super) fn new(contract: &Contract) -> KeyCheck {
        KeyCheck {
            contract: contract.clone(),
            expected: contract.keys.iter().flatten().cloned().collect(),
            ..KeyCheck::default()
        }
    }

    /// Notes the keys of a valid object. `number`: its position, for messages.
    pub(super) fn note(&mut self, object: &[u8], number: u64) {
        if self.contract.keys.is_none() {
            return;
        }
        self.has_records = true;
        let known = self.new.len();
        // The object was checked before.
        let _ = (&mut *self).deserialize(&mut serde_json::Deserializer::from_slice(object));
        if self.new.len() > known {
            let new = &self.new[known..];
            let checked = self
                .contract
                .check_new(new, &format!("record {number}"), "key");
            self.refusal = checked.err();
            self.new.truncate(MOST_NAMES);
        }
    }

    fn note_key(&mut self, key: Cow<'_, str>) {
        if self.expected.contains(key.as_ref()) {
            if self.seen.len() < self.expected.len() && !self.seen.contains(key.as_ref()) {
                self.seen.insert(key.into_owned());
            }
        } else if !self.new.iter().any(|new| *new == key) {
            self.new.push(key.into_owned());
        }
    }

    /// Passes on what was read, unless it is refused. `next`: None at the end.
    pub(super) fn pass<T>(&mut self, next: Option<T>) -> Result<Option<T>> {
        if let Some(refusal) = self.refusal.take() {
            return Err(refusal);
        }
        if next.is_none() && !self.is_over {
            self.is_over = true;
            self.require_keys()?;
        }
        Ok(next)
    }

    /// Expected keys that no record has.
    fn missing(&self) -> Vec<String> {
        let expected = match &self.contract.replayed {
            // A few corrected records need not have all keys.
            Some(load) => Some(&load.missing),
            None => self.contract.keys.as_ref().filter(|_| self.has_records),
        };
        let is_missing = |key: &&String| !self.seen.contains(*key);
        expected
            .into_iter()
            .flatten()
            .filter(is_missing)
            .cloned()
            .collect()
    }

    fn require_keys(&self) -> Result<()> {
        let missing = self.missing();
        let is_other_file = self.seen.is_empty();
        if missing.is_empty()
            || self.contract.replayed.is_some()
            || (self.contract.fills_missing && !is_other_file)
        {
            return Ok(());
        }
        let noun = if missing.len() == 1 { "key" } else { "keys" };
        let message = format!("no record has the {noun} {}", list(&missing));
        let failure = Failure::new(Exit::Failed, message);
        Err(if is_other_file {
            failure
                .detail("None of the keys in elt.source.expected_keys was found.")
                .hint("Check that these are the records that the source describes.")
        } else {
            failure.detail("elt.source.on_missing_column is \"refuse\".").hint(
                "Check that the records are complete. If the key may be missing, set elt.source.on_missing_column to \
                 \"null\", or remove it from elt.source.expected_keys.",
            )
        }
        .into())
    }

    pub(super) fn difference(&self) -> ColumnDifference {
        ColumnDifference {
            new: self.new.clone(),
            missing: self.missing(),
        }
    }
}

impl<'de> DeserializeSeed<'de> for &mut KeyCheck {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut KeyCheck {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(key) = entries.next_key::<Cow<'de, str>>()? {
            self.note_key(key);
            entries.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
