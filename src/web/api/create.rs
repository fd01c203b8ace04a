//! Creates a record, or several in one transaction.

use super::accept::{Format, accepted};
use super::body::Given;
use super::caller::Caller;
use super::extract::{Body, Named};
use super::record::{Record, chosen_fields};
use super::resource::Resource;
use super::write::{Asked, require_whole};
use super::{ApiError, ApiResult, base, raw};
use crate::web::data::edit::{self, AllOutcome, Key, Problems, Table, Values, WriteOutcome};
use crate::web::data::pool::Client;
use crate::web::error::WebError;
use crate::web::form::{Sent, Writer};
use crate::web::http::address::encoded;
use crate::web::state::App;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};

pub(crate) async fn create(
    State(app): State<App>,
    caller: Caller,
    Named(name): Named<String>,
    asked: Asked,
    sent: Sent,
    body: Body,
) -> ApiResult {
    accepted(&asked.headers, &asked.params, &[Format::Json])?;
    let mut client = app.pool.get(&caller.zone).await?;
    let resource = Resource::find(&client, &name).await?;
    let table = resource.writable(|table| table.may_add, Resource::collection_methods)?;
    caller.require(table.role)?;
    let fields = chosen_fields(&asked.params, &table.relation)?;
    let writer = caller.writer(&sent);
    let given = Given::read(table, (&asked.headers, &body), &sent, None)?;
    let (keys, is_list) = match &given {
        Given::One(values) => (one(&client, &writer, table, values).await?, false),
        Given::Many(all) => (many(&mut client, &writer, table, all).await?, true),
    };
    let keys = match keys {
        Some(keys) => keys,
        None => keys_of_form(&client, &caller, &sent, table).await?,
    };
    if is_list {
        let mut records = Vec::new();
        for key in &keys {
            records.push(created(&client, table, key, &fields).await?.json());
        }
        return Ok(raw(StatusCode::CREATED, format!("[{}]", records.join(","))));
    }
    let key = keys.into_iter().next().unwrap_or(Key(Vec::new()));
    let mut response = match created(&client, table, &key, &fields).await? {
        Created::Record(record) => record.answer(StatusCode::CREATED),
        Created::Keyless => raw(StatusCode::CREATED, "{}".into()),
    };
    if let [(_, value)] = key.0.as_slice() {
        let base = base(&app, &asked.headers);
        let place = format!("{base}/api/{}/{}/", encoded(&name), encoded(value));
        if let Ok(place) = HeaderValue::from_str(&place) {
            response.headers_mut().insert(header::LOCATION, place);
        }
    }
    Ok(response)
}

/// `None` if the same form was executed before.
async fn one(
    client: &Client,
    writer: &Writer<'_>,
    table: &Table,
    values: &Values,
) -> ApiResult<Option<Vec<Key>>> {
    if values.is_empty() {
        require_whole(table, values)?;
    }
    match edit::insert(client, writer, table, values).await? {
        WriteOutcome::Done(key) => Ok(Some(vec![key])),
        WriteOutcome::Conflict | WriteOutcome::AlreadySent => Ok(None),
        WriteOutcome::Refused(error) => {
            let problems = edit::find_problems(client, table, None, values, &error).await?;
            Err(ApiError::Problems(problems))
        }
    }
}

/// See `one`.
async fn many(
    client: &mut Client,
    writer: &Writer<'_>,
    table: &Table,
    records: &[Values],
) -> ApiResult<Option<Vec<Key>>> {
    let mut problems: Vec<Problems> = records.iter().map(|_| Problems::default()).collect();
    for (values, problems) in records.iter().zip(&mut problems) {
        if values.is_empty()
            && let Err(ApiError::Problems(found)) = require_whole(table, values)
        {
            *problems = found;
        }
    }
    if problems.iter().any(|problems| !problems.is_empty()) {
        return Err(ApiError::ProblemsOfEach(problems));
    }
    match edit::insert_all(client, writer, table, records).await? {
        AllOutcome::Done(keys) => Ok(Some(keys)),
        AllOutcome::AlreadySent => Ok(None),
        AllOutcome::Refused(refused) => {
            for (index, error) in refused {
                let values = &records[index];
                let found = edit::find_problems(client, table, None, values, &error).await?;
                problems[index] = found;
            }
            Err(ApiError::ProblemsOfEach(problems))
        }
    }
}

/// The key of the record that the form created when it was sent first: the last one of several.
async fn keys_of_form(
    client: &Client,
    caller: &Caller,
    sent: &Sent,
    table: &Table,
) -> ApiResult<Vec<Key>> {
    let before = sent.outcome_for(client, &caller.name).await?;
    match before {
        Some(before) if before.is_same => Ok(vec![Key::new(table, before.key)]),
        _ => Err(ApiError::Status(
            StatusCode::CONFLICT,
            "This form was already sent with other values. Open the page again.".into(),
        )),
    }
}

enum Created {
    Record(Record),
    /// A record of a table without a key has no address.
    Keyless,
}

impl Created {
    fn json(self) -> String {
        match self {
            Created::Record(record) => record.json,
            Created::Keyless => "{}".into(),
        }
    }
}

async fn created(
    client: &Client,
    table: &Table,
    key: &Key,
    fields: &[String],
) -> Result<Created, ApiError> {
    if key.0.is_empty() {
        return Ok(Created::Keyless);
    }
    match Record::find(client, &table.relation, key, fields).await {
        Ok(record) => Ok(Created::Record(record)),
        // It was deleted again, or a policy hides it.
        Err(ApiError::Web(WebError::NotFound)) => Ok(Created::Keyless),
        Err(error) => Err(error),
    }
}
