//! Tasks, the queue and workers.

mod chaos;
mod held;
mod pipeline;
mod queue;
mod reach;
mod state_machine;
mod tasks;
mod worker;

use crate::support::Database;

/// Kinds of SQL jobs: each records its number in `public.done`, after some seconds, or fails.
const JOB_KINDS: &str = "
    create table public.done (n bigint, pid int not null default pg_backend_pid());
    create function public.note(args jsonb) returns jsonb language sql as $$
        insert into public.done (n) values ((args ->> 'n')::bigint) returning to_jsonb(n) $$;
    create function public.note_slowly(args jsonb) returns jsonb language plpgsql as $$
        begin
            insert into public.done (n) values ((args ->> 'n')::bigint);
            perform pg_sleep((args ->> 'seconds')::float);
            return 'true';
        end $$;
    create function public.divide(args jsonb) returns jsonb language sql volatile as $$
        select to_jsonb(1 / (args ->> 'by')::int) $$;
    create function public.lose_patience(args jsonb) returns jsonb language plpgsql as $$
        begin raise exception 'not now' using errcode = 'lock_not_available'; end $$;
    insert into elt.job_kind (kind, function_name, max_attempts, time_limit, description) values
        ('note', 'public.note', 3, '1 minute', 'notes'),
        ('note_slowly', 'public.note_slowly', 3, '1 minute', 'notes slowly'),
        ('divide', 'public.divide', 3, '1 minute', 'divides'),
        ('lose_patience', 'public.lose_patience', 3, '1 minute', 'fails')";

fn database() -> Database {
    let database = Database::new();
    database.run(JOB_KINDS);
    database
}
