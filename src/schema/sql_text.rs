//! Splits SQL text into words with PostgreSQL's lexer, to find the ends of statements and the named objects.

use squawk_lexer::{LiteralKind, TokenKind, tokenize};
use std::collections::BTreeSet;
use std::ops::Range;

/// A word of a text with its position.
struct Word {
    kind: TokenKind,
    place: Range<usize>,
}

fn words(text: &str) -> impl Iterator<Item = Word> {
    let mut end = 0;
    std::iter::from_fn(move || {
        let rest = &text[end..];
        let token = tokenize(rest).next()?;
        let length = match token.kind {
            TokenKind::Literal {
                kind: LiteralKind::EscStr { .. },
            } => length_of_escaped(rest),
            _ => token.len as usize,
        };
        let place = end..end + length;
        end = place.end;
        Some(Word {
            kind: token.kind,
            place,
        })
    })
}

/// The length of the string `E'...'` at the beginning of a text. The lexer would end it at `\'`.
fn length_of_escaped(text: &str) -> usize {
    let mut bytes = text.bytes().enumerate().skip(2).peekable();
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'\'' if bytes.next_if(|(_, next)| *next == b'\'').is_none() => return index + 1,
            _ => {}
        }
    }
    text.len()
}

fn is_blank(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. }
    )
}

/// A statement without the comments before it.
pub(super) fn skip_comments(statement: &str) -> &str {
    let first = words(statement).find(|word| !is_blank(word.kind));
    first.map_or("", |word| &statement[word.place.start..])
}

/// The words of a statement without comments. Words without quotes are folded to lower case, as in PostgreSQL.
pub(super) fn folded_words(statement: &str) -> Vec<String> {
    words(statement)
        .filter(|word| !is_blank(word.kind))
        .map(|word| match word.kind {
            TokenKind::Ident => statement[word.place].to_ascii_lowercase(),
            _ => statement[word.place].to_string(),
        })
        .collect()
}

/// The text with a `;` after its last statement, so that more statements can follow.
pub(super) fn with_final_semicolon(text: &str) -> String {
    let text = text.trim_end();
    let last = words(text).filter(|word| !is_blank(word.kind)).last();
    match last.is_some_and(|word| word.kind != TokenKind::Semi) {
        // On a line of its own: the last one may be a comment.
        true => format!("{text}\n;"),
        false => text.to_string(),
    }
}

/// The statements of a text, without the `;` at their ends. Comments before one belong to it.
pub(crate) fn statements(text: &str) -> Vec<&str> {
    let mut statements = Vec::new();
    let (mut begin, mut has_word) = (0, false);
    // In a function body that is not a string: begin atomic ... end.
    let (mut depth, mut last) = (0_usize, String::new());
    // In parentheses, as around the statements of a rule.
    let mut open = 0_usize;
    for word in words(text) {
        match word.kind {
            kind if is_blank(kind) => {}
            TokenKind::Semi if depth == 0 && open == 0 => {
                if has_word {
                    statements.push(text[begin..word.place.start].trim());
                }
                (begin, has_word) = (word.place.end, false);
            }
            kind => {
                has_word = true;
                match kind {
                    TokenKind::OpenParen => open += 1,
                    TokenKind::CloseParen => open = open.saturating_sub(1),
                    _ => {}
                }
                let this = match kind {
                    TokenKind::Ident => text[word.place].to_lowercase(),
                    _ => String::new(),
                };
                match this.as_str() {
                    "atomic" if last == "begin" => depth = 1,
                    "case" if depth > 0 => depth += 1,
                    "end" if depth > 0 => depth -= 1,
                    _ => {}
                }
                last = this;
            }
        }
    }
    if has_word {
        statements.push(text[begin..].trim());
    }
    statements
}

/// Every `schema.name` in a text, outside strings and comments, including that of `schema.name.column`.
pub(super) fn qualified_names(text: &str) -> BTreeSet<&str> {
    qualified_name_places(text)
        .into_iter()
        .map(|place| &text[place])
        .collect()
}

/// The text with these objects moved to the session's temporary schema.
pub(super) fn move_to_temporary(text: &str, objects: &BTreeSet<&str>) -> String {
    rename(text, |name| match name.split_once('.') {
        Some((_, own)) if objects.contains(name) => Some(format!("pg_temp.{own}")),
        _ => None,
    })
}

/// The text with other names for objects, as `new_name` gives them.
pub(super) fn rename(text: &str, new_name: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for place in qualified_name_places(text) {
        if let Some(new) = new_name(&text[place.clone()]) {
            out.push_str(&text[end..place.start]);
            out.push_str(&new);
            end = place.end;
        }
    }
    out.push_str(&text[end..]);
    out
}

fn qualified_name_places(text: &str) -> Vec<Range<usize>> {
    let words: Vec<Word> = words(text).collect();
    let is = |index: usize, kind: TokenKind| words.get(index).is_some_and(|it| it.kind == kind);
    let mut pairs = Vec::new();
    let mut index = 0;
    while index < words.len() {
        let is_pair = is(index, TokenKind::Ident)
            && is(index + 1, TokenKind::Dot)
            && is(index + 2, TokenKind::Ident);
        if is_pair {
            pairs.push(words[index].place.start..words[index + 2].place.end);
        }
        // A column follows.
        index += if is_pair { 3 } else { 1 };
        while is_pair && is(index, TokenKind::Dot) {
            index += 2;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_where_postgresql_ends_them() {
        let text = "-- one; two\nselect ';' as a;\n\ndo $x$ begin; end $x$;\n\
                    create function f() returns int begin atomic select case 1 when 1 then 2 end; select 3; end;\n\
                    /* ; */ select 4\n-- done";
        let statements = statements(text);
        assert_eq!(statements.len(), 4, "{statements:#?}");
        assert_eq!(statements[0], "-- one; two\nselect ';' as a");
        assert!(statements[2].ends_with("select 3; end"));
    }

    #[test]
    fn a_string_with_escapes_ends_where_postgresql_ends_it() {
        let text = r"select E'it\'s; x', e'\\', 'a\'; select E'''; \'', 3";
        assert_eq!(
            statements(text),
            [r"select E'it\'s; x', e'\\', 'a\'", r"select E'''; \'', 3"]
        );
    }

    #[test]
    fn a_text_without_its_last_semicolon_gets_it() {
        assert_eq!(
            with_final_semicolon("select 1; -- one\n"),
            "select 1; -- one"
        );
        assert_eq!(with_final_semicolon("select 1 -- ;\n"), "select 1 -- ;\n;");
        assert_eq!(with_final_semicolon("-- nothing\n"), "-- nothing");
    }

    #[test]
    fn objects_move_wherever_they_are_named_and_nothing_else_does() {
        let text = "create or replace view core.x as -- core.x\nselect x.a, core.x.b, 'core.x', core.xy.c from core.x";
        assert_eq!(
            move_to_temporary(text, &BTreeSet::from(["core.x"])),
            "create or replace view pg_temp.x as -- core.x\nselect x.a, pg_temp.x.b, 'core.x', core.xy.c from pg_temp.x"
        );
    }
}
