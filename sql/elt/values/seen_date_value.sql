-- reads:    elt.date_value
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query. Stable for the same
--           reason, because PostgreSQL assumes that the cast depends on settings
create or replace function elt.seen_date_value(value text, is_date boolean)
returns date
language sql
stable
parallel safe
as $$
    select case when is_date then value::date else elt.date_value(value) end
$$;

comment on function elt.seen_date_value(text, boolean) is
    'As elt.date_value, but faster if all values are known to be dates: elt.column_is(..., ''date'').';
