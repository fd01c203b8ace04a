//! Latin letters without their marks, for names.

/// Letters, and what replaces each of them. German umlauts become two letters, as in German.
const LETTERS: [(&str, &str); 48] = [
    ("ä", "ae"),
    ("ö", "oe"),
    ("ü", "ue"),
    ("ß", "ss"),
    ("æ", "ae"),
    ("œ", "oe"),
    ("þ", "th"),
    ("ð", "d"),
    ("ĳ", "ij"),
    ("ŀ", "l"),
    ("ŉ", "n"),
    ("àáâãāăąǎ", "a"),
    ("å", "a"),
    ("çćĉċč", "c"),
    ("ďđ", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįǐ", "i"),
    ("ı", "i"),
    ("ĵ", "j"),
    ("ķĸ", "k"),
    ("ĺļľł", "l"),
    ("ñńņňŋ", "n"),
    ("òóôõøōŏőǒ", "o"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ţťŧț", "t"),
    ("ùúûũūŭůűųǔ", "u"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
    ("ª", "a"),
    ("º", "o"),
    ("²", "2"),
    ("³", "3"),
    ("¹", "1"),
    ("µμ", "u"),
    ("ạảấầẩẫậắằẳẵặ", "a"),
    ("ẹẻẽếềểễệ", "e"),
    ("ỉị", "i"),
    ("ọỏốồổỗộớờởỡợơ", "o"),
    ("ụủứừửữựư", "u"),
    ("ỳỵỷỹ", "y"),
    ("ﬁ", "fi"),
    ("ﬂ", "fl"),
    ("ẞ", "ss"),
    ("ſ", "s"),
];

/// The text in ASCII, as far as its letters are Latin. Others are kept.
pub(super) fn transliterate(text: &str) -> String {
    if text.is_ascii() {
        return text.to_string();
    }
    let mut plain = String::with_capacity(text.len());
    let mut each = text.chars().peekable();
    while let Some(letter) = each.next() {
        // A mark that follows its letter: U+0308 makes an umlaut.
        let is_umlaut = each.peek() == Some(&'\u{308}') && "aouAOU".contains(letter);
        match replacement(letter) {
            _ if matches!(letter, '\u{300}'..='\u{36f}') => {}
            Some(letters) if letter.is_uppercase() => plain.push_str(&capitalized(letters)),
            Some(letters) => plain.push_str(letters),
            None => plain.push(letter),
        }
        if is_umlaut {
            plain.push('e');
        }
    }
    plain
}

fn replacement(letter: char) -> Option<&'static str> {
    let lower = if letter == 'İ' {
        'ı'
    } else {
        letter.to_lowercase().next()?
    };
    let found = LETTERS.iter().find(|(letters, _)| letters.contains(lower));
    found
        .filter(|_| !letter.is_ascii())
        .map(|(_, letters)| *letters)
}

fn capitalized(letters: &str) -> String {
    let (first, rest) = letters.split_at(1);
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_letters_become_ascii() {
        assert_eq!(transliterate("Änderung"), "Aenderung");
        assert_eq!(transliterate("Größe A\u{308}pfel"), "Groesse Aepfel");
        assert_eq!(transliterate("año, Łódź, İl, e\u{301}"), "ano, Lodz, Il, e");
        assert_eq!(transliterate("日本語 Имя €"), "日本語 Имя €");
    }
}
