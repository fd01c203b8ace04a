//! The session as refinery uses it. refinery runs the file and statements on the ledger, and only the text of its
//! errors tells which one failed. The session remembers it instead.

use crate::schema::sql_text::statements;
use postgres::{Client, Error, Transaction};
use refinery::Migration;
use refinery_core::traits::sync::{self, Migrate, Query};

pub(super) struct Session<'a> {
    client: &'a mut Client,
    file: &'a str,
    /// Where in the file the statement that failed begins.
    pub(super) failed_at: Option<usize>,
}

impl<'a> Session<'a> {
    /// `file`: the text of the migration.
    pub(super) fn new(client: &'a mut Client, file: &'a str) -> Session<'a> {
        Session {
            client,
            file,
            failed_at: None,
        }
    }
}

/// Runs a file one statement at a time, because Citus refuses some statements as one of several. If one fails,
/// returns where it begins.
fn run_file(transaction: &mut Transaction<'_>, file: &str) -> Result<(), (usize, Error)> {
    for statement in statements(file) {
        if let Err(error) = transaction.batch_execute(statement) {
            let begin = statement.as_ptr().addr() - file.as_ptr().addr();
            return Err((begin, error));
        }
    }
    Ok(())
}

impl sync::Transaction for Session<'_> {
    type Error = Error;

    /// Runs the statements in one transaction.
    fn execute<'s, T: Iterator<Item = &'s str>>(&mut self, statements: T) -> Result<usize, Error> {
        let mut transaction = self.client.transaction()?;
        let mut count = 0;
        for sql in statements {
            if sql == self.file {
                run_file(&mut transaction, self.file).map_err(|(begin, error)| {
                    self.failed_at = Some(begin);
                    error
                })?;
            } else {
                transaction.batch_execute(sql)?;
            }
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
