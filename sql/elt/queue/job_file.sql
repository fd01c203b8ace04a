-- grain:    one row per file that a job wrote
-- reads:    elt.job
-- used by:  elt serve
-- careful:  only compares records of jobs. elt run and elt export may have replaced a file too, and it may be on
--           another machine; elt serve compares the bytes before it sends them
create or replace view elt.job_file as
with written as (
    select
        job.job_id,
        job.finished_at,
        job.result ->> 'folder' as folder,
        written.value ->> 'file' as file,
        written.value ->> 'sha256' as sha256,
        (written.value ->> 'rows')::bigint as row_count,
        (written.value ->> 'bytes')::bigint as byte_count,
        written.place
    from elt.job
    cross join lateral jsonb_array_elements(job.result -> 'export' -> 'files') with ordinality as written (value, place)
    where job.result ->> 'folder' is not null
)

select
    written.job_id,
    written.place,
    written.file,
    written.folder,
    written.sha256,
    written.row_count,
    written.byte_count,
    case when latest.sha256 <> written.sha256 then latest.job_id end as replaced_by
from written
-- The last job that wrote the file since.
left join lateral (
    select
        job.job_id,
        later.value ->> 'sha256' as sha256
    from elt.job
    cross join lateral jsonb_array_elements(job.result -> 'export' -> 'files') as later (value)
    where
        job.result ? 'folder'
        and job.result ->> 'folder' = written.folder
        and job.finished_at > written.finished_at
        and later.value ->> 'file' = written.file
    order by job.finished_at desc
    limit 1
) as latest on true;

comment on view elt.job_file is 'Files that jobs wrote, and which later job replaced them.';
comment on column elt.job_file.job_id is 'Job that wrote the file.';
comment on column elt.job_file.place is 'Position among the files of the job, from 1.';
comment on column elt.job_file.file is 'Name of the file.';
comment on column elt.job_file.folder is 'Folder of the file on the worker''s machine.';
comment on column elt.job_file.sha256 is 'SHA-256 of the written bytes.';
comment on column elt.job_file.row_count is 'Number of rows.';
comment on column elt.job_file.byte_count is 'Size in bytes.';
comment on column elt.job_file.replaced_by is
    'The last job that wrote the file after this one, if it wrote other bytes. Null if the bytes are the same, or if no job wrote it since.';
