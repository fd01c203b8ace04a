-- what:   refuse invisible characters in names of API tokens and in task names that start jobs
-- why:    two names that look the same must be the same, and a name must not reorder the text around it
-- locks:  ACCESS EXCLUSIVE on elt.api_token and elt.task_job, for an instant: the checks are not validated yet
-- time:   instant; the checks are validated by V0045
-- undo:   drop the two constraints
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.api_token
add constraint api_token_name_is_visible check (
    name !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]'
) not valid;

alter table elt.task_job
add constraint task_job_task_name_is_visible check (
    task_name !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]'
) not valid;

comment on constraint api_token_name_is_visible on elt.api_token is
    'A name has no control characters and no invisible characters.';
comment on constraint task_job_task_name_is_visible on elt.task_job is
    'A name has no control characters and no invisible characters.';
