//! Shows where in the text of a query an error is.

use crate::web::data::query::Refused;

/// An error of a query, with the text around its place.
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) detail: String,
    pub(super) hint: String,
    pub(super) place: Option<Place>,
}

pub(super) struct Place {
    pub(super) before: String,
    /// The word at the place, or an arrow at the end of the text.
    pub(super) word: String,
    pub(super) after: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Problem {
    pub(super) fn new(refused: Refused, text: &str) -> Problem {
        Problem {
            message: refused.message,
            detail: refused.detail,
            hint: refused.hint,
            place: refused.position.map(|position| Place::new(text, position)),
        }
    }
}

impl Place {
    /// `position`: index of a character, from 0.
    fn new(text: &str, position: usize) -> Place {
        let letters: Vec<char> = text.chars().collect();
        let at = position.min(letters.len());
        let is_word = |letter: &&char| letter.is_alphanumeric() || **letter == '_';
        let length = letters[at..].iter().take_while(is_word).count();
        let end = (at + length.max(1)).min(letters.len());
        let before: String = letters[..at].iter().collect();
        let word: String = letters[at..end].iter().collect();
        Place {
            line: before.matches('\n').count() + 1,
            column: before
                .chars()
                .rev()
                .take_while(|letter| *letter != '\n')
                .count()
                + 1,
            word: if word.trim().is_empty() {
                format!("◂{word}")
            } else {
                word
            },
            before,
            after: letters[end..].iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_its_word_line_and_column() {
        let place = Place::new("select\n  wrong, 1", 9);
        assert_eq!(
            (&*place.before, &*place.word, &*place.after),
            ("select\n  ", "wrong", ", 1")
        );
        assert_eq!((place.line, place.column), (2, 3));
        let end = Place::new("select é", 8);
        assert_eq!((&*end.word, end.line, end.column), ("◂", 1, 9));
        assert_eq!(Place::new("a = )", 4).word, ")");
        assert_eq!(Place::new("a", 99).column, 2);
    }
}
