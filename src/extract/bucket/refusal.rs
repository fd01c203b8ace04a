//! What a server says when it refuses a request for an object.

use crate::extract::rest::wait_after_failure;
use chrono::Utc;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::fmt;
use std::time::Duration;

/// The number of characters of an explanation to read.
const LONGEST: usize = 16 * 1024;

/// A response that is no success: the program made the request, and the server answered.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// The time that the server asked to wait.
    pub(super) retry_after: Option<Duration>,
    /// The word for the reason, such as `NoSuchKey`.
    pub(super) code: Option<String>,
    /// The sentence that explains it, as the server wrote it: it may have secrets and control characters.
    pub(super) message: Option<String>,
    /// The region of the bucket, if the server names it.
    pub(super) region: Option<String>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Refusal {
        let body: String = String::from_utf8_lossy(body)
            .chars()
            .take(LONGEST)
            .collect();
        let header = headers.get("x-amz-bucket-region");
        let header = header.and_then(|value| Some(value.to_str().ok()?.to_string()));
        let region = header.or_else(|| element(&body, "Region"));
        let is_word = |text: &String| {
            let is_part = |each: char| each.is_ascii_alphanumeric() || each == '-';
            text.len() < 64 && text.chars().all(is_part)
        };
        Refusal {
            status,
            retry_after: wait_after_failure(status, headers, Utc::now()),
            code: element(&body, "Code").filter(is_word),
            message: element(&body, "Message"),
            region: region.filter(is_word),
        }
    }

    pub(super) fn has_code(&self, codes: &[&str]) -> bool {
        self.code
            .as_deref()
            .is_some_and(|code| codes.contains(&code))
    }

    /// The explanation of the server.
    pub(super) fn detail(&self) -> Option<String> {
        let texts = [self.code.as_deref(), self.message.as_deref()];
        let texts: Vec<&str> = texts.into_iter().flatten().collect();
        (!texts.is_empty()).then(|| texts.join(": "))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the server answered {}", self.status)
    }
}

impl std::error::Error for Refusal {}

/// The text of the first element of this name in a small document.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let text = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.trim().to_string(), |text, (name, sign)| {
        text.replace(name, sign)
    });
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, header: &str, body: &str) -> Refusal {
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-bucket-region", header.parse().unwrap());
        let status = StatusCode::from_u16(status).unwrap();
        Refusal::new(status, &headers, body.as_bytes())
    }

    #[test]
    fn the_code_the_message_and_the_region_are_read() {
        let xml = "<?xml version=\"1.0\"?><Error><Code>AuthorizationHeaderMalformed</Code>\
                   <Message>the region &apos;a&apos; is wrong</Message><Region>eu-west-1</Region></Error>";
        let found = refusal(400, "", xml);
        assert!(found.has_code(&["AuthorizationHeaderMalformed"]));
        let detail = "AuthorizationHeaderMalformed: the region 'a' is wrong";
        assert_eq!(found.detail().as_deref(), Some(detail));
        assert_eq!(
            refusal(301, "eu-west-2", "").region.as_deref(),
            Some("eu-west-2")
        );
    }

    #[test]
    fn other_texts_are_no_codes() {
        for body in ["", "<html>", "<Code>", "<Code>a b</Code>", "<Code></Code>"] {
            assert_eq!(refusal(403, "a b", body).detail(), None, "{body}");
        }
        assert_eq!(refusal(403, "a b", "").region, None);
    }
}
