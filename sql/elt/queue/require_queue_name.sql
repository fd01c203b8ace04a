-- used by:  elt.enqueue, elt.start_worker
-- careful:  the constraints of the tables check the same; this function gives a better message
create or replace function elt.require_queue_name(queue text)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if queue !~ '^[a-z][a-z0-9_]{0,62}$' then
        raise exception '"%" is not a valid queue name', queue
            using
                errcode = 'invalid_parameter_value',
                hint = 'Use at most 63 lower-case letters, digits and _, beginning with a letter.';
    end if;
end
$$;

comment on function elt.require_queue_name(text) is 'Raises an error if a queue name is not valid.';
