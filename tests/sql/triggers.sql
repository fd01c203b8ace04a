-- What happens by itself when rows come and change.
begin;
select plan(14);

insert into elt.job_kind (kind, description) values ('tap', 'x');
insert into elt.task_job (task_name, kind, args, description) values ('tap', 'tap', '{"a": 1}', 'x');

insert into public.tasks (name, start_time, created_at, updated_at)
values ('tap', now(), '1999-01-01', '1999-01-01');
select results_eq(
    $$select job.kind, job.args from elt.job$$,
    $$select 'tap', jsonb_build_object('a', 1, 'task_id', tasks.task_id) from public.tasks$$,
    'a task of that name enqueues its job, with its number'
);
select is(created_at, now(), 'when it came is the database''s word') from public.tasks;
update public.tasks set created_at = '1999-01-01', end_time = start_time;
select is(created_at, now(), 'and stays') from public.tasks;
select cmp_ok(updated_at, '>', created_at, 'when it was changed moves on') from public.tasks;
select is((select count(*) from elt.job), 1::bigint, 'changing a task enqueues nothing');
insert into public.tasks (name, start_time) values ('Tap', now());
select is((select count(*) from elt.job), 1::bigint, 'nor does another name');

set local elt.account = 'ann';
update public.tasks set name = 'tap' where name = 'Tap';
select results_eq(
    $$select operation, old_values ->> 'name', new_values ->> 'name', account_name
    from elt.change where table_name = 'public.tasks' order by change_id desc limit 1$$,
    $$values ('update', 'Tap', 'tap', 'ann')$$,
    'a change is noted with what was, what is and who did it'
);
update public.tasks set name = name where name = 'tap';
select is(
    (select count(*) from elt.change where table_name = 'public.tasks' and operation = 'update'), 2::bigint,
    'what changed nothing is no change'
);
delete from public.tasks where name = 'tap';
select is(
    (select count(*) from elt.change where operation = 'delete' and new_values is null), 2::bigint,
    'what was deleted is noted too'
);

select throws_like(
    $$update elt.job set state = 'succeeded', finished_at = now()$$,
    '%cannot become succeeded from queued%', 'a job is done only by running'
);
select lives_ok(
    $$update elt.job set state = 'cancelled', finished_at = now()$$, 'one that waits can be cancelled'
);
select throws_like(
    $$update elt.job set state = 'running'$$, '%cannot become running from cancelled%', 'and does not run then'
);

insert into elt.schedule (schedule, cron, kind, description) values ('tap', '0 0 1 1 *', 'tap', 'x');
select is(
    next_run_at, date_trunc('year', now() at time zone 'UTC' + interval '1 year') at time zone 'UTC',
    'a schedule knows when it is due'
)
from elt.schedule where schedule = 'tap';
update elt.schedule set cron = '* * * * *', error = 'x' where schedule = 'tap';
select ok(
    next_run_at <= now() + interval '1 minute' and error is null, 'and again when it is changed'
)
from elt.schedule where schedule = 'tap';

select * from finish();
rollback;
