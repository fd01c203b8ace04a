//! The text of a query: its parameters `:name`, which are sent as values, and what it must not contain.

use super::refused::Refused;
use super::token::{Kind, is_end, token};

/// The longest query, in bytes. An address with its parameters must stay shorter than 64 KiB.
const LONGEST: usize = 10_000;
const MAX_PARAMETERS: usize = 40;
/// First words of a query.
const VERBS: [&str; 4] = ["select", "with", "values", "table"];
/// Parts of names of functions that lock, that act on other sessions, that change settings, or that run a text as SQL,
/// in which such a name could be hidden. Rights of PostgreSQL cannot refuse them to one role, because public has them.
/// The whole text is searched, also its comments, so that no way of quoting hides a name.
const REFUSED: [&str; 11] = [
    "pg_advisory",
    "pg_try_advisory",
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_notify",
    "pg_logical_emit_message",
    "set_config",
    "_to_xml",
    "ts_stat",
    "ts_rewrite",
    // Letters of names as numbers: U&"\0070g_advisory_lock".
    "u&\"",
];

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ParameterType {
    Text,
    Bigint,
    Numeric,
    Date,
    Timestamptz,
    Boolean,
}

impl ParameterType {
    const ALL: [ParameterType; 6] = [
        ParameterType::Text,
        ParameterType::Bigint,
        ParameterType::Numeric,
        ParameterType::Date,
        ParameterType::Timestamptz,
        ParameterType::Boolean,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            ParameterType::Text => "text",
            ParameterType::Bigint => "bigint",
            ParameterType::Numeric => "numeric",
            ParameterType::Date => "date",
            ParameterType::Timestamptz => "timestamptz",
            ParameterType::Boolean => "boolean",
        }
    }

    pub(super) fn parse(name: &str) -> ParameterType {
        let known = Self::ALL.into_iter().find(|each| each.name() == name);
        known.unwrap_or(ParameterType::Text)
    }
}

/// One query, as it is sent.
#[derive(Debug)]
pub(crate) struct Query {
    pub(super) sql: String,
    /// In the order of their numbers.
    pub(crate) parameters: Vec<(String, ParameterType)>,
    /// For each replaced parameter: its place in the user's text and in `sql`, and its length in both, in characters.
    replaced: Vec<Replaced>,
}

#[derive(Debug)]
struct Replaced {
    from: usize,
    written: usize,
    to: usize,
    sent: usize,
}

impl Query {
    /// `types`: the types of parameters; all others are text.
    pub(crate) fn parse(text: &str, types: &[(String, ParameterType)]) -> Result<Query, Refused> {
        if text.len() > LONGEST {
            let message = format!("A query has at most {LONGEST} bytes.");
            return Err(Refused::new(message, None));
        }
        refuse_names(text)?;
        let letters: Vec<char> = text.chars().collect();
        let mut query = Query {
            sql: String::new(),
            parameters: Vec::new(),
            replaced: Vec::new(),
        };
        let (mut at, mut sent, mut has_verb) = (0, 0, false);
        while at < letters.len() {
            let token = token(&letters, at);
            let written: String = letters[at..at + token.length].iter().collect();
            let mut out = written.clone();
            match token.kind {
                Kind::Parameter => {
                    out = query.parameter(&written[1..], types)?;
                    query.replaced.push(Replaced {
                        from: at,
                        written: token.length,
                        to: sent,
                        sent: out.chars().count(),
                    });
                }
                Kind::Semicolon if is_end(&letters, at) => out = " ".into(),
                Kind::Number if written.starts_with('$') => {
                    let message = "Write a parameter with a name: :since instead of $1.";
                    return Err(Refused::new(message, Some(at)));
                }
                Kind::Space | Kind::Number => {}
                Kind::Other if written == "(" => {}
                Kind::Word if has_verb || VERBS.contains(&&*written.to_ascii_lowercase()) => {
                    has_verb = true;
                }
                Kind::Word | Kind::Other | Kind::Semicolon | Kind::Quoted if !has_verb => {
                    let message = "A query begins with select, with, values or table. Nothing else runs here.";
                    return Err(Refused::new(message, Some(at)));
                }
                Kind::Word | Kind::Other | Kind::Semicolon | Kind::Quoted => {}
            }
            sent += out.chars().count();
            query.sql.push_str(&out);
            at += token.length;
        }
        if has_verb {
            Ok(query)
        } else {
            Err(Refused::new("The query is empty.", None))
        }
    }

    /// SQL for a parameter. Its value is sent as text, and the server converts it.
    fn parameter(
        &mut self,
        name: &str,
        types: &[(String, ParameterType)],
    ) -> Result<String, Refused> {
        let known = self.parameters.iter().position(|(each, _)| each == name);
        let index = known.unwrap_or(self.parameters.len());
        if known.is_none() {
            if index == MAX_PARAMETERS {
                let message = format!("A query has at most {MAX_PARAMETERS} parameters.");
                return Err(Refused::new(message, None));
            }
            let of = types.iter().find(|(each, _)| each == name);
            let of = of.map_or(ParameterType::Text, |(_, of)| *of);
            self.parameters.push((name.into(), of));
        }
        let of = self.parameters[index].1.name();
        Ok(format!("(${}::text::{of})", index + 1))
    }

    /// The place in the user's text, from 0, of a place in the sent text, from 1.
    pub(super) fn written_place(&self, sent: usize) -> Option<usize> {
        let sent = sent.checked_sub(1)?;
        let mut place = sent;
        for each in &self.replaced {
            if sent >= each.to + each.sent {
                place = sent - (each.to + each.sent) + each.from + each.written;
            } else if sent >= each.to {
                return Some(each.from);
            }
        }
        Some(place)
    }
}

fn refuse_names(text: &str) -> Result<(), Refused> {
    let lower = text.to_ascii_lowercase();
    let found = REFUSED
        .iter()
        .find_map(|name| lower.find(name).map(|at| (name, at)));
    if let Some((name, at)) = found {
        let message = format!("{name} is not allowed in a query, not even in a comment.");
        let place = text[..at].chars().count();
        return Err(Refused::new(message, Some(place)));
    }
    if text.contains('\0') {
        return Err(Refused::new("A query has no NUL character.", None));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str) -> String {
        Query::parse(text, &[("n".into(), ParameterType::Bigint)])
            .unwrap()
            .sql
    }

    fn refused(text: &str) -> Refused {
        Query::parse(text, &[]).unwrap_err()
    }

    #[test]
    fn parameters_become_values_outside_of_texts_and_comments() {
        assert_eq!(
            sent("select :n, :n + :other"),
            "select ($1::text::bigint), ($1::text::bigint) + ($2::text::text)"
        );
        for text in [
            "select ':n', \":n\", $$:n$$, $a$ $$:n $a$, e'\\':n', x::name",
            "select 1 -- :n",
            "select /* :n /* :n */ :n */ 1",
            "select 'a'':n'",
            "table x",
            "(values (1))",
            "-- what\nwith x as (select 1) table x",
        ] {
            assert_eq!(sent(text), text);
        }
    }

    #[test]
    fn a_semicolon_at_the_end_is_left_out() {
        assert_eq!(sent("select 1; -- one\n;"), "select 1  -- one\n ");
        assert_eq!(sent("select 1; select 2"), "select 1; select 2");
        assert_eq!(sent("select ';'"), "select ';'");
    }

    #[test]
    fn places_of_errors_are_those_of_the_written_text() {
        let query = Query::parse("select :a, x, :b y", &[]).unwrap();
        for part in ["select", " x,", " y"] {
            let sent = query.sql.find(part).unwrap();
            let written = "select :a, x, :b y".find(part);
            assert_eq!(query.written_place(sent + 1), written, "{part}");
        }
        let inside = query.sql.find("$2").unwrap();
        assert_eq!(query.written_place(inside + 1), Some(14));
    }

    #[test]
    fn other_statements_and_names_are_refused_with_their_place() {
        for (text, place) in [
            ("delete from x", 0),
            ("  do $$ begin end $$", 2),
            ("/* x */ set role none", 8),
            ("explain select 1", 0),
            ("\"select\" 1", 0),
            ("select $1", 7),
            ("select PG_advisory_lock(1)", 7),
            ("select é, pg_catalog.\"pg_advisory_lock\"(1)", 22),
            ("select U&\"\\0070g_advisory_lock\"(1)", 7),
            ("select query_to_xml('x', true, true, '')", 12),
            ("select 1 -- set_config", 12),
        ] {
            assert_eq!(refused(text).position, Some(place), "{text}");
        }
        assert_eq!(refused(" -- nothing").message, "The query is empty.");
        assert!(
            refused(&"x".repeat(LONGEST + 1))
                .message
                .contains("at most")
        );
        assert!(refused("select '\0'").message.contains("NUL"));
    }
}
