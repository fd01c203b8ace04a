//! Shows invisible and control characters of the data as text, such as U+202E instead of reversed text. All pages
//! pass through here, so templates need not handle them.

use std::fmt::Write;

/// Whether a character is invisible but changes the displayed text. Tabs and line ends count as visible. The checks
/// of names in the migrations list the same characters, and in addition tabs and line ends.
pub(crate) fn is_invisible(letter: char) -> bool {
    match letter {
        '\t' | '\n' | '\r' => false,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

/// Whether a text has invisible characters. Most of a page is ASCII, which is checked much faster byte by byte.
fn has_invisible(text: &str) -> bool {
    let is_control =
        |byte: u8| (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f;
    // Not `any`, so that the processor checks many bytes at once.
    let has_control = text.bytes().fold(false, |has, byte| has | is_control(byte));
    let mut rest = text;
    while !has_control && let Some(start) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let mut letters = rest[start..].chars();
        if letters.next().is_some_and(is_invisible) {
            return true;
        }
        rest = letters.as_str();
    }
    has_control
}

/// The text with its invisible characters written out. `None` if it has none.
pub(crate) fn written_out(text: &str) -> Option<String> {
    has_invisible(text).then(|| {
        let letters = text.chars().map(|letter| {
            if is_invisible(letter) {
                format!("[{}]", name(letter))
            } else {
                letter.into()
            }
        });
        letters.collect()
    })
}

fn name(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

/// The part of a page that a character is in.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Text,
    /// Content without elements: a title, an option of a list, a drawing.
    PlainText,
    /// A form field, whose text is sent back unchanged.
    Untouched,
}

/// Marks the invisible characters of a page. Templates escape their values, so `<` and `>` always belong to a tag.
pub(crate) fn marked(html: String) -> String {
    if !has_invisible(&html) {
        return html;
    }
    let mut out = String::with_capacity(html.len() + 256);
    let mut place = Place::Text;
    let mut rest = html.as_str();
    while let Some(start) = rest.find('<') {
        add(&mut out, &rest[..start], place);
        let end = rest[start..]
            .find('>')
            .map_or(rest.len(), |end| start + end + 1);
        let tag = &rest[start..end];
        out.push_str(tag);
        place = after(tag, place);
        rest = &rest[end..];
    }
    add(&mut out, rest, place);
    out
}

/// The place after a tag.
fn after(tag: &str, place: Place) -> Place {
    let name = tag
        .trim_start_matches('<')
        .split(|letter: char| letter.is_whitespace() || letter == '>')
        .next()
        .unwrap_or_default();
    match name {
        "textarea" => Place::Untouched,
        "title" | "option" | "svg" => Place::PlainText,
        "/textarea" | "/title" | "/option" | "/svg" => Place::Text,
        _ => place,
    }
}

fn add(out: &mut String, text: &str, place: Place) {
    for letter in text.chars() {
        // Writing to a String does not fail.
        let _ = match (is_invisible(letter), place) {
            (false, _) | (_, Place::Untouched) => write!(out, "{letter}"),
            (true, Place::PlainText) => write!(out, "[{}]", name(letter)),
            (true, Place::Text) => {
                let name = name(letter);
                write!(
                    out,
                    "<span class=\"unseen\" title=\"Invisible character\">{name}</span>"
                )
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_marked() {
        let page = "<title>a\u{202e}b</title><p title=\"\u{202e}\">x\u{200b}y\t\n</p><textarea>\n\u{feff}</textarea>\
                    <option>\u{1}</option><svg><text>\u{2066}</text></svg>\u{9f}";
        let mark = |name: &str| {
            format!("<span class=\"unseen\" title=\"Invisible character\">{name}</span>")
        };
        let expected = format!(
            "<title>a[U+202E]b</title><p title=\"\u{202e}\">x{}y\t\n</p><textarea>\n\u{feff}</textarea>\
             <option>[U+0001]</option><svg><text>[U+2066]</text></svg>{}",
            mark("U+200B"),
            mark("U+009F")
        );
        assert_eq!(marked(page.into()), expected);
        assert_eq!(marked("<p>é 日本 😀</p>".into()), "<p>é 日本 😀</p>");
        assert_eq!(written_out("a\u{202e}"), Some("a[U+202E]".into()));
        assert_eq!(written_out("plain\n"), None);
    }

    #[test]
    fn each_character_is_found_in_a_text() {
        for letter in '\0'..=char::MAX {
            let text = String::from_iter(['a', 'é', letter, 'b']);
            assert_eq!(has_invisible(&text), is_invisible(letter), "{letter:?}");
        }
    }
}
