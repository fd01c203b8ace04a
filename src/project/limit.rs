//! `-- at most:` of a rule's header: the violations that a publish may have.

use super::is_identifier;

/// Digits of a count, and of each part of a share. `elt.violation_limit` computes with them.
const MOST_DIGITS: usize = 15;

/// The word for the violations at the publish before.
const BEFORE: &str = "before";

/// The relation whose rows the limit is a share of, or the reason why the text cannot be read. `elt.violation_limit`
/// reads the same text.
pub(crate) fn counted_relation(text: &str) -> Result<Option<&str>, String> {
    let words: Vec<&str> = text.split(' ').collect();
    match words[..] {
        [count] if is_number(count) => Ok(None),
        [share] if share.ends_with('%') => Err(format!("\"{share}\" does not say of what")),
        [share, "of", BEFORE] if is_share(share) => Ok(None),
        [share, "of", relation] if is_share(share) => match relation.split_once('.') {
            Some(("staging", _)) => {
                Err(format!("\"{relation}\" has the rows of earlier loads too"))
            }
            Some((schema, name)) if is_identifier(schema) && is_identifier(name) => {
                Ok(Some(relation))
            }
            _ => Err(format!("\"{relation}\" does not name a schema and a table")),
        },
        [share, "of", _] => Err(format!("\"{share}\" is not a share")),
        _ => Err(format!("\"{text}\" is not a number of rows")),
    }
}

fn is_share(word: &str) -> bool {
    let number = word.strip_suffix('%');
    number.is_some_and(|number| match number.split_once('.') {
        Some((whole, fraction)) => is_number(whole) && is_number(fraction),
        None => is_number(number),
    })
}

fn is_number(word: &str) -> bool {
    (1..=MOST_DIGITS).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_limit_is_a_number_or_a_share() {
        for (text, relation) in [
            ("0", None),
            ("20", None),
            ("110% of before", None),
            ("1% of core.orders", Some("core.orders")),
            (
                "0.05% of public.orders_by_day",
                Some("public.orders_by_day"),
            ),
        ] {
            assert_eq!(counted_relation(text), Ok(relation), "{text}");
        }
    }

    #[test]
    fn other_text_is_refused_with_a_reason() {
        for (text, reason) in [
            ("", "\"\" is not a number of rows"),
            ("-1", "\"-1\" is not a number of rows"),
            ("1.5", "\"1.5\" is not a number of rows"),
            ("1,000", "\"1,000\" is not a number of rows"),
            ("20 rows", "\"20 rows\" is not a number of rows"),
            ("1%", "\"1%\" does not say of what"),
            ("1 of core.orders", "\"1\" is not a share"),
            (".5% of core.orders", "\".5%\" is not a share"),
            ("1e3% of before", "\"1e3%\" is not a share"),
            (
                "1% of orders",
                "\"orders\" does not name a schema and a table",
            ),
            (
                "1% of core.Orders",
                "\"core.Orders\" does not name a schema and a table",
            ),
            (
                "1% of core.orders;drop",
                "\"core.orders;drop\" does not name a schema and a table",
            ),
            (
                "1% of staging.orders",
                "\"staging.orders\" has the rows of earlier loads too",
            ),
            (
                "1234567890123456% of before",
                "\"1234567890123456%\" is not a share",
            ),
        ] {
            assert_eq!(counted_relation(text), Err(reason.to_string()), "{text}");
        }
    }

    proptest! {
        /// Only names of relations reach a query.
        #[test]
        fn any_text_is_read_or_refused(text in r"\PC{0,20}|[0-9.%]{0,6}( of )?[a-z.'; ]{0,12}") {
            if let Ok(Some(relation)) = counted_relation(&text) {
                let (schema, name) = relation.split_once('.').unwrap();
                prop_assert!(is_identifier(schema) && is_identifier(name));
                prop_assert!(text.ends_with(relation));
            }
        }
    }
}
