//! The tokens of SQL, as far as parameters, the first word and the end of a query need them. The server parses the query
//! itself; a token that is read differently there is an error, and never lets another statement run.

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
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
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) length: usize,
}

/// Whether only white space, comments and semicolons follow a semicolon.
pub(super) fn is_end(letters: &[char], at: usize) -> bool {
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
pub(super) fn token(letters: &[char], at: usize) -> Token {
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
