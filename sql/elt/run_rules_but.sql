-- reads:    elt.current_view, elt.with_origin
-- used by:  elt.run_rules, elt.close_publish
create or replace function elt.run_rules_but(standing text[])
returns table (
    rule text,
    level text,
    violation_count bigint,
    sample jsonb,
    description text
)
language plpgsql
volatile
set search_path = ''
as $$
begin
    for rule, level in
        select current_view.name, current_view.header ->> 'level'
        from elt.current_view
        where
            current_view.layer = 'quality'
            and split_part(current_view.name, '.', 2) <> all(standing)
        order by current_view.header ->> 'level', current_view.name
    loop
        description := obj_description(rule::regclass, 'pg_class');
        execute format(
            'select
                count(*),
                coalesce(
                    jsonb_agg(elt.with_origin(to_jsonb(numbered.violation)))
                        filter (where numbered.place <= 5),
                    ''[]''
                )
            from (
                select violation, row_number() over () as place
                from %s as violation
            ) as numbered',
            rule::regclass
        )
        into violation_count, sample;
        rule := split_part(rule, '.', 2);
        return next;
    end loop;
end
$$;

comment on function elt.run_rules_but(text[]) is
    'Runs the quality rules on what the transaction sees, but those of these names: level, number of violations, the first five of them with their origin, and what the rule says.';
