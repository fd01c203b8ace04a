//! The sessions and tokens of an account, for its own page and for admins, and the actions that end them.

use super::act::{Acted, act, action, refused};
use super::device::device;
use crate::web::auth::Account;
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Sent, given, new_id};
use crate::web::pages::Moment;

/// Longest text about a browser that is shown, in characters.
const LONGEST_AGENT: usize = 200;

pub(super) struct Session {
    pub(super) id: i64,
    pub(super) device: String,
    pub(super) user_agent: String,
    pub(super) address: String,
    pub(super) started: Option<Moment>,
    pub(super) seen: Option<Moment>,
    /// The session of this request.
    pub(super) is_own: bool,
}

pub(super) struct Token {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) may_change: bool,
    pub(super) created: Option<Moment>,
    pub(super) expires: Option<Moment>,
    pub(super) used: Option<Moment>,
    pub(super) state: &'static str,
}

impl Token {
    pub(super) fn is_valid(&self) -> bool {
        self.state == "valid"
    }
}

/// The sessions and tokens of an account.
pub(super) struct Holdings {
    pub(super) sessions: Vec<Session>,
    pub(super) tokens: Vec<Token>,
    /// The address that their forms are sent to.
    pub(super) action: String,
}

impl Holdings {
    /// `name`: the account. Only admins read those of other accounts.
    pub(super) async fn read(
        client: &Client,
        account: &Account,
        name: &str,
        action: String,
    ) -> WebResult<Holdings> {
        let sql = "select session_id, user_agent, address, created_at::text, seen_at::text, is_own \
                   from elt.list_sessions($1, $2)";
        let rows = client.query(sql, &[&account.session, &name]).await;
        let sessions = rows.map_err(refused)?;
        let sessions = sessions.iter().map(|row| {
            let user_agent: &str = row.get(1);
            Session {
                id: row.get(0),
                device: device(user_agent),
                user_agent: user_agent.chars().take(LONGEST_AGENT).collect(),
                address: row.get(2),
                started: Moment::new(row.get(3)),
                seen: Moment::new(row.get(4)),
                is_own: row.get(5),
            }
        });
        let sql = "select token_id, token_name, may_change, created_at::text, expires_at::text, last_used_at::text, \
                   case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' \
                   else 'valid' end from elt.list_tokens($1, $2)";
        let rows = client.query(sql, &[&account.session, &name]).await;
        let tokens = rows.map_err(refused)?;
        let tokens = tokens.iter().map(|row| Token {
            id: row.get(0),
            name: row.get(1),
            may_change: row.get(2),
            created: Moment::new(row.get(3)),
            expires: Moment::new(row.get(4)),
            used: Moment::new(row.get(5)),
            state: match row.get(6) {
                "revoked" => "revoked",
                "expired" => "expired",
                _ => "valid",
            },
        });
        Ok(Holdings {
            sessions: sessions.collect(),
            tokens: tokens.collect(),
            action,
        })
    }

    pub(super) fn new_form(&self) -> String {
        new_id()
    }

    /// Whether there is a session other than that of the request.
    pub(super) fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.is_own)
    }

    /// Whether the session of the request is among them.
    pub(super) fn has_own(&self) -> bool {
        self.sessions.iter().any(|session| session.is_own)
    }

    pub(super) fn has_valid_tokens(&self) -> bool {
        self.tokens.iter().any(Token::is_valid)
    }
}

const END_SESSION: &str = action!("elt.end_session($4, $5, $6::text::bigint)");
const END_TOKEN: &str = action!("elt.end_token($4, $5, $6::text::bigint)");

/// Ends sessions or revokes tokens of an account if the form asks for it. Returns the message for the next page. `None`
/// if the form asks for something else.
pub(super) async fn end(
    client: &Client,
    account: &Account,
    sent: &Sent,
    name: &str,
) -> WebResult<Option<String>> {
    let (sql, field) = match given(&sent.fields, "do") {
        "end-session" => (END_SESSION, "session"),
        "end-sessions" => (END_SESSION, ""),
        "revoke-token" => (END_TOKEN, "token"),
        "revoke-tokens" => (END_TOKEN, ""),
        _ => return Ok(None),
    };
    let number = given(&sent.fields, field);
    // Without a number, all of them would end.
    if !field.is_empty() && number.parse::<i64>().is_err() {
        return Err(WebError::Bad("The form names no session or token.".into()));
    }
    let number = Some(number).filter(|_| !field.is_empty());
    let done = match act(client, account, sent, sql, &[&name, &number]).await? {
        Acted::Done(count) => count,
        Acted::Before => return Ok(Some("That was done before.".into())),
        Acted::Refused(reason) => return Err(WebError::Bad(reason)),
    };
    Ok(Some(match (sql == END_SESSION, done.as_str()) {
        (true, "0") => "The session had ended before.".into(),
        (true, "1") => "Ended one session.".into(),
        (true, count) => format!("Ended {count} sessions."),
        (false, "0") => "The token was not valid any more.".into(),
        (false, "1") => "Revoked one token.".into(),
        (false, count) => format!("Revoked {count} tokens."),
    }))
}
