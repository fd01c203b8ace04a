//! Faults of the server: `throttle` on every page, `error@3` on page 3, `error@3*2` only twice.

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// 429 with Retry-After
    Throttle,
    /// 503 with Retry-After
    Unavailable,
    /// 500
    Error,
    /// 403
    Forbid,
    /// 400 that repeats the request's Authorization header
    Echo,
    /// 401, and the token is forgotten
    Expire,
    /// The connection ends in the middle of the page
    Reset,
    /// The page never ends
    Slow,
    /// The page is sent a byte at a time and never ends
    Drip,
    /// The page's JSON ends in the middle
    Truncate,
    /// A page of HTML
    Html,
    /// An endless page, sent as fast as the client reads
    Huge,
    /// A page that has no results
    Missing,
    /// A page that lacks its last record
    Short,
    /// A page that reports one record more than the others
    Recount,
    /// The records of the previous page
    Repeat,
    /// Names the second page as the next one
    Circle,
    /// A next page on another host
    Elsewhere,
    /// A redirect to another host
    Redirect,
    /// A redirect within the host
    Moved,
    /// A redirect by 303
    SeeOther,
    /// A next address that cannot be computed
    Cursor,
    /// A first record that PostgreSQL does not accept
    Unfit,
}

#[derive(Debug)]
pub(crate) struct Fault {
    kind: Kind,
    /// If None, the fault is on all pages.
    page: Option<usize>,
    /// How often the fault will still happen.
    left: AtomicU32,
}

impl Fault {
    /// Whether the fault happens now on this page. Counts it.
    pub(crate) fn strikes(&self, kind: Kind, page: usize) -> bool {
        let is_here = self.kind == kind && self.page.is_none_or(|own| own == page);
        let count = |left: u32| left.checked_sub(1);
        is_here
            && self
                .left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, count)
                .is_ok()
    }
}

impl Clone for Fault {
    fn clone(&self) -> Fault {
        Fault {
            kind: self.kind,
            page: self.page,
            left: AtomicU32::new(self.left.load(Ordering::SeqCst)),
        }
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Fault, String> {
        let (text, times) = match text.split_once('*') {
            Some((text, times)) => (text, times.parse().map_err(|_| "no number of times")?),
            None => (text, u32::MAX),
        };
        let (kind, page) = match text.split_once('@') {
            Some((kind, page)) => (kind, Some(page.parse().map_err(|_| "no number of a page")?)),
            None => (text, None),
        };
        Ok(Fault {
            kind: clap::ValueEnum::from_str(kind, false)?,
            page,
            left: AtomicU32::new(times),
        })
    }
}
