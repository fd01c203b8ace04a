//! What may tell how pages follow each other: members of the first response outside the records, its header Link, and
//! parameters of the request.

use super::records::Records;
use reqwest::Url;
use serde_json::Value;

/// Levels of objects that are searched.
const MOST_LEVELS: usize = 5;

/// The length of a key that is searched, in bytes.
const LONGEST_KEY: usize = 100;

/// What is known about the pages of an API.
pub(super) struct Evidence<'a> {
    members: Vec<Member<'a>>,
    /// The relations in the header Link, such as `next`; None if there is no such header.
    pub(super) link_relations: Option<Vec<String>>,
    /// The parameters of the request.
    parameters: &'a [(String, String)],
    /// The address of the response.
    pub(super) url: &'a Url,
    pub(super) records: &'a Records<'a>,
}

/// A value outside the records that is neither an object nor an array.
pub(super) struct Member<'a> {
    pub(super) path: String,
    /// Its key as written.
    pub(super) key: &'a str,
    /// Its key in lower case, letters and digits only.
    plain: String,
    /// The key of the object around it, likewise.
    pub(super) parent: String,
    pub(super) value: &'a Value,
}

impl Member<'_> {
    /// A whole number, also if it is written as a text.
    pub(super) fn number(&self) -> Option<u64> {
        match self.value {
            Value::String(digits) => digits.parse().ok(),
            value => value.as_u64(),
        }
    }

    pub(super) fn quoted(&self) -> String {
        format!("\"{}\"", self.path.escape_debug())
    }
}

impl<'a> Evidence<'a> {
    pub(super) fn collect(
        document: &'a Value,
        records: &'a Records<'a>,
        links: &[String],
        parameters: &'a [(String, String)],
        url: &'a Url,
    ) -> Evidence<'a> {
        let mut evidence = Evidence {
            members: Vec::new(),
            link_relations: (!links.is_empty()).then(|| relations(links)),
            parameters,
            url,
            records,
        };
        evidence.add(document, "", "", 0);
        evidence
    }

    fn add(&mut self, value: &'a Value, path: &str, parent: &str, level: usize) {
        let Value::Object(members) = value else {
            return;
        };
        if level == MOST_LEVELS || self.records.is_container(value) {
            return;
        }
        for (key, value) in members {
            // A path cannot have such a key, and messages should not have a longer one.
            if key.is_empty() || key.contains('[') || key.len() > LONGEST_KEY {
                continue;
            }
            let path = match path {
                "" => key.clone(),
                path => format!("{path}.{key}"),
            };
            match value {
                Value::Object(_) => self.add(value, &path, &plain(key), level + 1),
                Value::Array(_) => {}
                value => self.members.push(Member {
                    path,
                    key,
                    plain: plain(key),
                    parent: parent.to_string(),
                    value,
                }),
            }
        }
    }

    /// The first member with one of these plain names that passes the test. Earlier names come first.
    pub(super) fn find(
        &self,
        names: &[&str],
        test: impl Fn(&Member<'a>) -> bool,
    ) -> Option<&Member<'a>> {
        let named = |name: &str| {
            let mut members = self.members.iter();
            members.find(|member| member.plain == name && test(member))
        };
        names.iter().find_map(|name| named(name))
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Member<'a>)> {
        let members = self.members.iter();
        members.map(|member| (member.plain.as_str(), member))
    }

    /// The first parameter of the request with one of these plain names and a number, as written.
    pub(super) fn numbered_parameter(&self, names: &[&str]) -> Option<(&'a str, u64)> {
        self.parameters.iter().find_map(|(name, value)| {
            let number = value.parse().ok()?;
            let is_named = names.contains(&plain(name).as_str());
            is_named.then_some((name.as_str(), number))
        })
    }
}

/// Letters and digits, in lower case.
fn plain(key: &str) -> String {
    let letters = key.chars().filter(|each| each.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The relations in headers Link (RFC 8288): `<https://...>; rel="next", <...>; rel=last`.
fn relations(links: &[String]) -> Vec<String> {
    let mut relations = Vec::new();
    for link in links {
        // An address in angle brackets may contain commas and semicolons.
        let outside = link.split('<').map(|part| match part.split_once('>') {
            Some((_, parameters)) => parameters,
            None => "",
        });
        for parameter in outside.flat_map(|parameters| parameters.split([';', ','])) {
            let Some((name, value)) = parameter.split_once('=') else {
                continue;
            };
            if name.trim().eq_ignore_ascii_case("rel") {
                let value = value.trim().trim_matches('"').to_lowercase();
                relations.extend(value.split_whitespace().map(String::from));
            }
        }
    }
    relations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_relations_of_links() {
        let links =
            ["<https://h/?a=1,2;rel=x>; title=\"t\"; REL=\"next last\", </p>;rel=prev".into()];
        assert_eq!(relations(&links), ["next", "last", "prev"]);
        assert!(relations(&["<https://h/".into()]).is_empty());
    }
}
