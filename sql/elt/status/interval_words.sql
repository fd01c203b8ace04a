-- reads:    nothing
-- used by:  elt.source_freshness
-- careful:  a month counts as 30 days. Units that are zero are omitted
create or replace function elt.interval_words(value interval)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    with unit as (
        select
            part.place,
            part.amount,
            part.name
        from (select floor(abs(extract(epoch from value)))::bigint) as total (seconds)
        cross join lateral (
            values
            (1, total.seconds / 86400, 'd'),
            (2, total.seconds % 86400 / 3600, 'h'),
            (3, total.seconds % 3600 / 60, 'min'),
            (4, total.seconds % 60, 's')
        ) as part (place, amount, name)
        where part.amount > 0
    ),

    largest as (
        select
            unit.place,
            format('%s %s', unit.amount, unit.name) as words
        from unit
        where unit.place <= 1 + (select min(unit.place) from unit)
    )

    select case
        when value is not null then coalesce(string_agg(largest.words, ' ' order by largest.place), '0 s')
    end
    from largest
$$;

comment on function elt.interval_words(interval) is
    'Returns a length of time in its largest unit and the next one, such as 3 d 4 h or 45 s, without its sign.';
