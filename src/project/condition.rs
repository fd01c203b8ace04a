//! `-- holds if:` of a rule's header: properties of columns under which the rule cannot find a row.

use super::is_identifier;

/// The properties that `elt.column_is` knows.
pub(crate) const PROPERTIES: [&str; 7] = [
    "integer",
    "date",
    "trimmed",
    "complete",
    "lowercase",
    "uppercase",
    "empty",
];

/// One term: `SOURCE.COLUMN is PROPERTY`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Term<'a> {
    pub(crate) source: &'a str,
    pub(crate) column: &'a str,
}

/// The terms of a condition, or the reason why it cannot be read. `elt.condition_holds` reads the same text.
pub(crate) fn terms(condition: &str) -> Result<Vec<Term<'_>>, String> {
    let words: Vec<&str> = condition.split_whitespace().collect();
    words.split(|word| *word == "and").map(term).collect()
}

fn term<'a>(words: &[&'a str]) -> Result<Term<'a>, String> {
    let written = words.join(" ");
    let &[subject, "is", property] = words else {
        return Err(format!("\"{written}\" is not a condition"));
    };
    match subject.split_once('.') {
        Some((source, column)) if is_identifier(source) && is_identifier(column) => {
            match PROPERTIES.contains(&property) {
                true => Ok(Term { source, column }),
                false => Err(format!("there is no property \"{property}\"")),
            }
        }
        _ => Err(format!("\"{subject}\" does not name a source and a column")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_joined_by_and() {
        let read = terms("orders.id is integer  and orders.day is date").unwrap();
        let columns: Vec<_> = read.iter().map(|term| (term.source, term.column)).collect();
        assert_eq!(columns, [("orders", "id"), ("orders", "day")]);
    }

    #[test]
    fn other_text_is_refused_with_a_reason() {
        for (condition, reason) in [
            ("", "\"\" is not a condition"),
            ("orders.id is integer and", "\"\" is not a condition"),
            (
                "orders.id is not integer",
                "\"orders.id is not integer\" is not a condition",
            ),
            (
                "id is integer",
                "\"id\" does not name a source and a column",
            ),
            ("orders.id is bigint", "there is no property \"bigint\""),
        ] {
            assert_eq!(terms(condition), Err(reason.to_string()));
        }
    }
}
