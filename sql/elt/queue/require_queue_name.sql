-- used by:  elt.enqueue, elt.start_worker
-- careful:  the tables' constraints say the same; this says it to people
create or replace function elt.require_queue_name(queue text)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if queue !~ '^[a-z][a-z0-9_]{0,62}$' then
        raise exception '"%" is not a name for a queue', queue
            using
                errcode = 'invalid_parameter_value',
                hint = 'A name has small letters, digits and _, begins with a letter, and has at most 63 of them.';
    end if;
end
$$;

comment on function elt.require_queue_name(text) is 'An error that says what a name is, if it is none.';
