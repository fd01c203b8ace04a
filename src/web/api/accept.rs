//! The format of a response: the parameter `format`, else the header Accept.

use super::extract::Params;
use super::{ApiError, ApiResult};
use crate::web::data::edit::Problems;
use axum::http::{HeaderMap, StatusCode, header};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Format {
    Json,
    Csv,
    /// A page for people. Only browsers with a session get it.
    Html,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Html => "html",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Csv => "text/csv",
            Format::Html => "text/html",
        }
    }
}

/// The format that the client prefers among those offered. The first one wins a draw.
pub(super) fn accepted(
    headers: &HeaderMap,
    params: &Params,
    offered: &[Format],
) -> ApiResult<Format> {
    if let Some(name) = params.get("format") {
        let found = offered.iter().find(|format| format.name() == name);
        return found.copied().ok_or_else(|| {
            let names: Vec<&str> = offered.iter().map(|format| format.name()).collect();
            let mut problems = Problems::default();
            problems.at("format", format!("Known formats: {}.", names.join(", ")));
            ApiError::Problems(problems)
        });
    }
    let Some(accept) = headers.get(header::ACCEPT) else {
        return Ok(offered[0]);
    };
    let accept = accept.to_str().unwrap_or_default();
    let mut best: Option<(Format, (f32, u8))> = None;
    for format in offered {
        let wish = wish(accept, format.media_type());
        if wish.0 > 0.0 && best.is_none_or(|(_, other)| wish > other) {
            best = Some((*format, wish));
        }
    }
    match best {
        Some((format, _)) => Ok(format),
        // A program that asks for a page has no session to show one with.
        None if wish(accept, "text/html").0 > 0.0 => Ok(Format::Json),
        None => Err(ApiError::Status(
            StatusCode::NOT_ACCEPTABLE,
            "Could not satisfy the request Accept header.".into(),
        )),
    }
}

/// How much the client wants a media type, from 0 to 1, and how exactly it names the type.
fn wish(accept: &str, media_type: &str) -> (f32, u8) {
    let group = media_type.split('/').next().unwrap_or_default();
    let mut found = (0.0, 0);
    for part in accept.split(',') {
        let mut words = part.split(';').map(str::trim);
        let name = words.next().unwrap_or_default().to_ascii_lowercase();
        let exactness = match name.as_str() {
            name if name == media_type => 3,
            name if name.strip_suffix("/*") == Some(group) => 2,
            "*/*" | "" => 1,
            _ => continue,
        };
        let quality = words.find_map(|word| word.strip_prefix("q=")?.parse().ok());
        if exactness > found.1 {
            found = (quality.unwrap_or(1.0), exactness);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_the_one_that_the_client_prefers() {
        use Format::{Csv, Html, Json};
        const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for (accept, offered, format) in [
            ("application/json", vec![Json, Csv, Html], Some(Json)),
            ("*/*", vec![Json, Csv, Html], Some(Json)),
            ("text/csv", vec![Json, Csv], Some(Csv)),
            ("text/xml, */*;q=0.1", vec![Json, Csv], Some(Json)),
            (
                "application/json;q=0.2, text/csv",
                vec![Json, Csv],
                Some(Csv),
            ),
            (BROWSER, vec![Json, Csv, Html], Some(Html)),
            (BROWSER, vec![Json, Csv], Some(Json)),
            ("text/html", vec![Json], Some(Json)),
            ("application/xml", vec![Json, Csv, Html], None),
            ("application/json;q=0", vec![Json], None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            let found = accepted(&headers, &Params::default(), &offered).ok();
            assert_eq!(found, format, "{accept}");
        }
        let params = |name: &str| Params(vec![("format".into(), name.into())]);
        let headers = HeaderMap::new();
        let found = |name| accepted(&headers, &params(name), &[Json, Csv]).ok();
        assert_eq!((found("csv"), found("xml")), (Some(Csv), None));
    }
}
