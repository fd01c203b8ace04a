//! The form for the time zone of the signed-in account, on its page.

use super::act::{Acted, act, action};
use crate::web::auth::Account;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::form::{Sent, given};
use crate::web::state::App;
use std::sync::Arc;
use std::time::Duration;

/// How long the names of zones are kept: the server reads them from many files.
const LIFETIME: Duration = Duration::from_secs(3600);
/// The zones of the world, without the other names that the server's files may have for them.
const NAMES: &str =
    "select name from pg_timezone_names where name ~ '^([A-Z][A-Za-z_]+/[A-Z]|UTC$)' order by name";

pub(super) struct ZoneForm {
    /// Empty if the account uses the zone of the application.
    pub(super) value: String,
    /// Error of the value, or an empty text.
    pub(super) message: String,
}

impl ZoneForm {
    pub(super) fn new(account: &Account) -> ZoneForm {
        let own = account.has_own_zone.then(|| account.zone.name().into());
        ZoneForm {
            value: own.unwrap_or_default(),
            message: String::new(),
        }
    }
}

/// The names that the field suggests.
pub(super) struct ZoneNames(pub(super) Vec<String>);

pub(super) async fn zone_names(client: &Client) -> WebResult<Arc<ZoneNames>> {
    let cache = client.caches.for_type::<ZoneNames>();
    if let Some(names) = cache.get_within("", LIFETIME) {
        return Ok(names);
    }
    let rows = client.query(NAMES, &[]).await?;
    let names = rows.iter().map(|row| row.get(0)).collect();
    Ok(cache.keep("", ZoneNames(names)))
}

const SET_ZONE: &str = action!("elt.set_time_zone($4, $5)");

/// Sets the zone. Returns the message for the next page, or the form with its error.
pub(super) async fn set_zone(
    app: &App,
    account: &Account,
    sent: &Sent,
) -> WebResult<Result<String, ZoneForm>> {
    let value = given(&sent.fields, "zone").trim();
    let refuse = |message| {
        Ok(Err(ZoneForm {
            value: value.into(),
            message,
        }))
    };
    if value.contains('\0') {
        return refuse("This contains a character that is not allowed in text.".into());
    }
    let client = app.pool.get(&account.zone).await?;
    match act(&client, account, sent, SET_ZONE, &[&value]).await? {
        Acted::Done(zone) if zone.is_empty() => {
            let zone = app.zone_of(None);
            Ok(Ok(format!("Times are shown in {}.", zone.name())))
        }
        Acted::Done(zone) => Ok(Ok(format!("Times are shown in {zone}."))),
        Acted::Before => Ok(Ok("That was done before.".into())),
        Acted::Refused(reason) => refuse(reason),
    }
}
