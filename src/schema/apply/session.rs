//! The session as refinery uses it. refinery runs the file and statements on the ledger, and only the text of its
//! errors tells which one failed. The session remembers it instead.

use postgres::{Client, Error};
use refinery::Migration;
use refinery_core::traits::sync::{self, Migrate, Query};

pub(super) struct Session<'a> {
    client: &'a mut Client,
    file: &'a str,
    pub(super) failed_in_file: bool,
}

impl<'a> Session<'a> {
    /// `file`: the text of the migration.
    pub(super) fn new(client: &'a mut Client, file: &'a str) -> Session<'a> {
        Session {
            client,
            file,
            failed_in_file: false,
        }
    }
}

impl sync::Transaction for Session<'_> {
    type Error = Error;

    /// Runs the statements in one transaction.
    fn execute<'s, T: Iterator<Item = &'s str>>(&mut self, statements: T) -> Result<usize, Error> {
        let mut transaction = self.client.transaction()?;
        let mut count = 0;
        for sql in statements {
            let outcome = transaction.batch_execute(sql);
            self.failed_in_file = outcome.is_err() && sql == self.file;
            outcome?;
            count += 1;
        }
        transaction.commit()?;
        Ok(count)
    }
}

impl Query<Vec<Migration>> for Session<'_> {
    fn query(&mut self, sql: &str) -> Result<Vec<Migration>, Error> {
        Query::query(self.client, sql)
    }
}

impl Migrate for Session<'_> {}
