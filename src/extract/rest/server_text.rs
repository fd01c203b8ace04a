//! The explanation in the body of a failed response.

use serde_json::Value;

/// The keys whose text explains a failure, the best first: of problem details (RFC 9457), OAuth2 (RFC 6749), Django
/// REST framework, JSON:API, GraphQL and others.
const KEYS: [&str; 8] = [
    "detail",
    "non_field_errors",
    "message",
    "error_description",
    "error",
    "errors",
    "title",
    "msg",
];

/// The number of texts of a list to return.
const MOST_TEXTS: usize = 3;

/// The number of characters to read. Secrets are recognized in texts that are longer than what is shown of them.
const LONGEST: usize = 16 * 1024;

/// The explanation in a JSON body, as the server wrote it: it may contain secrets and control characters, which
/// `Client::shown` removes.
pub(super) fn server_text(body: &[u8]) -> Option<String> {
    let text = text_of(&serde_json::from_slice(body).ok()?)?;
    Some(text.chars().take(LONGEST).collect())
}

/// A text, the texts of a list, or the text at the best key of an object.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_string()).filter(|text| !text.is_empty()),
        Value::Array(values) => {
            let texts: Vec<String> = values.iter().filter_map(text_of).take(MOST_TEXTS).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        Value::Object(members) => {
            // A word such as invalid_grant says less than what explains it.
            let is_sentence = |text: &String| text.contains(' ');
            let texts = || KEYS.iter().filter_map(|key| text_of(members.get(*key)?));
            texts().find(is_sentence).or_else(|| texts().next())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_explanation_of_many_kinds_of_api() {
        let cases = [
            (r#"{"detail": "Not for you."}"#, Some("Not for you.")),
            (
                r#"{"non_field_errors": ["Wrong password."]}"#,
                Some("Wrong password."),
            ),
            (
                r#"{"message": "Bad credentials", "status": 401}"#,
                Some("Bad credentials"),
            ),
            (
                r#"{"error": "invalid_client", "error_description": "Unknown client."}"#,
                Some("Unknown client."),
            ),
            (
                r#"{"error": {"code": 403, "message": "Quota exceeded.", "status": "DENIED"}}"#,
                Some("Quota exceeded."),
            ),
            (
                r#"{"errors": [{"message": "Field 'a' is missing"}, {"message": "and b"}]}"#,
                Some("Field 'a' is missing; and b"),
            ),
            (
                r#"{"errors": ["one", "two", "three", "four"]}"#,
                Some("one; two; three"),
            ),
            (r#"{"error": "invalid_scope"}"#, Some("invalid_scope")),
            (
                r#"{"title": "Forbidden", "status": 403}"#,
                Some("Forbidden"),
            ),
            (
                r#"{"title": "Forbidden", "detail": "No role"}"#,
                Some("No role"),
            ),
            (
                r#"[{"message": "Session expired", "errorCode": "X"}]"#,
                Some("Session expired"),
            ),
            (
                r#"{"detail": [{"loc": ["query"], "msg": "field required"}]}"#,
                Some("field required"),
            ),
            (r#"{"detail": null, "error": ""}"#, None),
            ("{}", None),
            ("7", None),
            ("<html>", None),
            ("", None),
        ];
        for (body, text) in cases {
            assert_eq!(server_text(body.as_bytes()).as_deref(), text, "{body}");
        }
    }
}
