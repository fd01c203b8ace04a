//! Why a response is not a page.

#[derive(Debug, PartialEq)]
pub(in crate::extract) enum PageError {
    /// It ends too early, perhaps because the connection broke.
    Truncated {
        byte: usize,
    },
    NotJson {
        byte: usize,
        reason: String,
    },
    /// A key from the settings is missing. `found`: the keys that exist.
    Missing {
        key: String,
        found: Vec<String>,
    },
    /// The value of a key is not of this kind.
    Other {
        key: String,
        wanted: &'static str,
    },
    /// The response reports an error at this key.
    Reported {
        key: String,
    },
}

impl std::fmt::Display for PageError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PageError::Truncated { byte } => {
                write!(formatter, "its JSON ends too early, at byte {byte}")
            }
            PageError::NotJson { byte, reason } => {
                write!(formatter, "it is not JSON from byte {byte} on: {reason}")
            }
            PageError::Missing { key, found } if found.is_empty() => {
                write!(formatter, "it has no \"{key}\"")
            }
            PageError::Missing { key, found } => {
                let found = found.join(", ");
                write!(formatter, "it has no \"{key}\"; it has: {found}")
            }
            PageError::Other { key, wanted } if key.is_empty() => {
                write!(formatter, "it is not {wanted}")
            }
            PageError::Other { key, wanted } => write!(formatter, "its \"{key}\" is not {wanted}"),
            PageError::Reported { key } => write!(formatter, "it reports an error in \"{key}\""),
        }
    }
}
