-- what:   note in elt.change who cancels a job, and who tries one again
-- why:    of what people do to jobs the history is kept, as it is of tables that they change
-- locks:  SHARE ROW EXCLUSIVE on elt.job, for an instant
-- time:   instant
-- undo:   drop trigger job_notes_requests on elt.job
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- Not of what workers do: they take queued jobs, and end running ones.
create trigger job_notes_requests
after update on elt.job
for each row
when (
    (new.cancel_requested_at is not null and old.cancel_requested_at is null)
    or (old.state = 'queued' and new.state = 'cancelled')
    or (old.state in ('dead', 'cancelled') and new.state = 'queued')
)
execute function elt.note_change('job_id');
