//! Accounts of the web application. The database keeps hashes of passwords, sessions and tokens (`elt.account`,
//! `elt.session`, `elt.api_token`); this module creates them.

mod password;
mod token;

pub(crate) use password::{Password, hash_with};
pub(crate) use token::Token;

use crate::failure::sentence::elt;
use crate::failure::{user_error, with_list_hint};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::Client;
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) is_disabled: bool,
    pub(crate) last_signed_in_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
pub(crate) struct TokenRow {
    pub(crate) token_id: i64,
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) may_change: bool,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) is_revoked: bool,
    pub(crate) last_used_at: Option<DateTime<Utc>>,
}

/// `role`: viewer, operator or admin.
pub(crate) fn add(client: &mut Client, name: &str, role: &str, password: &Password) -> Result<()> {
    let sql = "select elt.add_account($1, $2, $3)";
    let added = client.execute(sql, &[&name, &role, &password.hash()?]);
    added.map_err(user_error)?;
    Ok(())
}

/// The number of an account.
pub(crate) fn account_id(client: &mut Client, name: &str) -> Result<i64> {
    let row = client.query_one("select elt.require_account($1)", &[&name]);
    let row = row.map_err(|error| with_list_hint(error, elt!("user", "list")));
    Ok(row?.get(0))
}

/// `revokes_tokens`: revokes all tokens, not only those created with the old password.
pub(crate) fn set_password(
    client: &mut Client,
    account: i64,
    password: &Password,
    revokes_tokens: bool,
) -> Result<()> {
    let sql = "select elt.set_password($1, $2, $3)";
    client.execute(sql, &[&account, &password.hash()?, &revokes_tokens])?;
    Ok(())
}

pub(crate) fn disable(client: &mut Client, account: i64) -> Result<()> {
    client.execute("select elt.disable_account($1)", &[&account])?;
    Ok(())
}

/// Whether there is an enabled account.
pub(crate) fn has_enabled(client: &mut Client) -> Result<bool> {
    Ok(client
        .query_typed_one("select elt.has_accounts()", &[])?
        .get(0))
}

pub(crate) fn all(client: &mut Client) -> Result<Vec<Account>> {
    let sql = "select name, role, disabled_at is not null, last_signed_in_at from elt.account order by name";
    let rows = client.query_typed(sql, &[])?;
    let accounts = rows.iter().map(|row| Account {
        name: row.get(0),
        role: row.get(1),
        is_disabled: row.get(2),
        last_signed_in_at: row.get(3),
    });
    Ok(accounts.collect())
}

/// Creates a token that is valid for `days`. The database keeps only its hash.
pub(crate) fn new_token(
    client: &mut Client,
    account: i64,
    name: &str,
    may_change: bool,
    days: i32,
) -> Result<Token> {
    let token = Token::new("elt_")?;
    let sql = "select elt.add_token($1, $2, $3, $4, make_interval(days => $5))";
    let sha256 = Token::sha256(token.text());
    let added = client.execute(sql, &[&account, &name, &sha256, &may_change, &days]);
    added.map_err(user_error)?;
    Ok(token)
}

pub(crate) fn tokens(client: &mut Client) -> Result<Vec<TokenRow>> {
    let sql = "select token_id, account.name, api_token.name, may_change, expires_at, \
               revoked_at is not null, last_used_at \
               from elt.api_token inner join elt.account using (account_id) order by token_id";
    let rows = client.query_typed(sql, &[])?;
    let tokens = rows.iter().map(|row| TokenRow {
        token_id: row.get(0),
        account: row.get(1),
        name: row.get(2),
        may_change: row.get(3),
        expires_at: row.get(4),
        is_revoked: row.get(5),
        last_used_at: row.get(6),
    });
    Ok(tokens.collect())
}

pub(crate) fn revoke_token(client: &mut Client, token: i64) -> Result<()> {
    let revoked = client.execute("select elt.revoke_token($1)", &[&token]);
    revoked.map_err(|error| with_list_hint(error, elt!("token", "list")))?;
    Ok(())
}
