//! Recognizes secrets in texts of a server, also encoded ones. A server may repeat what it received.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;
use std::collections::BTreeSet;
use std::fmt::Write;

/// A text of this length that is a part of a secret is as secret.
const SHORTEST_PART: usize = 8;

/// The number of encodings inside each other to decode.
const MOST_ENCODINGS: usize = 4;

/// Servers write base64 with and without padding, and may cut it off.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Whether the text contains one of the secrets: as it is, with the escapes of JSON or HTML, percent-encoded, in base64,
/// or in several of these. Empty secrets are in no text.
pub(in crate::extract) fn contains_secret(text: &str, secrets: &[&str]) -> bool {
    let readings = readings(text);
    let is_shown = |secret: &&str| {
        let is_in = |reading: &String| {
            let is_part = reading.len() >= SHORTEST_PART && secret.contains(reading.as_str());
            is_part || reading.contains(secret)
        };
        !secret.is_empty() && readings.iter().any(is_in)
    };
    secrets.iter().any(is_shown)
}

/// The text and what it may stand for. A server may put a document into a text of another one, and the secret of an
/// OAuth2 client is percent-encoded before it becomes base64.
fn readings(text: &str) -> BTreeSet<String> {
    let mut readings = BTreeSet::from([text.to_string()]);
    let mut latest = vec![text.to_string()];
    for _ in 0..MOST_ENCODINGS {
        let mut further = Vec::new();
        for text in &latest {
            let plain = [without_json, without_html, without_percent, without_plus];
            let plain = plain.iter().map(|decode| decode(text));
            for reading in plain.chain(without_base64(text)) {
                if readings.insert(reading.clone()) {
                    further.push(reading);
                }
            }
        }
        latest = further;
    }
    readings
}

fn without_json(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain += &rest[..at];
        // The shortest escape that JSON knows. A surrogate pair has twelve characters.
        let escape = [2, 6, 12].into_iter().find_map(|length| {
            let escape = rest.get(at..at + length)?;
            let character = serde_json::from_str::<String>(&format!("\"{escape}\"")).ok()?;
            Some((length, character))
        });
        match escape {
            Some((length, character)) => {
                plain += &character;
                rest = &rest[at + length..];
            }
            None => {
                plain.push('\\');
                rest = &rest[at + 1..];
            }
        }
    }
    plain + rest
}

fn without_html(text: &str) -> String {
    let mut plain = text.to_string();
    for (character, name) in [
        ("\"", "quot"),
        ("'", "apos"),
        ("<", "lt"),
        (">", "gt"),
        ("&", "amp"),
    ] {
        let code = character.as_bytes()[0];
        plain = plain.replace(&format!("&{name};"), character);
        plain = plain.replace(&format!("&#{code};"), character);
        plain = plain.replace(&format!("&#x{code:x};"), character);
    }
    plain
}

fn without_percent(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A form has a plus for each space.
fn without_plus(text: &str) -> String {
    without_percent(&text.replace('+', " "))
}

/// What the text contains in base64. A run of its characters may begin in the text before it.
fn without_base64(text: &str) -> Vec<String> {
    let is_base64 =
        |character: char| character.is_ascii_alphanumeric() || "+/-_".contains(character);
    let mut texts = vec![String::new(); 4];
    for run in text.split(|character| !is_base64(character)) {
        let run = run.replace('-', "+").replace('_', "/");
        for (skipped, text) in texts.iter_mut().enumerate() {
            let part = run.get(skipped..).unwrap_or_default();
            // One character alone is less than a byte.
            let length = part.len() - usize::from(part.len() % 4 == 1);
            if let Ok(bytes) = BASE64.decode(&part[..length]) {
                let _ = writeln!(text, "{}", String::from_utf8_lossy(&bytes));
            }
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "p+s \"\u{e9}/%&<\u{1f511}";

    fn finds(text: &str) -> bool {
        contains_secret(text, &["", SECRET])
    }

    #[test]
    fn secrets_are_recognized_in_every_encoding() {
        let json = serde_json::Value::from(SECRET).to_string();
        let ascii_json = "p+s \\\"\\u00E9\\/%&<\\ud83d\\udd11";
        let percent = "p%2Bs%20%22%C3%A9%2f%25%26%3C%F0%9F%94%91";
        let form = percent.replace("%20", "+");
        let html = "p+s &quot;\u{e9}/%&amp;&lt;\u{1f511}";
        let basic = BASE64.encode(format!("user:{SECRET}"));
        let of_form = BASE64.encode(format!("user:{form}"));
        let url_safe = basic.replace('+', "-").replace('/', "_");
        let twice = BASE64.encode(&basic);
        let percent_twice = percent.replace('%', "%25");
        let texts = [
            &twice,
            &percent_twice,
            SECRET,
            &json,
            ascii_json,
            percent,
            &form,
            html,
            &basic,
            &url_safe,
            basic.trim_end_matches('='),
            &of_form,
            &serde_json::Value::from(json.as_str()).to_string(),
        ];
        for text in texts {
            for around in ["{}", "got Basic {}.", "key-{}", "?token={}&a=b", "a\\b {}"] {
                let text = around.replace("{}", text);
                assert!(finds(&text), "{text}");
            }
        }
    }

    #[test]
    fn other_texts_are_not_secret() {
        for text in [
            "",
            "Not for you.",
            "\\",
            "\\u12",
            "%",
            "YWJj",
            "a+b",
            "&amp;",
        ] {
            assert!(!finds(text), "{text}");
        }
        assert!(!contains_secret("anything", &[""]));
    }

    #[test]
    fn a_long_part_of_a_secret_is_secret() {
        assert!(contains_secret("0123456789", &["abc0123456789xyz"]));
        assert!(!contains_secret("token", &["a token of mine"]));
    }
}
