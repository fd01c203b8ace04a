-- what:   let only queued jobs hold their dedup_key; validate the check that V0041 added
-- why:    a job that runs may have read what it works on before the next event came: that needs a run of its own
-- locks:  elt.job, exclusively, while the index is built; SHARE UPDATE EXCLUSIVE on elt.schedule, which blocks no
--         reader and no writer
-- time:   instant; done jobs are pruned, so that elt.job is small
-- undo:   the index and the comment as in V0011, once no two jobs that wait or run have the same key
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- Under its old name, so that conflicts are named alike. No job lacks the guarantee in between: the transaction
-- holds the table.
-- squawk-ignore require-concurrent-index-deletion
drop index elt.job_dedup_key_key;
-- squawk-ignore require-concurrent-index-creation
create unique index job_dedup_key_key on elt.job (dedup_key)
where state = 'queued';

comment on column elt.job.dedup_key is
    'Of several jobs with this key only one is queued at a time; null: no such limit. A running job does not count. One that is queued again while a newer one has its key loses it.';

alter table elt.schedule validate constraint schedule_cron_is_readable;
