-- reads:    nothing
-- used by:  elt.ranges_words, elt.relation_column, elt serve
-- careful:  PostgreSQL writes a range of days or integers without its last value; here it has it. Other ranges may
--           exclude their ends, which is said
create or replace function elt.range_words(value anyrange)
returns text
language sql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    with bounds as (
        select
            lower(value)::text as low,
            case
                when upper_inc(value) then upper(value)::text
                when pg_typeof(value) = 'pg_catalog.daterange'::regtype and isfinite(upper(value)::text::date)
                    then (upper(value)::text::date - 1)::text
                when pg_typeof(value) in ('pg_catalog.int4range'::regtype, 'pg_catalog.int8range'::regtype)
                    then (upper(value)::text::bigint - 1)::text
            end as high
    )

    select case
        when isempty(value) then 'empty'
        when lower_inf(value) and upper_inf(value) then 'always'
        when upper_inf(value) then concat(case when not lower_inc(value) then 'after ' else 'from ' end, low)
        when lower_inf(value) then coalesce('until ' || high, 'before ' || upper(value)::text)
        when low = high then low
        else concat(
            case when not lower_inc(value) then 'after ' end,
            low,
            coalesce(' to ' || high, ' until before ' || upper(value)::text)
        )
    end
    from bounds
$$;

comment on function elt.range_words(anyrange) is
    'Returns a range in words, such as 2021-01-04 to 2021-02-28 or from 2021-01-04. Both ends are included, unless it says after or before.';
