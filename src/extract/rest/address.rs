//! Addresses of pages: which may be followed, and which parts may be shown.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

/// The characters of a value that are encoded in a query: all but the unreserved ones of RFC 3986, 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The characters of a name that are encoded. Many servers know $top and page[size] only as they are.
const ENCODED_IN_NAMES: &AsciiSet = &ENCODED.remove(b'$').remove(b'[').remove(b']');

/// The maximum length of an address from a server, in bytes.
const LONGEST: usize = 8 * 1024;

/// The address of `path` below the base. `path` may have a query.
pub(super) fn join(base: &Url, path: &str) -> Url {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url.set_query(query);
    url
}

/// Whether the file of a source is at an address, and not in the data folder.
pub(crate) fn is_file_address(file: &str) -> bool {
    file.starts_with("http://") || file.starts_with("https://")
}

/// Whether a text from a server is an address, absolute or relative to `here`. A cursor is not: it would be requested
/// as a path.
pub(crate) fn is_address(here: &Url, text: &str) -> bool {
    if text.contains("://") || text.contains('?') {
        return true;
    }
    // A cursor in base64 may begin with a slash, too.
    let first_folder = |path: &str| path.split('/').nth(1).map(str::to_string);
    text.starts_with('/') && first_folder(text) == first_folder(here.path())
}

/// The address of the next page in a header `Link` (RFC 8288): the one with `rel="next"`.
pub(super) fn next_link(header: &str) -> Option<&str> {
    let links = split_outside_quotes(header, ',').map(str::trim);
    // A comma may also be in an address, of which only the beginning has the bracket.
    let mut target = "";
    let mut begun = 0;
    for link in links {
        let start = link.as_ptr() as usize - header.as_ptr() as usize;
        if link.starts_with('<') {
            begun = start + 1;
        }
        let Some(end) = link.find('>') else { continue };
        if let Some(text) = header.get(begun..start + end) {
            target = text;
        }
        let is_next = split_outside_quotes(&link[end + 1..], ';').any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
            name.trim().eq_ignore_ascii_case("rel")
                && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(target.trim());
        }
    }
    None
}

/// The parts between these signs, unless they are in double quotes.
fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |sign| {
        is_quoted ^= sign == '"';
        sign == separator && !is_quoted
    })
}

/// The address that the page at `here` names as the next one.
///
/// # Errors
/// If it is on another host. The error is a phrase for a message.
pub(super) fn follow(base: &Url, here: &Url, next: &str) -> Result<Url, String> {
    if next.len() > LONGEST {
        return Err(format!("whose address is longer than {LONGEST} bytes"));
    }
    let mut url = here
        .join(next)
        .map_err(|_| "whose address is none".to_string())?;
    // A server behind a proxy that terminates TLS may name http addresses; Django REST framework often does. Using
    // https keeps the token encrypted, and it is sent to the same host only.
    if base.scheme() == "https" && url.scheme() == "http" && url.host() == base.host() {
        let has_no_port = url.port().is_none();
        if (has_no_port || url.port() == base.port()) && url.set_scheme("https").is_ok() {
            let _ = url.set_port(base.port());
        }
    }
    if url.origin() != base.origin() || !url.username().is_empty() || url.password().is_some() {
        // Its path may contain what the server received.
        let host = url.host_str().unwrap_or_default();
        return Err(format!("on another host: {}://{host}", url.scheme()));
    }
    url.set_fragment(None);
    Ok(url)
}

/// The address that the server at `here` redirects a request for a file to. It may be on another host.
///
/// # Errors
/// If it is no address, or not encrypted although `here` is. The error is a phrase for a message.
pub(super) fn redirected(here: &Url, location: Option<&str>) -> Result<Url, String> {
    let to = location.filter(|location| location.len() <= LONGEST);
    let to = to.and_then(|location| here.join(location).ok());
    let mut to = to
        .filter(Url::has_host)
        .ok_or("the server redirects without an address")?;
    let host = to.host_str().unwrap_or_default();
    match (here.scheme(), to.scheme()) {
        (_, "https") | ("http", "http") => {}
        ("https", "http") => {
            return Err(format!(
                "the server redirects to an address that is not encrypted: http://{host}"
            ));
        }
        (_, scheme) => return Err(format!("the server redirects to {scheme}://{host}")),
    }
    // A user in it would be sent as credentials.
    if !to.username().is_empty() || to.password().is_some() {
        return Err(format!(
            "the server redirects to an address with a user: {host}"
        ));
    }
    to.set_fragment(None);
    Ok(to)
}

/// The number in a parameter of the query.
pub(super) fn parameter(url: &Url, name: &str) -> Option<u64> {
    let (_, value) = url.query_pairs().find(|(key, _)| key == name)?;
    value.parse().ok()
}

/// The same address with another value of the parameter. The rest of the query is unchanged to the byte, so that the
/// result equals the address that the server would name.
pub(super) fn with_parameter(url: &Url, name: &str, value: &str) -> Url {
    let query = url.query().unwrap_or_default();
    let is_parameter = |pair: &str| {
        let parsed = url::form_urlencoded::parse(pair.as_bytes()).next();
        parsed.is_some_and(|(key, _)| key == name)
    };
    let encoded = utf8_percent_encode(value, ENCODED).to_string();
    let mut has_parameter = false;
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            if is_parameter(pair) {
                has_parameter = true;
                let key = pair.split('=').next().unwrap_or_default();
                format!("{key}={encoded}")
            } else {
                pair.to_string()
            }
        })
        .collect();
    if !has_parameter {
        let key = utf8_percent_encode(name, ENCODED_IN_NAMES);
        pairs.push(format!("{key}={encoded}"));
    }
    let mut changed = url.clone();
    changed.set_query(Some(&pairs.join("&")));
    changed
}

/// The address for messages. Of the query, only the page number is shown, because the rest may be secret.
pub(super) fn shown(url: &Url, parameter_name: &str) -> String {
    let plain = without_query(url);
    let names = [parameter_name, "page", "offset"];
    let number = names
        .iter()
        .find_map(|name| Some((name, parameter(url, name)?)));
    match (url.query(), number) {
        (_, Some((name, number))) => format!("{plain}?{name}={number}"),
        (Some(_), None) => format!("{plain}?..."),
        (None, None) => plain,
    }
}

/// The scheme, host and path.
pub(in crate::extract) fn without_query(url: &Url) -> String {
    let mut plain = url.clone();
    plain.set_query(None);
    plain.set_fragment(None);
    // These fail only for an address without a host, which has neither.
    let _ = plain.set_username("");
    let _ = plain.set_password(None);
    plain.to_string()
}

/// Whether the host is a loopback address.
pub(in crate::extract) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn paths_are_below_the_base() {
        let joined = |base: &str, path: &str| join(&url(base), path).to_string();
        assert_eq!(joined("http://h", "/a/"), "http://h/a/");
        assert_eq!(joined("http://h:1/v1/", "/a/?b=c"), "http://h:1/v1/a/?b=c");
    }

    #[test]
    fn follows_only_addresses_on_the_same_host() {
        let base = url("https://h/v1");
        let here = url("https://h/v1/things/?page=1");
        let follow = |next: &str| follow(&base, &here, next).map(|url| url.to_string());
        assert_eq!(follow("?page=2"), Ok("https://h/v1/things/?page=2".into()));
        assert_eq!(follow("/x?page=2#top"), Ok("https://h/x?page=2".into()));
        let behind_a_proxy = follow("http://h/v1/things/?page=2");
        assert_eq!(behind_a_proxy, Ok("https://h/v1/things/?page=2".into()));
        for elsewhere in [
            "https://other/?token=secret",
            "https://other/secret",
            "//other/",
            "https://h:8443/",
            "https://user:secret@h/",
            "http://h:8080/",
            "file:///etc/passwd",
        ] {
            let problem = follow(elsewhere).unwrap_err();
            assert!(!problem.contains("secret"), "{problem}");
        }
        assert!(follow("http://[").is_err());
    }

    #[test]
    fn files_are_redirected_to_encrypted_addresses() {
        let to = |here: &str, location: &str| redirected(&url(here), Some(location));
        let moved = to("https://h/a/b?c=d", "../e?f=g#top").map(|url| url.to_string());
        assert_eq!(moved, Ok("https://h/e?f=g".into()));
        assert!(to("http://h/", "http://other/").is_ok());
        assert!(to("http://h/", "https://other/").is_ok());
        for location in [
            "http://h/secret",
            "http://other/secret",
            "ftp://h/secret",
            "https://ann:secret@h/",
            "file:///secret",
            "https://",
        ] {
            let problem = to("https://h/", location).unwrap_err();
            assert!(!problem.contains("secret"), "{problem}");
        }
        assert!(redirected(&url("https://h/"), None).is_err());
    }

    #[test]
    fn a_cursor_is_not_an_address() {
        let here = url("https://h/v1/things");
        for address in ["?page=2", "https://h/x", "/v1/things/2", "things?skip=2"] {
            assert!(is_address(&here, address), "{address}");
        }
        for cursor in ["abc", "eyJpZCI6MX0=", "/9j/4AAQSk==", "2", "a/b"] {
            assert!(!is_address(&here, cursor), "{cursor}");
        }
    }

    #[test]
    fn finds_the_next_page_in_a_link_header() {
        let two = "<https://h/?page=1>; rel=\"prev\", <https://h/?a=1,2&page=3>; rel=\"next\"";
        assert_eq!(next_link(two), Some("https://h/?a=1,2&page=3"));
        let odd = "</a>;title=\"x, rel=next <\";rel=first,</b> ; REL = \"last NEXT\"";
        assert_eq!(next_link(odd), Some("/b"));
        assert_eq!(next_link("</a>; rel=next"), Some("/a"));
        assert_eq!(next_link("</a>; title=\";rel=next;\"; rel=up"), None);
        for without in ["", "<", "</a>; rel=\"nextpage\"", "</a>", "next"] {
            assert_eq!(next_link(without), None, "{without}");
        }
    }

    #[test]
    fn texts_and_names_are_encoded() {
        let changed = with_parameter(&url("http://h/?a=b"), "$filter", "x gt 'é&+'");
        assert_eq!(
            changed.query(),
            Some("a=b&$filter=x%20gt%20%27%C3%A9%26%2B%27")
        );
        let again = with_parameter(&url("http://h/?page%5Bsize%5D=7"), "page[size]", "9");
        assert_eq!(again.query(), Some("page%5Bsize%5D=9"));
        let new = with_parameter(&url("http://h/"), "page[size]", "9");
        assert_eq!(new.query(), Some("page[size]=9"));
    }

    #[test]
    fn changes_one_parameter_and_nothing_else() {
        let next = url("http://h/?a=%2c+x&page=2&mypage=7");
        assert_eq!(
            with_parameter(&next, "page", "3").query(),
            Some("a=%2c+x&page=3&mypage=7")
        );
        assert_eq!(parameter(&next, "page"), Some(2));
        assert_eq!(
            with_parameter(&url("http://h/"), "page", "1").as_str(),
            "http://h/?page=1"
        );
    }

    #[test]
    fn shows_only_the_page_number_of_a_query() {
        let shown = |text: &str| shown(&url(text), "page");
        assert_eq!(shown("http://u:p@h/a?key=k&page=2"), "http://h/a?page=2");
        assert_eq!(shown("http://h/a?key=k"), "http://h/a?...");
        assert_eq!(shown("http://h/a?page=secret"), "http://h/a?...");
    }

    #[test]
    fn recognizes_loopback_addresses() {
        for text in ["http://127.0.0.1:1/", "http://localhost/", "http://[::1]/"] {
            assert!(is_loopback(&url(text)), "{text}");
        }
        assert!(!is_loopback(&url("http://127.0.0.1.example.org/")));
    }
}
