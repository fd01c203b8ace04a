-- What the engine's tables refuse, whoever writes: names of constraints are what programs and people see.
begin;
select plan(16);

insert into elt.source (source, format, file, description) values ('tap', 'csv', 'tap.csv', 'x');
insert into elt.job_kind (kind, description) values ('tap', 'x');

select throws_like(
    $$insert into elt.source (source, format, file, description) values ('Tap', 'csv', 'a.csv', 'x')$$,
    '%"source_is_a_table_name"%', 'a source is named like a table'
);
select throws_like(
    $$insert into elt.source (source, format, file, description) values ('tap_load_1', 'csv', 'a.csv', 'x')$$,
    '%"source_is_a_table_name"%', 'a source is not named like a partition'
);
select throws_like(
    $$insert into elt.source (source, format, file, description) values ('tap2', 'csv', '../a.csv', 'x')$$,
    '%"source_file_is_a_path_or_address"%', 'a file of a source is below the data folder'
);
select throws_like(
    $$update elt.source set keep_loads = 0 where source = 'tap'$$,
    '%"source_keep_loads_in_range"%', 'the live load is kept'
);
select throws_like(
    $$insert into elt.load (source, location, elt_version, rows_read, rows_staged, rows_rejected)
    values ('tap', '/tap.csv', '0', 3, 1, 1)$$,
    '%"load_accounts_for_every_row"%', 'rows read are staged or rejected'
);
select throws_like(
    $$insert into elt.load (source, location, elt_version, state) values ('tap', '/tap.csv', '0', 'staged')$$,
    '%"load_is_counted_when_staged"%', 'a staged load is counted'
);
select throws_like(
    $$insert into elt.load (source, location, elt_version, live_publish_id) values ('tap', '/tap.csv', '0', 1)$$,
    '%"load_is_published_when_live"%', 'only a published load is live'
);
select throws_like(
    $$insert into elt.load (source, location, elt_version) values ('nowhere', '/tap.csv', '0')$$,
    '%"load_source_fkey"%', 'a load is of a source'
);
select throws_like(
    $$insert into elt.job (kind, max_attempts, time_limit, state) values ('tap', 1, '1 minute', 'running')$$,
    '%"job_%"%', 'a job that runs has a worker and a lease'
);
select throws_like(
    $$insert into elt.job (kind, max_attempts, time_limit, state) values ('tap', 1, '1 minute', 'succeeded')$$,
    '%"job_is_finished_in_the_end"%', 'a job that is done has an end'
);
select throws_like(
    $$insert into elt.job (kind, max_attempts, time_limit, args) values ('tap', 1, '1 minute', '[]')$$,
    '%"job_args_are_an_object"%', 'arguments are an object'
);
select throws_like(
    $$insert into elt.schedule (schedule, cron, kind, description) values ('tap', '* * *', 'tap', 'x')$$,
    '%has 3 fields%', 'a schedule has five fields'
);
select throws_like(
    $$insert into elt.schedule (schedule, cron, kind, description) values ('tap', '0 0 31 2 *', 'tap', 'x')$$,
    '%never comes%', 'a schedule comes'
);
select throws_like(
    $$insert into elt.account (name, role, password_hash) values ('tap', 'admin', 'secret')$$,
    '%"account_password_is_hashed"%', 'no password is kept as it is'
);
select throws_like(
    $$insert into elt.admin_table (table_name) values ('elt.session')$$,
    '%"admin_table_is_not_secret"%', 'the admin shows no session'
);
select throws_like(
    $$insert into elt.change (table_name, row_key, operation) values ('public.tasks', '{}', 'insert')$$,
    '%"change_has_new_values"%', 'a change says what came'
);

select * from finish();
rollback;
