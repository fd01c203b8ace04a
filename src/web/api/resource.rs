//! The resource that an address under /api/ names: a table or view, by its name if it is in schema public, else by
//! schema and name; or `jobs`.

use super::{ApiError, ApiResult};
use crate::web::data::catalogue::{self, Relation};
use crate::web::data::edit::{Key, Table};
use crate::web::data::pool::Client;
use crate::web::error::WebError;
use std::sync::Arc;

/// The view of the resource `jobs`.
const JOBS: &str = "elt.job_status";

pub(super) enum Resource {
    Relation(Arc<Relation>),
    /// Registered in elt.admin_table.
    Table(Arc<Table>),
}

impl Resource {
    pub(super) async fn find(client: &Client, name: &str) -> ApiResult<Resource> {
        let full = match name {
            "jobs" => JOBS.into(),
            name if name.contains('.') => name.to_string(),
            name => format!("public.{name}"),
        };
        match Table::find(client, &full).await {
            Ok(table) => Ok(Resource::Table(table)),
            Err(WebError::NotFound) => {
                let mut relation = catalogue::relation(client, &full).await?;
                if full == JOBS {
                    Arc::make_mut(&mut relation).key_columns = vec!["job_id".into()];
                }
                Ok(Resource::Relation(relation))
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn relation(&self) -> &Relation {
        match self {
            Resource::Relation(relation) => relation,
            Resource::Table(table) => &table.relation,
        }
    }

    /// The key from the last part of the address. Keys with several columns have no address.
    pub(super) fn key(&self, value: &str) -> ApiResult<Key> {
        match self.relation().key_columns.as_slice() {
            [column] => Ok(Key(vec![(column.clone(), value.into())])),
            _ => Err(WebError::NotFound.into()),
        }
    }

    /// The table, if it is registered and allows the method, else an error with the allowed `methods`.
    pub(super) fn writable(
        &self,
        allows: impl Fn(&Table) -> bool,
        methods: impl Fn(&Resource) -> String,
    ) -> ApiResult<&Table> {
        match self {
            Resource::Table(table) if allows(table) => Ok(table),
            _ => Err(ApiError::Method(methods(self))),
        }
    }

    /// Methods of the whole resource.
    pub(super) fn collection_methods(&self) -> String {
        match self {
            Resource::Table(table) if table.may_add => "GET, HEAD, OPTIONS, POST".into(),
            _ => "GET, HEAD, OPTIONS".into(),
        }
    }

    /// Methods of a record.
    pub(super) fn record_methods(&self) -> String {
        let mut methods = String::from("GET, HEAD, OPTIONS");
        if let Resource::Table(table) = self {
            if table.may_change {
                methods.push_str(", PUT, PATCH");
            }
            if table.may_delete {
                methods.push_str(", DELETE");
            }
        }
        methods
    }
}
