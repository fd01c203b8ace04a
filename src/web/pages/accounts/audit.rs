//! The audit, `/audit`, for admins: who did what, the latest first.

use super::act::{refused, require_admin};
use crate::history::{TIME_BOUNDS, TIME_FORMS};
use crate::web::auth::Account;
use crate::web::error::{WebError, WebResult};
use crate::web::form::given;
use crate::web::http::address::encoded;
use crate::web::page::{Page, render};
use crate::web::pages::Moment;
use crate::web::state::App;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use tokio_postgres::types::ToSql;

/// Entries of a page.
const ENTRIES: i64 = 100;
/// Longest value of a filter, in bytes.
const LONGEST: usize = 300;
/// Suggestions for the filter. Other actions can be written too.
const ACTIONS: [&str; 17] = [
    "account.add",
    "account.disable",
    "account.enable",
    "account.set_role",
    "account.unlock",
    "audit.prune",
    "password.reset",
    "password.set",
    "purge.key",
    "purge.load",
    "rejects.download",
    "session.close",
    "session.end",
    "sign_in.fail",
    "sign_in.succeed",
    "token.add",
    "token.revoke",
];

#[derive(Template)]
#[template(path = "audit.html", config = "src/web/askama.toml")]
struct AuditPage {
    page: Page,
    filters: Filters,
    actions: [&'static str; 17],
    zone: String,
    entries: Vec<Entry>,
    /// The page with older entries.
    older: Option<String>,
}

#[derive(Default)]
struct Filters {
    action: String,
    account: String,
    since: String,
    until: String,
    /// Errors of the times, or empty texts.
    since_error: String,
    until_error: String,
}

/// A row of `elt.audit`.
struct Entry {
    id: i64,
    happened: Option<Moment>,
    action: String,
    about: String,
    account: String,
    address: String,
    detail: String,
    role: String,
    program: String,
}

impl Filters {
    fn parse(pairs: &[(String, String)]) -> WebResult<Filters> {
        let text = |name| given(pairs, name).trim().to_string();
        let filters = Filters {
            action: text("action"),
            account: text("account"),
            since: text("since"),
            until: text("until"),
            ..Filters::default()
        };
        let is_valid =
            |(_, value): &(&str, &String)| value.len() <= LONGEST && !value.contains('\0');
        if filters.pairs().iter().all(is_valid) {
            Ok(filters)
        } else {
            Err(WebError::Bad(format!(
                "A filter has at most {LONGEST} letters."
            )))
        }
    }

    fn pairs(&self) -> [(&'static str, &String); 4] {
        [
            ("action", &self.action),
            ("account", &self.account),
            ("since", &self.since),
            ("until", &self.until),
        ]
    }

    fn is_filtered(&self) -> bool {
        self.pairs().iter().any(|(_, value)| !value.is_empty())
    }

    fn is_valid(&self) -> bool {
        self.since_error.is_empty() && self.until_error.is_empty()
    }

    /// The address of the entries before one, with the same filters.
    fn before(&self, entry: i64) -> String {
        let mut address = format!("/audit?before={entry}");
        for (name, value) in self.pairs() {
            if !value.is_empty() {
                address.push_str(&format!("&{name}={}", encoded(value)));
            }
        }
        address
    }
}

pub(crate) async fn audit(
    State(app): State<App>,
    account: Account,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    require_admin(&account)?;
    let mut filters = Filters::parse(&pairs)?;
    let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let before = given(&pairs, "before").parse::<i64>().ok();
    let client = app.pool.get().await?;
    let (since, until) = (some(&filters.since), some(&filters.until));
    let zone: &str = &app.time_zone;
    let row = client
        .query_one(TIME_BOUNDS, &[&since, &until, &zone])
        .await?;
    let bounds: (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = (row.get(0), row.get(1));
    if since.is_some() && bounds.0.is_none() {
        filters.since_error = format!("Write {TIME_FORMS}.");
    }
    if until.is_some() && bounds.1.is_none() {
        filters.until_error = format!("Write {TIME_FORMS}.");
    }
    let mut entries = Vec::new();
    if filters.is_valid() {
        let sql = "select audit_id, happened_at, done, about, done_by, address, detail, role_name, program \
                   from elt.list_audit($1, $2, $3, $4, $5, $6, $7)";
        let (action, name) = (some(&filters.action), some(&filters.account));
        let limit = ENTRIES + 1;
        let (since, until) = bounds;
        let values: &[&(dyn ToSql + Sync)] = &[
            &account.session,
            &action,
            &name,
            &since,
            &until,
            &before,
            &limit,
        ];
        let rows = client.query(sql, values).await.map_err(refused)?;
        entries = rows.iter().map(entry).collect();
    }
    let has_older = entries.len() as i64 > ENTRIES;
    entries.truncate(ENTRIES as usize);
    let last = entries.last().filter(|_| has_older).map(|entry| entry.id);
    let is_valid = filters.is_valid();
    let page = render(&AuditPage {
        page: Page::new("Audit", "accounts", account),
        older: last.map(|entry| filters.before(entry)),
        actions: ACTIONS,
        zone: zone.into(),
        entries,
        filters,
    });
    Ok(if is_valid {
        page
    } else {
        (StatusCode::BAD_REQUEST, page).into_response()
    })
}

fn entry(row: &tokio_postgres::Row) -> Entry {
    let text = |column: usize| row.get::<_, Option<String>>(column).unwrap_or_default();
    Entry {
        id: row.get(0),
        happened: Moment::new(row.get(1)),
        action: text(2),
        about: text(3),
        account: text(4),
        address: text(5),
        detail: text(6),
        role: text(7),
        program: text(8),
    }
}
