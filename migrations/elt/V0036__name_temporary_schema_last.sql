-- what:   let the trigger functions look into pg_temp last, and take elt.note_change() from everybody
-- why:    with an empty search_path PostgreSQL looks for types and tables in pg_temp first (sql/README.md);
--         who may call elt.note_change() may put it on a table of his own, and write a history that never was
-- locks:  none on tables; triggers that exist fire as before
-- time:   instant
-- undo:   alter function ... set search_path = ''; grant execute on function elt.note_change() to public
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter function elt.check_job_state() set search_path = pg_catalog, pg_temp;
alter function elt.notify_job() set search_path = pg_catalog, pg_temp;
alter function elt.notify_job_change() set search_path = pg_catalog, pg_temp;
alter function elt.enqueue_task_job() set search_path = pg_catalog, pg_temp;
alter function elt.keep_times() set search_path = pg_catalog, pg_temp;
alter function elt.keep_next_run() set search_path = pg_catalog, pg_temp;
alter function elt.note_change() set search_path = pg_catalog, pg_temp;

revoke execute on function elt.note_change() from public;
