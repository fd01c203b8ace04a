//! File names with signs that stand for any characters, as in elt.source.file.

use anyhow::{Result, anyhow};
use glob::MatchOptions;

/// Signs do not match a slash, and a dot at the beginning of a name must be written out.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// A relative path with `*` (any characters but a slash), `?` (one of them) or `**/` (any folders).
pub(crate) struct Pattern {
    text: String,
    pattern: glob::Pattern,
}

impl Pattern {
    /// None if the text has no sign, so that it names one file.
    ///
    /// # Errors
    /// If `**` is a part of a name.
    pub(crate) fn parse(text: &str) -> Result<Option<Pattern>> {
        if !is_pattern(text) {
            return Ok(None);
        }
        // Brackets are usual in file names: "orders [1].csv".
        let pattern = glob::Pattern::new(&text.replace('[', "[[]"))
            .map_err(|error| anyhow!("\"{text}\" is not a pattern of files: {}", error.msg))?;
        Ok(Some(Pattern {
            text: text.to_string(),
            pattern,
        }))
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it matches a path. The separator is a slash.
    pub(crate) fn matches(&self, path: &str) -> bool {
        self.pattern.matches_with(path, OPTIONS)
    }

    /// The folders before the first sign, without a slash at the end. Empty if there are none.
    pub(crate) fn folder(&self) -> &str {
        let before = self.text.split(['*', '?']).next().unwrap_or_default();
        before.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// How many levels below `folder` it may match; None for any number.
    pub(super) fn depth(&self) -> Option<usize> {
        let rest = &self.text[self.folder().len()..];
        let is_any = rest.split('/').any(|part| part == "**");
        (!is_any).then(|| rest.trim_start_matches('/').split('/').count())
    }
}

/// Whether a path has a sign of a pattern.
fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Pattern::parse(pattern).unwrap().unwrap().matches(path)
    }

    #[test]
    fn signs_stay_in_their_folder() {
        assert!(matches("orders-*.csv", "orders-1.csv"));
        assert!(matches("orders-*.csv", "orders-.csv"));
        assert!(!matches("orders-*.csv", "orders-1/x.csv"));
        assert!(!matches("*.csv", "2026/x.csv"));
        assert!(matches("2026/*/day.csv.gz", "2026/01/day.csv.gz"));
        assert!(!matches("2026/*/day.csv.gz", "2026/01/02/day.csv.gz"));
        assert!(matches("day-?.csv", "day-1.csv"));
        assert!(!matches("day-?.csv", "day-10.csv"));
    }

    #[test]
    fn two_asterisks_are_any_folders() {
        assert!(matches("**/*.csv", "x.csv"));
        assert!(matches("**/*.csv", "a/b/x.csv"));
        assert!(matches("in/**/x.csv", "in/x.csv"));
        assert!(Pattern::parse("a**b.csv").is_err());
    }

    #[test]
    fn all_other_characters_are_literal() {
        assert!(matches("orders [1]*.csv", "orders [1] x.csv"));
        assert!(!matches("orders [1]*.csv", "orders 1 x.csv"));
        assert!(!matches("*.csv", ".hidden.csv"), "a temporary file");
        assert!(!matches("*.CSV", "x.csv"));
        assert!(Pattern::parse("orders.csv").unwrap().is_none());
    }

    #[test]
    fn the_folder_before_the_first_sign_is_searched() {
        let parse = |text| Pattern::parse(text).unwrap().unwrap();
        let searched = |text| {
            let pattern = parse(text);
            (pattern.folder().to_string(), pattern.depth())
        };
        assert_eq!(searched("orders-*.csv"), (String::new(), Some(1)));
        assert_eq!(searched("2026/*/day.csv"), ("2026".into(), Some(2)));
        assert_eq!(searched("a/b/x?.csv"), ("a/b".into(), Some(1)));
        assert_eq!(searched("a/**/x.csv"), ("a".into(), None));
    }
}
