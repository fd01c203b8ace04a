//! Whether a name and a password fit: the same for pages and for programs, and throttled for both.

use crate::accounts::is_right;
use crate::web::app::{App, Asker};
use crate::web::error::WebResult;

pub(crate) enum Attempt {
    /// Too many have failed; seconds.
    Wait(i64),
    Wrong,
    Right {
        /// Number of the attempt (elt.sign_in): it failed until it is said to have succeeded.
        sign_in: i64,
        account: i64,
    },
}

pub(crate) async fn attempt(
    app: &App,
    asker: &Asker,
    name: &str,
    password: String,
) -> WebResult<Attempt> {
    let client = app.pool.get().await?;
    let sql =
        "select sign_in_id, wait_seconds, account_id, password_hash from elt.begin_sign_in($1, $2)";
    let row = client.query_one(sql, &[&name, &asker.address]).await?;
    // The connection is not held while the password is hashed.
    drop(client);
    let wait: i64 = row.get(1);
    if wait > 0 {
        return Ok(Attempt::Wait(wait));
    }
    let (account, hash): (Option<i64>, Option<String>) = (row.get(2), row.get(3));
    let is_right = app
        .hash(move || is_right(&password, hash.as_deref()))
        .await?;
    Ok(match account {
        Some(account) if is_right => Attempt::Right {
            sign_in: row.get(0),
            account,
        },
        _ => Attempt::Wrong,
    })
}
