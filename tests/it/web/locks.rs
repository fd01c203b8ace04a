//! Sessions of one account do not wait for each other, but a change of the account waits for them.

use super::Site;
use crate::support::Database;
use postgres::error::SqlState;

/// `step`: SQL of a request that checks the account, in a transaction that stays open meanwhile.
#[track_caller]
fn blocks_only_changes_of_the_account(step: &str) {
    let database = Database::new();
    let site = Site::start(&database);
    site.signed_in(&database, "ann", "admin");
    let other = site.sign_in_as("ann");
    let mut client = database.connect();
    let mut held = client.transaction().unwrap();
    assert_eq!(held.query(step, &[]).unwrap().len(), 1);

    for path in ["/", "/jobs", "/explore/public.tasks", "/api/tasks/"] {
        site.get(path, &other).is(200);
    }
    site.post(
        "/admin/tasks/add",
        &other,
        "c.name=x&c.start_time=2026-01-01T00:00",
    )
    .is(303);
    // Rows that refer to the account, such as those of new sessions and tokens.
    let mut client = database.connect();
    let refers = "set lock_timeout to '1s'; \
                  insert into elt.session (account_id, token_sha256, address, user_agent) \
                  select account_id, sha256('x'), '', '' from elt.account";
    client.batch_execute(refers).unwrap();

    let changes = "update elt.account set role = 'viewer'";
    let error = client.batch_execute(changes).unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::LOCK_NOT_AVAILABLE));
    held.rollback().unwrap();
    client.batch_execute(changes).unwrap();
}

#[test]
fn a_checked_session_blocks_no_other_session_of_its_account() {
    blocks_only_changes_of_the_account(
        "select elt.require_session(token_sha256) from elt.session order by session_id limit 1",
    );
}

#[test]
fn a_sign_in_blocks_no_session_of_its_account() {
    blocks_only_changes_of_the_account(
        "select owner_id from elt.begin_sign_in('ann', '192.0.2.1', null) as begun \
         cross join lateral elt.use_sign_in(begun.sign_in_id, (select password_hash from elt.account)) as owner_id \
         where owner_id is not null",
    );
}
