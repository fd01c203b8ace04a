-- grain:    one row per request to cancel or retry a job
-- reads:    elt.change
-- used by:  elt jobs show, elt serve
create or replace view elt.job_request as
select
    (change.row_key ->> 'job_id')::bigint as job_id,
    change.changed_at as requested_at,
    case change.new_values ->> 'state' when 'queued' then 'retry' else 'cancel' end as request,
    coalesce(change.account_name, change.role_name) as requested_by
from elt.change
where change.table_name = 'elt.job' and change.operation = 'update';

comment on view elt.job_request is 'Requests to cancel or retry jobs.';
comment on column elt.job_request.job_id is 'Job.';
comment on column elt.job_request.requested_at is 'Time of the request.';
comment on column elt.job_request.request is 'cancel or retry.';
comment on column elt.job_request.requested_by is
    'Account of the web application, or the database role if the request did not come from it.';
