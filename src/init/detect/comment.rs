//! Chooses the sign that begins comment lines.

use super::candidate::Candidate;
use super::dialect::choose_dialect;
use super::header::{Verdict, judge};
use super::scan::{Text, scan};
use crate::init::layout::LayoutOptions;

/// Signs that begin comments, the longest first.
const PREFIXES: [&str; 4] = ["//", "--", "#", "%"];

/// The sign of comments, and the best reading of the other lines. Lines with as many fields as the table are
/// mostly no comments.
pub(super) fn choose_comment(
    text: Text<'_>,
    options: &LayoutOptions,
) -> (Option<String>, Candidate) {
    if let Some(comment) = &options.comment {
        let candidate = choose_dialect(text, options, comment.as_deref());
        return (comment.clone(), candidate);
    }
    if let Some(prefix) = likely_prefix(text) {
        let candidate = choose_dialect(text, options, Some(prefix));
        if are_comments(text, prefix, &candidate) {
            return (Some(prefix.into()), candidate);
        }
    }
    (None, choose_dialect(text, options, None))
}

/// The sign with which the file begins; or `#` and a space on a later line.
fn likely_prefix(text: Text<'_>) -> Option<&'static str> {
    let (_, first) = text.lines().next()?;
    let begins = |prefix: &&&str| first.starts_with(prefix.as_bytes());
    let is_later = || text.lines().any(|(_, line)| line.starts_with(b"# "));
    let prefix = PREFIXES.iter().find(begins).copied();
    prefix.or_else(|| is_later().then_some("#"))
}

fn are_comments(text: Text<'_>, prefix: &str, candidate: &Candidate) -> bool {
    let mut lines = text.lines();
    let has_prefix = |line: &[u8]| line.starts_with(prefix.as_bytes());
    if candidate.records.is_empty() {
        return false;
    }
    if candidate.width > 1 {
        let first_record = candidate.records[0].line;
        let begins_with_it = text
            .lines()
            .next()
            .is_some_and(|(_, line)| has_prefix(line));
        let (mut comments, mut records) = (0, 0);
        for (line, bytes) in lines.filter(|(_, line)| has_prefix(line)) {
            let alone = scan(Text { bytes, line }, candidate.dialect, None, 1);
            if !begins_with_it && memchr::memchr(candidate.dialect.delimiter, bytes).is_some() {
                // A record with a misplaced quote.
                return false;
            } else if !alone.iter().any(|record| record.fits(candidate.width)) {
                comments += 1;
            } else if line < first_record && is_header(bytes, prefix, candidate) {
                return false;
            } else if line < first_record {
                comments += 1;
            } else {
                records += 1;
            }
        }
        // A few records may be commented out.
        return records * 3 <= comments;
    }
    // In a file with one column, only sentences at its beginning are comments.
    let is_sentence = |line: &[u8]| {
        let rest = &line[prefix.len()..];
        rest.is_empty() || rest.starts_with(b" ") || rest.starts_with(prefix.as_bytes())
    };
    let above: Vec<&[u8]> = lines
        .by_ref()
        .map(|(_, line)| line)
        .take_while(|line| has_prefix(line))
        .collect();
    above.iter().all(|line| is_sentence(line)) && !lines.any(|(_, line)| has_prefix(line))
}

/// Whether a line that begins like a comment has the names of the records below it.
fn is_header(line: &[u8], prefix: &str, candidate: &Candidate) -> bool {
    let (first, below) = candidate.records.split_at(1);
    match judge(&first[0], below) {
        Verdict::Record(_) => true,
        Verdict::Header => false,
        Verdict::Unknown(_) => line.get(prefix.len()) != Some(&b' '),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(text: &str) -> Option<String> {
        let bytes = text.as_bytes();
        choose_comment(Text { bytes, line: 1 }, &LayoutOptions::default()).0
    }

    #[test]
    fn lines_with_other_counts_are_comments() {
        assert_eq!(comment("# made by us\nid,n\n1,2\n").as_deref(), Some("#"));
        assert_eq!(comment("id,n\n1,2\n# end of it\n").as_deref(), Some("#"));
        assert_eq!(comment("-- x\nid,n\n1,2\n").as_deref(), Some("--"));
        let with_record = "# a\n# b\nid,n\n1,2\n# c\n# 3,4\n5,6\n";
        assert_eq!(comment(with_record).as_deref(), Some("#"));
        assert_eq!(
            comment("# today, at 5\nid,n\n1,2\n3,4\n").as_deref(),
            Some("#")
        );
        assert_eq!(comment("# names\nname\nAnn\n").as_deref(), Some("#"));
    }

    #[test]
    fn names_and_values_with_the_sign_are_no_comments() {
        for text in [
            "#id,n\n1,2\n",
            "id,n\n#N/A,2\n3,4\n",
            "id,n\n#5\n1,2\n",
            "##x\n#chrom,pos\n1,2\n",
            "#a\n#b\nc\n",
            "# year,n\n1,2\n3,4\n",
        ] {
            assert_eq!(comment(text), None, "{text}");
        }
    }
}
