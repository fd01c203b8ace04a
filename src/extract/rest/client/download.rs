//! Requests a file, or the part of it after a position. The body is not read here.

use super::http::{Content, Host};
use super::response::{MOST_REDIRECTS, innermost, is_time_out, too_many_redirects};
use super::{AttemptError, Client};
use crate::extract::rest::address::{redirected, without_query};
use crate::extract::rest::file::Version;
use crate::extract::rest::hint::{Purpose, RequestContext};
use crate::extract::rest::request_error::{ApiFailure, RequestError};
use crate::extract::rest::token::Token;
use reqwest::blocking::{RequestBuilder, Response as HttpResponse};
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{StatusCode, Url};
use std::io::Read;

/// A request for a file.
#[derive(Clone)]
pub(in crate::extract::rest) struct FileRequest {
    pub(in crate::extract::rest) url: Url,
    /// The version that is known: the server need not send it again.
    pub(in crate::extract::rest) known: Version,
    /// The position of the first byte that is needed, and the version that the bytes must be of.
    pub(in crate::extract::rest) rest: Option<(u64, String)>,
}

pub(in crate::extract::rest) enum FileAnswer {
    /// The file is still the known version.
    NotModified,
    /// The whole file.
    Whole(FileBody),
    /// The bytes from a position on.
    Rest { from: u64, body: FileBody },
    /// The file has no byte at the position.
    NoRest { bytes: Option<u64> },
}

/// Whether the end of a body can be told from a broken connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::extract::rest) enum FileSize {
    /// The whole file has this many bytes.
    Bytes(u64),
    /// The body has an end mark.
    Marked,
    /// The body ends with the connection.
    Unknown,
}

/// A body that is not read yet.
pub(in crate::extract::rest) struct FileBody {
    response: HttpResponse,
    pub(in crate::extract::rest) version: Version,
    pub(in crate::extract::rest) size: FileSize,
}

impl Client {
    /// Requests the file, with retries. `attempts`: the number of this attempt, from 1.
    pub(in crate::extract::rest) fn fetch_file(
        &self,
        request: &FileRequest,
        attempts: &mut u32,
    ) -> Result<FileAnswer, ApiFailure> {
        loop {
            let answer = self
                .with_token(|token| self.send_for_file(request, token))
                .and_then(|response| Ok(self.file_answer(request, response)?));
            match answer {
                Ok(answer) => return Ok(answer),
                Err(AttemptError::Request(error)) => self.retry_file(request, attempts, error)?,
                Err(AttemptError::SignIn(failure)) => return Err(failure),
            }
        }
    }

    /// Waits before the file is requested again.
    ///
    /// # Errors
    /// If that is useless.
    pub(in crate::extract::rest) fn retry_file(
        &self,
        request: &FileRequest,
        attempts: &mut u32,
        error: RequestError,
    ) -> Result<(), ApiFailure> {
        self.wait_to_retry(&self.file_context(&request.url), attempts, error)
    }

    /// Reads bytes of a body. None at its end.
    pub(in crate::extract::rest) fn read_file(
        &self,
        body: &mut FileBody,
        buffer: &mut [u8],
    ) -> Result<usize, RequestError> {
        body.response.read(buffer).map_err(|error| {
            if is_time_out(&error) {
                return RequestError::Stalled {
                    limit: self.settings.response_timeout,
                };
            }
            RequestError::Broken {
                reason: innermost(&error),
            }
        })
    }

    /// The failure if another version of the file is there now.
    pub(in crate::extract::rest) fn file_changed(&self, url: &Url, bytes: u64) -> ApiFailure {
        let name = self.file_context(url).name;
        ApiFailure {
            message: format!(
                "{name}: it changed while it was read: after {bytes} bytes, the server has another version"
            ),
            hint: Some("Load it again.".into()),
        }
    }

    fn file_context(&self, url: &Url) -> RequestContext {
        let name = format!("file ({})", without_query(url));
        self.context(name, Purpose::File, &self.api)
    }

    /// Sends the request, and follows redirects. The token and the headers of the source go to its own host only, and
    /// not after a redirect through another host.
    fn send_for_file(
        &self,
        request: &FileRequest,
        token: Option<&Token>,
    ) -> Result<HttpResponse, RequestError> {
        let mut url = request.url.clone();
        let mut elsewhere: Option<Host> = None;
        for redirects in 0..=MOST_REDIRECTS {
            if redirects > 0 {
                self.pace.wait_for_turn()?;
            }
            let host = elsewhere.as_ref().unwrap_or(&self.api);
            let unsigned = |url: Url| with_conditions(host.http.get(url), request);
            let signed = match token.filter(|_| elsewhere.is_none()) {
                Some(token) => token.sign(unsigned(token.address(&url))),
                None => unsigned(url.clone()),
            };
            let mut response = self.exchange(host, signed)?;
            let status = response.status();
            if matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
                let location = header_text(response.headers(), header::LOCATION);
                url = redirected(&url, location.as_deref())
                    .map_err(|reason| RequestError::Redirect { reason })?;
                if elsewhere.is_some() || url.origin() != self.base.origin() {
                    elsewhere = Some(self.elsewhere(&url)?);
                }
                continue;
            }
            let is_answer = status == StatusCode::NOT_MODIFIED
                || status == StatusCode::RANGE_NOT_SATISFIABLE && request.rest.is_some();
            if !is_answer && !status.is_success() {
                return Err(self.status_error(&mut response));
            }
            self.heed_limits(host, &response);
            return Ok(response);
        }
        Err(too_many_redirects())
    }

    /// A host that the server of the source redirects to.
    fn elsewhere(&self, url: &Url) -> Result<Host, RequestError> {
        let roots = self.tls_roots.as_deref();
        let setting = self.api.setting.clone();
        let host = Host::new(&self.settings, url, roots, Content::FileElsewhere, setting);
        host.map_err(|error| RequestError::Tls {
            reason: error.to_string(),
        })
    }

    fn file_answer(
        &self,
        request: &FileRequest,
        response: HttpResponse,
    ) -> Result<FileAnswer, RequestError> {
        let headers = response.headers();
        let range = header_text(headers, header::CONTENT_RANGE);
        let range = range.as_deref().and_then(parse_range);
        let version = self.version(headers);
        match response.status() {
            StatusCode::NOT_MODIFIED => return Ok(FileAnswer::NotModified),
            StatusCode::RANGE_NOT_SATISFIABLE => {
                let bytes = range.and_then(|range| range.total);
                return Ok(FileAnswer::NoRest { bytes });
            }
            _ => {}
        }
        let encoding = header_text(headers, header::CONTENT_ENCODING).unwrap_or_default();
        // Files of the other kinds are recognized by their first bytes, and unpacked like files on disk.
        if !["", "identity", "gzip", "x-gzip", "zstd"].contains(&encoding.to_lowercase().as_str()) {
            let encoding = self.shown(&encoding).unwrap_or_default();
            return Err(RequestError::Request {
                reason: format!("the server packs the file as {encoding}, which elt cannot unpack"),
            });
        }
        if response.status() != StatusCode::PARTIAL_CONTENT {
            let size = body_size(&response);
            return Ok(FileAnswer::Whole(FileBody {
                response,
                version,
                size,
            }));
        }
        let Some((range, from)) = range.and_then(|range| Some((range, range.from?))) else {
            return Err(RequestError::Broken {
                reason: "the server does not say which bytes it sends".into(),
            });
        };
        if request.rest.is_none() {
            return Err(RequestError::Broken {
                reason: "the server sends a part of the file".into(),
            });
        }
        let size = match range.total {
            Some(total) => FileSize::Bytes(total),
            None => body_end(&response),
        };
        Ok(FileAnswer::Rest {
            from,
            body: FileBody {
                response,
                version,
                size,
            },
        })
    }

    /// The version in the headers, which is kept in the database. A server may put into it what it received.
    fn version(&self, headers: &HeaderMap) -> Version {
        let text = |name: HeaderName| {
            let text = header_text(headers, name)?;
            (!self.tokens.contains_secret(&text)).then_some(text)
        };
        Version::new(
            text(header::ETAG),
            text(header::LAST_MODIFIED),
            text(header::DATE).as_deref(),
        )
    }
}

fn with_conditions(mut http: RequestBuilder, request: &FileRequest) -> RequestBuilder {
    if let Some((from, version)) = &request.rest {
        return http
            .header(header::RANGE, format!("bytes={from}-"))
            .header(header::IF_RANGE, version);
    }
    if let Some(tag) = &request.known.entity_tag {
        http = http.header(header::IF_NONE_MATCH, tag);
    }
    if let Some(date) = &request.known.last_modified {
        http = http.header(header::IF_MODIFIED_SINCE, date);
    }
    http
}

fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.trim().to_string())
}

fn body_size(response: &HttpResponse) -> FileSize {
    match response.content_length() {
        Some(bytes) => FileSize::Bytes(bytes),
        None => body_end(response),
    }
}

/// How a body of unknown size ends.
fn body_end(response: &HttpResponse) -> FileSize {
    let headers = response.headers();
    let names = [header::TRANSFER_ENCODING, header::CONTENT_LENGTH];
    if names.iter().any(|name| headers.contains_key(name)) {
        FileSize::Marked
    } else {
        FileSize::Unknown
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    /// None if the file has no such bytes.
    from: Option<u64>,
    /// The size of the file. None if the server does not know it.
    total: Option<u64>,
}

/// Parses the header `Content-Range`: `bytes 7-9/10`, `bytes 7-9/*` or `bytes */10`.
fn parse_range(text: &str) -> Option<Range> {
    let (range, total) = text.strip_prefix("bytes ")?.trim().split_once('/')?;
    let from = match range.split_once('-') {
        Some((from, _)) => Some(from.trim().parse().ok()?),
        None => None,
    };
    Some(Range {
        from,
        total: total.trim().parse().ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_ranges() {
        let range = |from, total| Some(Range { from, total });
        assert_eq!(parse_range("bytes 7-9/10"), range(Some(7), Some(10)));
        assert_eq!(parse_range("bytes 7-9/*"), range(Some(7), None));
        assert_eq!(parse_range("bytes */10"), range(None, Some(10)));
        for text in ["", "bytes", "lines 1-2/3", "bytes x-9/10", "bytes 7-9"] {
            assert_eq!(parse_range(text), None, "{text}");
        }
    }
}
