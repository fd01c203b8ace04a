//! An attempt to sign in, with the same limits for pages and the API. The database checks the password
//! (elt.use_sign_in) when its hash is used.

use crate::accounts::hash_with;
use crate::web::error::WebResult;
use crate::web::state::{App, ClientAddress};

pub(crate) enum Attempt {
    /// Too many attempts have failed. The value is the delay in seconds.
    Wait(i64),
    Begun(Proof),
}

/// Proof for the database that the password was entered.
pub(crate) struct Proof {
    /// Id of the attempt (elt.sign_in). It counts as failed until its hash is used successfully.
    pub(crate) sign_in: i64,
    pub(crate) hash: String,
}

/// `device`: SHA-256 of the browser's token, if it has one.
pub(crate) async fn attempt(
    app: &App,
    client_address: &ClientAddress,
    device: Option<&[u8]>,
    name: &str,
    password: String,
) -> WebResult<Attempt> {
    let client = app.sign_in_pool.get().await?;
    let sql = "select sign_in_id, wait_seconds, password_salt from elt.begin_sign_in($1, $2, $3)";
    let row = client
        .query_one(sql, &[&name, &client_address.network(), &device])
        .await?;
    // Releases the connection while the password is hashed.
    drop(client);
    let wait: i64 = row.get(1);
    if wait > 0 {
        return Ok(Attempt::Wait(wait));
    }
    let salt: String = row.get(2);
    Ok(Attempt::Begun(Proof {
        sign_in: row.get(0),
        hash: app.hash(move || hash_with(&password, &salt)).await??,
    }))
}
