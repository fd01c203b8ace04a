//! How a column is read: its type, its notation and the SQL that casts it.

use super::kind::Kind;
use super::names::literal;
use super::notation::Notation;
use super::value_facts::ValueFacts;

/// How a column is read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) kind: Kind,
    /// None for text and JSON.
    pub(super) notation: Option<Notation>,
    unit: String,
    time_zone: Option<String>,
    /// Notes about the choice, for the user.
    pub(super) notes: Vec<String>,
}

impl Reading {
    pub(super) fn text(notes: Vec<String>) -> Reading {
        Reading {
            kind: Kind::Text,
            notation: None,
            unit: String::new(),
            time_zone: None,
            notes,
        }
    }

    pub(super) fn json() -> Reading {
        Reading {
            kind: Kind::Json,
            ..Reading::text(Vec::new())
        }
    }

    /// A reading by a notation. Times without a zone get the zone of the options.
    pub(super) fn typed(
        values: &ValueFacts,
        notation: Notation,
        time_zone: Option<&str>,
    ) -> Reading {
        let mut notes: Vec<String> = Vec::new();
        let is_amount = matches!(notation, Notation::Amount | Notation::CommaAmount);
        let unit = if is_amount {
            values.unit.clone()
        } else {
            String::new()
        };
        let is_described = !is_amount || values.has_separator || !unit.is_empty();
        notes.extend(
            notation
                .description()
                .filter(|_| is_described)
                .map(String::from),
        );
        if !unit.is_empty() {
            notes.push(format!("in {unit}"));
        }
        if let Some(marker) = &values.first_marker {
            notes.push(match values.markers {
                1 => format!("1 missing value, \"{marker}\""),
                count => format!("{count} missing values, such as \"{marker}\""),
            });
        }
        let is_local = notation.kind() == Kind::Timestamp;
        let time_zone = time_zone.filter(|_| is_local).map(String::from);
        if is_local {
            notes.push(match &time_zone {
                Some(zone) => format!("in {zone}"),
                None => "without a zone (set it with --time-zone)".into(),
            });
        }
        Reading {
            kind: match time_zone {
                Some(_) => Kind::Instant,
                None => notation.kind(),
            },
            notation: Some(notation),
            unit,
            time_zone,
            notes,
        }
    }

    /// The SQL that casts the raw text.
    pub(super) fn sql(&self, raw: &str) -> String {
        match (self.kind, self.notation) {
            // JSON null is a missing value.
            (Kind::Json, _) => format!("nullif({raw}, 'null')"),
            (Kind::Bigint, _) => format!("elt.bigint_value({raw})"),
            (_, None) => format!("elt.text_value({raw})"),
            (_, Some(notation)) => {
                let sql = notation.sql(raw, &literal(&self.unit));
                match &self.time_zone {
                    Some(zone) => format!("{sql} at time zone {}", literal(zone)),
                    None => sql,
                }
            }
        }
    }

    /// Whether PostgreSQL prints the numbers as the file writes them.
    pub(super) fn is_plain_number(&self) -> bool {
        matches!(self.notation, Some(Notation::Whole | Notation::Plain))
    }
}

/// Why a column whose values nearly have one type is text.
pub(super) fn notes_of_text(values: &ValueFacts) -> Vec<String> {
    if values.mixes_zones() {
        return vec!["some times have a zone and others do not".into()];
    }
    if let Some(note) = values.flags.note() {
        return vec![note];
    }
    let misfit = values.misfit.as_ref().map(|misfit| {
        let shown: String = misfit.text.chars().take(30).collect();
        let times = match misfit.fitted {
            1 => "the value before it fits".to_string(),
            times => format!("the {times} values before it fit"),
        };
        format!(
            "\"{}\" (row {}) is not one of the {}; {times}",
            shown.escape_debug(),
            misfit.row,
            misfit.notation.noun()
        )
    });
    misfit.into_iter().collect()
}
