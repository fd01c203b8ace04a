//! The text of a query: its parameters `:name`, which are sent as values, and what it must not contain.

use super::refused::Refused;

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

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// White space or a comment.
    Space,
    Word,
    /// Begins with a digit, or is a parameter of PostgreSQL: `$1`.
    Number,
    /// A string or a quoted name.
    Quoted,
    Parameter,
    Semicolon,
    Other,
}

/// The kind of a token, and its length in characters.
struct Token {
    kind: Kind,
    length: usize,
}

/// Whether only white space, comments and semicolons follow a semicolon.
fn is_end(letters: &[char], at: usize) -> bool {
    let mut at = at;
    while at < letters.len() {
        let token = token(letters, at);
        if !matches!(token.kind, Kind::Space | Kind::Semicolon) {
            return false;
        }
        at += token.length;
    }
    true
}

/// The token that begins at a character.
fn token(letters: &[char], at: usize) -> Token {
    let rest = &letters[at..];
    let next = rest.get(1).copied().unwrap_or('\0');
    let (kind, length) = match (rest[0], next) {
        (letter, _) if letter.is_whitespace() => (Kind::Space, 1),
        ('-', '-') => (Kind::Space, length_while(rest, |letter| letter != '\n')),
        ('/', '*') => (Kind::Space, comment_length(rest)),
        ('e' | 'E', '\'') => (Kind::Quoted, 1 + quoted_length(&rest[1..], '\'', true)),
        (quote @ ('\'' | '"'), _) => (Kind::Quoted, quoted_length(rest, quote, false)),
        ('$', digit) if digit.is_ascii_digit() => (
            Kind::Number,
            1 + length_while(&rest[1..], |each| each.is_ascii_digit()),
        ),
        ('$', _) => match dollar_length(rest) {
            Some(length) => (Kind::Quoted, length),
            None => (Kind::Other, 1),
        },
        (':', ':' | '=') => (Kind::Other, 2),
        (':', letter) if is_word_start(letter) => {
            (Kind::Parameter, 1 + length_while(&rest[1..], is_word))
        }
        (';', _) => (Kind::Semicolon, 1),
        (letter, _) if letter.is_ascii_digit() => (Kind::Number, length_while(rest, is_word)),
        (letter, _) if is_word_start(letter) => (Kind::Word, length_while(rest, is_word)),
        _ => (Kind::Other, 1),
    };
    Token { kind, length }
}

fn is_word_start(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_' || !letter.is_ascii()
}

fn is_word(letter: char) -> bool {
    is_word_start(letter) || letter.is_ascii_digit() || letter == '$'
}

fn length_while(letters: &[char], holds: impl Fn(char) -> bool) -> usize {
    letters.iter().take_while(|letter| holds(**letter)).count()
}

/// Comments can be nested.
fn comment_length(letters: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

/// A doubled quote is part of the text. It ends with the query if the quote is not closed.
fn quoted_length(letters: &[char], quote: char, has_escapes: bool) -> usize {
    let mut at = 1;
    while at < letters.len() {
        let is_doubled = letters[at] == quote && letters.get(at + 1) == Some(&quote);
        if is_doubled || (has_escapes && letters[at] == '\\') {
            at += 2;
        } else if letters[at] == quote {
            return at + 1;
        } else {
            at += 1;
        }
    }
    letters.len()
}

/// `$$text$$` or `$tag$text$tag$`. `None` if it is another dollar sign.
fn dollar_length(letters: &[char]) -> Option<usize> {
    let name = length_while(&letters[1..], |letter| letter != '$' && is_word(letter));
    let tag = letters.get(..name + 2)?;
    if tag.last() != Some(&'$') {
        return None;
    }
    let after = &letters[tag.len()..];
    let end = after.windows(tag.len()).position(|part| part == tag);
    Some(end.map_or(letters.len(), |end| tag.len() + end + tag.len()))
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
        for part in ["select", "x", "y"] {
            let sent = query.sql.chars().collect::<String>().find(part).unwrap();
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
