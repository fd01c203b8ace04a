-- reads:    elt.run_rules_but
-- used by:  elt check
create or replace function elt.run_rules()
returns table (
    rule text,
    level text,
    violation_count bigint,
    sample jsonb,
    description text
)
language sql
volatile
set search_path = ''
as $$
    select * from elt.run_rules_but('{}')
$$;

comment on function elt.run_rules() is
    'Runs every quality rule on what the transaction sees: level, number of violations, the first five of them with their origin, and what the rule says.';
