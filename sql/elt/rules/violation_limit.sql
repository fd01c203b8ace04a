-- reads:    the relation that the header of a rule names
-- used by:  elt.apply_limits, elt.run_rules
-- careful:  elt migrate refuses a header that this function cannot read, and relations that do not exist. A relation may
--           be dropped later, which is an error here. It is counted only if there are violations, because 0 exceed no
--           limit, and the count of a large table takes time
create or replace function elt.violation_limit(at_most text, violation_count bigint, violations_before bigint)
returns bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    parts text[] := regexp_match(at_most, '^(\d+(?:\.\d+)?)(?:% of (\S+))?$');
    whole bigint;
begin
    if parts[2] is null then
        return floor(parts[1]::numeric)::bigint;
    elsif parts[2] = 'before' then
        whole := violations_before;
    elsif violation_count > 0 then
        if to_regclass(parts[2]) is null then
            raise exception 'there is no table or view "%", of which a rule allows "at most: %"', parts[2], at_most
                using hint = 'Correct the header of the rule, and run elt migrate.';
        end if;
        execute format('select count(*) from %s', to_regclass(parts[2]))
        into whole;
    end if;
    -- least() would ignore null.
    return case
        when whole is not null then least(floor(parts[1]::numeric * whole / 100), 9223372036854775807)::bigint
    end;
end
$$;

comment on function elt.violation_limit(text, bigint, bigint) is
    'Largest number of violations that the limit of a rule allows: "20", "1% of core.orders" (rows of a table or view), or "110% of before" (violations at the publish before). Rounded down. Null if the limit limits nothing, or if it need not be known because there are no violations.';
