//! The request for a page: its address, and the body of a POST request.

use super::address::{self, join, with_parameter, without_query};
use super::settings::{Method, ParametersIn, Settings};
use super::tokens::Tokens;
use reqwest::Url;
use serde_json::Value;

/// The number of characters of a path of the server to show.
const LONGEST_PATH: usize = 200;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct PageRequest {
    pub(super) url: Url,
    /// The body of a POST request. None for a GET request.
    pub(super) body: Option<Value>,
    parameters_in: ParametersIn,
    /// Whether the server chose the path, which may then contain what the server received.
    is_path_of_server: bool,
}

impl PageRequest {
    /// The request at the source's path, without parameters for a page.
    pub(super) fn new(settings: &Settings, base: &Url) -> PageRequest {
        let body = match settings.method {
            Method::Get => None,
            Method::Post => Some(settings.body.clone().unwrap_or_else(empty_object)),
        };
        PageRequest {
            url: join(base, &settings.path),
            body,
            parameters_in: settings.parameters_in,
            is_path_of_server: false,
        }
    }

    /// The same request at the address that the server names.
    pub(super) fn at(&self, url: Url) -> PageRequest {
        PageRequest {
            is_path_of_server: self.is_path_of_server || url.path() != self.url.path(),
            url,
            ..self.clone()
        }
    }

    /// The same request with another value of the parameter, which is a text or a number.
    pub(super) fn with(&self, name: &str, value: &Value) -> PageRequest {
        let mut changed = self.clone();
        match (self.parameters_in, &mut changed.body) {
            (ParametersIn::Body, Some(body)) => set(body, name, value),
            (ParametersIn::Query, _) | (ParametersIn::Body, None) => {
                let text = match value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                changed.url = with_parameter(&self.url, name, &text);
            }
        }
        changed
    }

    /// The number in a parameter.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        match (self.parameters_in, &self.body) {
            (ParametersIn::Body, Some(body)) => {
                let found = name.split('.').try_fold(body, |value, key| value.get(key));
                found?.as_u64()
            }
            (ParametersIn::Query, _) | (ParametersIn::Body, None) => {
                address::parameter(&self.url, name)
            }
        }
    }

    /// A text that differs for different requests.
    pub(super) fn identity(&self) -> String {
        match &self.body {
            None => self.url.to_string(),
            Some(body) => format!("{} {body}", self.url),
        }
    }

    /// The address for messages, without the secrets of `tokens`. Of the parameters, only the page number is shown,
    /// because the others may be secret.
    pub(super) fn shown(&self, parameter: &str, tokens: &Tokens) -> String {
        let url = self.shown_url(tokens);
        match (self.parameters_in, self.number(parameter)) {
            (ParametersIn::Body, Some(number)) => {
                format!("{}, {parameter} {number}", without_query(&url))
            }
            _ => address::shown(&url, parameter),
        }
    }

    /// The address with a path that may be shown.
    fn shown_url(&self, tokens: &Tokens) -> Url {
        let mut url = self.url.clone();
        if self.is_path_of_server {
            let path = url.path();
            if tokens.contains_secret(path) {
                url.set_path("/...");
            } else if path.len() > LONGEST_PATH {
                let short: String = path.chars().take(LONGEST_PATH).collect();
                url.set_path(&format!("{short}..."));
            }
        }
        url
    }
}

fn empty_object() -> Value {
    Value::Object(serde_json::Map::new())
}

/// Sets the value at a path of keys, such as `a.b`. Objects on the path are created.
fn set(body: &mut Value, path: &str, value: &Value) {
    let mut place = body;
    for key in path.split('.') {
        if !place.is_object() {
            *place = empty_object();
        }
        place = &mut place[key];
    }
    *place = value.clone();
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request(settings: &Settings) -> PageRequest {
        PageRequest::new(settings, &Url::parse("http://h/v1").unwrap())
    }

    #[test]
    fn parameters_are_in_the_query_or_in_the_body() {
        let mut settings = Settings::for_tests();
        let get = request(&settings).with("page", &json!(2));
        assert_eq!(get.url.as_str(), "http://h/v1/things/?page=2");
        assert_eq!((get.number("page"), get.body), (Some(2), None));
        settings.method = Method::Post;
        settings.body = Some(json!({ "query": "q", "variables": null }));
        let post = request(&settings).with("page", &json!("a&b"));
        assert_eq!(post.url.as_str(), "http://h/v1/things/?page=a%26b");
        assert_eq!(post.body, settings.body);
        settings.parameters_in = ParametersIn::Body;
        let post = request(&settings).with("variables.after", &json!(7));
        let expected = json!({ "query": "q", "variables": { "after": 7 } });
        assert_eq!(post.body, Some(expected));
        assert_eq!(post.number("variables.after"), Some(7));
        assert_eq!(
            post.shown("variables.after", &Tokens::none()),
            "http://h/v1/things/, variables.after 7"
        );
        assert_ne!(post.identity(), request(&settings).identity());
    }

    #[test]
    fn a_cursor_is_never_shown() {
        let settings = Settings::for_tests();
        let request = request(&settings).with("cursor", &json!("secret"));
        let shown = request.shown("cursor", &Tokens::none());
        assert_eq!(shown, "http://h/v1/things/?...");
    }

    #[test]
    fn a_secret_in_a_path_of_the_server_is_not_shown() {
        let settings = Settings::for_tests();
        let tokens = Tokens::of_token("things", &settings);
        let first = request(&settings);
        let shown = |request: &PageRequest| request.shown("page", &tokens);
        assert_eq!(shown(&first), "http://h/v1/things/", "the path of the user");
        let at = |text: &str| Url::parse(text).unwrap();
        let same = first.at(at("http://h/v1/things/?page=2"));
        assert_eq!(shown(&same), "http://h/v1/things/?page=2");
        let second = first.at(at("http://h/v1/t%68ings/x?page=2&a=b"));
        assert_eq!(shown(&second), "http://h/...?page=2");
        let third = second.at(at("http://h/v1/t%68ings/x?page=3"));
        assert_eq!(shown(&third), "http://h/...?page=3");
        let long = first.at(at(&format!("http://h/{}", "a".repeat(999))));
        assert_eq!(shown(&long), format!("http://h/{}...", "a".repeat(199)));
    }
}
