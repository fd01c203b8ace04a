//! The audit, `/audit`, for admins: who did what, the latest first.

use super::act::{refused, require_admin};
use crate::web::auth::Account;
use crate::web::error::WebResult;
use crate::web::form::given;
use crate::web::page::{Page, render};
use crate::web::pages::Moment;
use crate::web::pages::filter::{Field, any_filled, are_valid, query_parts, span};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use tokio_postgres::types::ToSql;

/// Entries of a page.
const ENTRIES: i64 = 100;
/// Suggestions for the filter. Other actions can be written too.
const ACTIONS: [&str; 18] = [
    "account.add",
    "account.disable",
    "account.enable",
    "account.set_role",
    "account.set_time_zone",
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
    actions: [&'static str; 18],
    zone: String,
    entries: Vec<Entry>,
    /// The page with older entries.
    older: Option<String>,
}

#[derive(Default)]
struct Filters {
    action: Field,
    account: Field,
    since: Field,
    until: Field,
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
    fn parse(pairs: &[(String, String)]) -> Filters {
        let mut filters = Filters::default();
        filters.action.set(given(pairs, "action"));
        filters.account.set(given(pairs, "account"));
        filters.since.set(given(pairs, "since"));
        filters.until.set(given(pairs, "until"));
        filters
    }

    fn fields(&self) -> [(&'static str, &Field); 4] {
        [
            ("action", &self.action),
            ("account", &self.account),
            ("since", &self.since),
            ("until", &self.until),
        ]
    }

    fn is_filtered(&self) -> bool {
        any_filled(&self.fields())
    }

    fn is_valid(&self) -> bool {
        are_valid(&self.fields())
    }

    /// The address of the entries before one, with the same filters.
    fn before(&self, entry: i64) -> String {
        let mut parts = vec![format!("before={entry}")];
        parts.extend(query_parts(&self.fields()));
        format!("/audit?{}", parts.join("&"))
    }
}

pub(crate) async fn audit(
    State(app): State<App>,
    account: Account,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    require_admin(&account)?;
    let mut filters = Filters::parse(&pairs);
    let before = given(&pairs, "before").parse::<i64>().ok();
    let client = app.pool.get(&account.zone).await?;
    let (since, until) = span(&client, &mut filters.since, &mut filters.until).await?;
    let mut entries = Vec::new();
    if filters.is_valid() {
        let sql = "select audit_id, happened_at::text, done, about, done_by, address, detail, role_name, program \
                   from elt.list_audit($1, $2, $3, $4, $5, $6, $7)";
        let (action, name) = (filters.action.valid(), filters.account.valid());
        let limit = ENTRIES + 1;
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
        zone: client.zone().name().into(),
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
