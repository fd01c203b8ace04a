//! Addresses of objects: `s3://bucket/key`. They are no URLs: a key may have any characters, and each stands for itself.

const SCHEME: &str = "s3://";

/// Whether the file of a source is in a bucket.
pub(crate) fn is_bucket_address(file: &str) -> bool {
    file.starts_with(SCHEME)
}

/// The parts of an address.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ObjectAddress {
    pub(super) bucket: String,
    /// The name of the object in the bucket, or a pattern of names.
    pub(super) key: String,
}

impl ObjectAddress {
    /// None if the bucket or the key is missing.
    pub(super) fn parse(text: &str) -> Option<ObjectAddress> {
        let (bucket, key) = text.strip_prefix(SCHEME)?.split_once('/')?;
        // Other signs would lead to another path or host of the server.
        let is_name = |each: char| each.is_ascii_alphanumeric() || ".-_".contains(each);
        let is_bucket = !bucket.is_empty() && bucket.chars().all(is_name);
        (is_bucket && !key.is_empty()).then(|| ObjectAddress {
            bucket: bucket.into(),
            key: key.into(),
        })
    }

    pub(super) fn location(&self) -> String {
        format!("{SCHEME}{}/{}", self.bucket, self.key)
    }

    /// The part of a pattern before its first sign.
    pub(super) fn prefix(&self) -> &str {
        self.key.split(['*', '?']).next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sign_of_a_key_stands_for_itself() {
        let address = ObjectAddress::parse("s3://my.bucket-1/a b/c?d=%20#e.csv").unwrap();
        assert_eq!(
            (address.bucket.as_str(), address.key.as_str()),
            ("my.bucket-1", "a b/c?d=%20#e.csv")
        );
        assert_eq!(address.location(), "s3://my.bucket-1/a b/c?d=%20#e.csv");
        for text in [
            "s3://",
            "s3://b",
            "s3://b/",
            "s3:///k",
            "s3://user:secret@b/k",
            "https://b/k",
        ] {
            assert_eq!(ObjectAddress::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_listing_is_limited_to_what_precedes_the_first_sign() {
        for (key, prefix) in [
            ("2026/orders-*.csv", "2026/orders-"),
            ("**/day.csv", ""),
            ("a[1]?.csv", "a[1]"),
            ("a.csv", "a.csv"),
        ] {
            let address = ObjectAddress::parse(&format!("s3://b/{key}")).unwrap();
            assert_eq!(address.prefix(), prefix, "{key}");
        }
    }
}
