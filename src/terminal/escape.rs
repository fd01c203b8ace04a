//! Makes text from files and servers safe for a terminal: sequences that would move the cursor, change colours, send
//! input or reverse text are escaped.

use std::borrow::Cow;
use std::io::IsTerminal;

/// The text for a stream, changed only if that is a terminal.
pub(super) fn for_stream<'t>(stream: &impl IsTerminal, text: &'t str) -> Cow<'t, str> {
    if stream.is_terminal() {
        escape(text)
    } else {
        Cow::Borrowed(text)
    }
}

/// Line ends and tabs stay.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_active) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            // Part of a line end. Alone, it would move the cursor to the beginning of the line.
            '\r' if letters.peek() == Some(&'\n') => out.push(letter),
            letter if is_active(letter) => out.extend(letter.escape_unicode()),
            letter => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// Control characters and invisible direction marks.
fn is_active(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}' => true,
        letter => letter.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        for (text, shown) in [
            ("caf\u{e9}\t1\n", "caf\u{e9}\t1\n"),
            ("a\r\nb", "a\r\nb"),
            ("safe\rover", "safe\\u{d}over"),
            ("\x1b]0;title\x07", "\\u{1b}]0;title\\u{7}"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("a\u{202e}b\u{200b}", "a\\u{202e}b\\u{200b}"),
        ] {
            assert_eq!(escape(text), shown);
        }
    }
}
