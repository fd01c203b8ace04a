//! What a server says about the version of a file.

use chrono::{DateTime, Utc};

/// The longest entity tag to keep, in bytes.
const LONGEST: usize = 1024;

/// The headers that tell one version of a file from another.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Version {
    /// The header `ETag`. One that begins with `W/` is the same for versions that mean the same.
    pub(crate) entity_tag: Option<String>,
    /// The header `Last-Modified`.
    pub(crate) last_modified: Option<String>,
    /// Whether the file did not change in the second of `last_modified` after the response.
    is_settled: bool,
    /// Whether it may have changed in that second after the response.
    may_have_changed: bool,
}

impl Version {
    /// `date`: the header `Date` of the same response.
    pub(in crate::extract) fn new(
        entity_tag: Option<String>,
        last_modified: Option<String>,
        date: Option<&str>,
    ) -> Version {
        let is_tag = |tag: &String| {
            let opaque = tag.strip_prefix("W/").unwrap_or(tag);
            tag.len() <= LONGEST
                && opaque.len() >= 2
                && opaque.starts_with('"')
                && opaque.ends_with('"')
        };
        let parse = |text: &str| DateTime::parse_from_rfc2822(text).ok();
        let modified = last_modified.as_deref().and_then(parse);
        let date = date.and_then(parse);
        let is_settled =
            matches!((modified, date), (Some(modified), Some(date)) if modified < date);
        let answered = date.map_or_else(Utc::now, |date| date.to_utc());
        Version {
            may_have_changed: modified.is_some_and(|modified| modified.to_utc() >= answered),
            entity_tag: entity_tag.filter(is_tag),
            last_modified: last_modified.filter(|_| modified.is_some()),
            is_settled,
        }
    }

    /// A version that was kept in the database.
    pub(crate) fn kept(entity_tag: Option<String>, last_modified: Option<String>) -> Version {
        Version {
            entity_tag,
            last_modified,
            is_settled: false,
            may_have_changed: false,
        }
    }

    /// The `Last-Modified` to ask the server with next time. None if a later version of the file may have the same.
    pub(crate) fn kept_date(&self) -> Option<&str> {
        self.last_modified
            .as_deref()
            .filter(|_| !self.may_have_changed)
    }

    /// When this version arrived on the server: its last change. If the server names only an `ETag`, which was not the
    /// known one, it is new now. None if the server says neither.
    pub(crate) fn arrived_at(&self) -> Option<DateTime<Utc>> {
        let date = self.last_modified.as_deref();
        let date = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        match date {
            Some(date) => Some(date.to_utc()),
            None => self.entity_tag.as_ref().map(|_| Utc::now()),
        }
    }

    /// The value of the header `If-Range`: with it, the server sends a part of this version only, to the byte. None if
    /// the version is not that precise (RFC 9110, 13.1.5).
    pub(in crate::extract) fn for_range(&self) -> Option<&str> {
        let date = self.last_modified.as_deref().filter(|_| self.is_settled);
        self.strong_tag().or(date)
    }

    /// Whether the two are known to be versions with other bytes.
    pub(in crate::extract::rest) fn differs_from(&self, other: &Version) -> bool {
        let differ = |one: Option<&str>, other: Option<&str>| matches!((one, other), (Some(one), Some(other)) if one != other);
        match (self.strong_tag(), other.strong_tag()) {
            (Some(one), Some(other)) => one != other,
            _ => differ(
                self.last_modified.as_deref(),
                other.last_modified.as_deref(),
            ),
        }
    }

    fn strong_tag(&self) -> Option<&str> {
        self.entity_tag
            .as_deref()
            .filter(|tag| tag.starts_with('"'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EARLIER: &str = "Mon, 30 Nov 2026 08:00:00 GMT";
    const LATER: &str = "Mon, 30 Nov 2026 08:00:01 GMT";

    fn version(tag: &str, modified: &str, date: &str) -> Version {
        Version::new(Some(tag.into()), Some(modified.into()), Some(date))
    }

    #[test]
    fn a_range_needs_a_precise_version() {
        assert_eq!(version("\"a\"", "", "").for_range(), Some("\"a\""));
        assert_eq!(version("W/\"a\"", "", "").for_range(), None);
        assert_eq!(
            version("W/\"a\"", EARLIER, LATER).for_range(),
            Some(EARLIER)
        );
        assert_eq!(version("", EARLIER, EARLIER).for_range(), None);
        assert_eq!(version("", EARLIER, "").for_range(), None);
        assert_eq!(version("a", "yesterday", LATER), Version::default());
    }

    #[test]
    fn a_date_is_kept_if_no_later_version_can_have_it() {
        assert_eq!(version("", EARLIER, LATER).kept_date(), Some(EARLIER));
        assert_eq!(version("", EARLIER, EARLIER).kept_date(), None);
        assert_eq!(version("", LATER, EARLIER).kept_date(), None);
        let old = "Mon, 30 Nov 2020 08:00:00 GMT";
        assert_eq!(version("", old, "").kept_date(), Some(old), "without Date");
    }

    #[test]
    fn versions_differ_if_the_server_says_so() {
        let one = version("\"a\"", EARLIER, LATER);
        assert!(one.differs_from(&version("\"b\"", EARLIER, LATER)));
        assert!(!one.differs_from(&version("\"a\"", LATER, LATER)));
        assert!(one.differs_from(&version("", LATER, LATER)));
        assert!(!one.differs_from(&Version::default()));
    }
}
