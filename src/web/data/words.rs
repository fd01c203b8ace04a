//! Words of a search that the server answers without SQL, over names and descriptions.

/// The words that must all occur. Upper and lower case are the same.
pub(crate) struct Words {
    /// As typed, for the field of the form.
    pub(crate) text: String,
    words: Vec<String>,
}

impl Words {
    pub(crate) fn parse(text: &str) -> Words {
        let text = text.trim();
        Words {
            words: text.split_whitespace().map(str::to_lowercase).collect(),
            text: text.into(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether each word occurs in one of the texts.
    pub(crate) fn are_in(&self, texts: &[&str]) -> bool {
        let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
        let occurs = |word: &String| texts.iter().any(|text| text.contains(word));
        self.words.iter().all(occurs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_must_occur_in_any_of_the_texts() {
        let words = Words::parse(" Sales  MONTH ");
        assert_eq!(words.text, "Sales  MONTH");
        assert!(words.are_in(&["public.sales", "Totals by month."]));
        assert!(!words.are_in(&["public.sales", "Totals by day."]));
        assert!(Words::parse("  ").is_empty() && Words::parse("").are_in(&["anything"]));
    }
}
