//! Names of parameters and keys whose values may be secret.

/// Words before `key` in names of secrets, such as `api_key`.
const BEFORE_KEY: [&str; 12] = [
    "access",
    "api",
    "app",
    "application",
    "auth",
    "client",
    "consumer",
    "developer",
    "license",
    "private",
    "secret",
    "subscription",
];

/// Words in names of secrets.
const SECRET_WORDS: [&str; 12] = [
    "apikey",
    "appkey",
    "auth",
    "authorization",
    "credential",
    "credentials",
    "passwd",
    "password",
    "secret",
    "sig",
    "signature",
    "token",
];

/// Words in names of tokens that lead to a page.
const PAGE_WORDS: [&str; 6] = [
    "continuation",
    "cursor",
    "next",
    "page",
    "pagination",
    "sync",
];

/// Parts of names that the check `source_file_has_no_secret` of `elt.source` refuses.
const REFUSED_PARTS: [&str; 6] = [
    "token",
    "secret",
    "passw",
    "signature",
    "credential",
    "apikey",
];

/// Whole names that it refuses.
const REFUSED_NAMES: [&str; 4] = ["sig", "key", "auth", "pwd"];

/// The first parameter that is this test takes for a secret.
pub(super) fn secret_parameter(
    query: &[(String, String)],
    is_secret: impl Fn(&str) -> bool,
) -> Option<&str> {
    let mut names = query.iter().map(|(name, _)| name.as_str());
    names.find(|name| is_secret(name))
}

/// Whether a parameter or a key of this name may contain a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let snake = crate::init::names::snake_case(name);
    let words: Vec<&str> = snake.split('_').collect();
    let is_page = words.iter().any(|word| PAGE_WORDS.contains(word));
    let is_key = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        words.len() == 1 || before.is_some_and(|before| BEFORE_KEY.contains(before))
    };
    words.iter().enumerate().any(|(at, word)| match *word {
        "key" => is_key(at),
        "token" if is_page => false,
        word => SECRET_WORDS.contains(&word),
    })
}

/// Whether the database refuses an address with this parameter. It refuses some that are not secret, such as
/// `page_token`.
pub(super) fn is_refused_by_check(name: &str) -> bool {
    let name = name.to_lowercase();
    let plain = name.replace(['-', '_'], "");
    REFUSED_NAMES.contains(&name.as_str())
        || plain.contains("accesskey")
        || REFUSED_PARTS.iter().any(|part| plain.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_named_like_secrets_are_recognized() {
        for name in [
            "key",
            "api_key",
            "apiKey",
            "api-key",
            "apikey",
            "access_token",
            "token",
            "client_secret",
            "password",
            "subscription-key",
            "X-Signature",
            "auth",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "page",
            "page_token",
            "nextToken",
            "continuationToken",
            "keyword",
            "sort_key",
            "author",
            "tokens_used",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
