-- reads:    elt.text_value
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query
create or replace function elt.seen_text_value(value text, is_trimmed boolean)
returns text
language sql
immutable
parallel safe
as $$
    select case when is_trimmed then nullif(value, '') else elt.text_value(value) end
$$;

comment on function elt.seen_text_value(text, boolean) is
    'As elt.text_value, but faster if no value is known to have white space at its edges: elt.column_is(..., ''trimmed'').';
