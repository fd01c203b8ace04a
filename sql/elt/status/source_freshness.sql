-- grain:    one row per source
-- reads:    elt.source, elt.live_load, elt.load, elt.interval_words, elt.range_words
-- used by:  elt check --freshness, elt status, elt serve, elt.metric, elt.freshness_finding
-- careful:  the only place that decides whether a source is late. Corrected rejects are no new data: they are as old as
--           the load that they correct. Of several live loads, the latest one counts
create or replace view elt.source_freshness as
with recursive ancestor as (
    select
        live_load.source,
        load.load_id,
        load.replayed_load_id
    from elt.live_load
    inner join elt.load on live_load.load_id = load.load_id
    union all
    select
        ancestor.source,
        load.load_id,
        load.replayed_load_id
    from ancestor
    inner join elt.load on ancestor.replayed_load_id = load.load_id
),

-- One scan for all sources: a source may have very many loads.
latest as (
    select
        found.source,
        max(found.load_id) as load_id
    from (
        select
            ancestor.source,
            ancestor.load_id
        from ancestor
        where ancestor.replayed_load_id is null
        union all
        select
            load.source,
            load.load_id
        from elt.load
        where load.live_publish_id is not null and load.replayed_load_id is null
    ) as found
    group by found.source
),

measured as (
    select
        source.source,
        load.load_id,
        greatest(load.finished_at, load.confirmed_at) as arrived_at,
        source.expected_every,
        -- A load of a replace source that corrects rejects has all rows.
        case when source.mode = 'replace' then live.rows_staged else load.rows_staged end as row_count,
        source.expected_rows
    from elt.source
    left join latest on source.source = latest.source
    left join elt.load on latest.load_id = load.load_id
    left join elt.live_load on source.source = live_load.source
    left join elt.load as live on live_load.load_id = live.load_id
),

judged as (
    select
        measured.source,
        measured.load_id,
        measured.arrived_at,
        now() - measured.arrived_at as age,
        measured.expected_every,
        measured.expected_every is not null
        and coalesce(measured.arrived_at + measured.expected_every < now(), true) as is_late,
        now() - (measured.arrived_at + measured.expected_every) as overdue,
        measured.row_count,
        measured.expected_rows,
        coalesce(not measured.expected_rows @> measured.row_count, false) as is_outside
    from measured
)

select
    judged.source,
    judged.load_id,
    judged.arrived_at,
    judged.age,
    judged.expected_every,
    judged.is_late,
    case when judged.is_late then judged.overdue end as late_by,
    judged.row_count,
    judged.expected_rows,
    judged.is_outside,
    nullif(
        concat_ws(
            ', ',
            'every ' || elt.interval_words(judged.expected_every),
            case when judged.expected_rows is not null then elt.range_words(judged.expected_rows) || ' rows' end
        ),
        ''
    ) as expectation,
    case
        when judged.is_late or judged.is_outside
            then concat_ws(
                ', ',
                case
                    when judged.is_late and judged.arrived_at is null then 'never loaded'
                    when judged.is_late then 'late by ' || elt.interval_words(judged.overdue)
                end,
                case when judged.is_outside and judged.row_count = 1 then '1 row' end,
                case when judged.is_outside and judged.row_count <> 1 then judged.row_count || ' rows' end
            )
        when judged.arrived_at is null then 'never loaded'
        when judged.expected_every is null and judged.expected_rows is null then 'nothing is expected'
        else 'as expected'
    end as state_in_words
from judged
order by judged.source;

comment on view elt.source_freshness is
    'Whether each source has new data as often as expected (elt.source.expected_every), and as many rows as expected (elt.source.expected_rows).';
comment on column elt.source_freshness.source is 'Source.';
comment on column elt.source_freshness.load_id is
    'Latest live load, without loads of corrected rejects. Null if the source has no live load.';
comment on column elt.source_freshness.arrived_at is
    'When this load became live or, if later, when its file arrived again unchanged (elt.load.confirmed_at).';
comment on column elt.source_freshness.age is 'Time since then.';
comment on column elt.source_freshness.expected_every is 'How often new data is expected. Null: nothing is expected.';
comment on column elt.source_freshness.is_late is
    'Whether the data is older than that, or there is none. False if nothing is expected.';
comment on column elt.source_freshness.late_by is
    'Time since new data was due. Null if the source is not late or was never loaded.';
comment on column elt.source_freshness.row_count is
    'Rows of the load; for a replace source with its corrected rejects.';
comment on column elt.source_freshness.expected_rows is 'How many rows a load has. Null: any number.';
comment on column elt.source_freshness.is_outside is
    'Whether the number of rows is outside that range. False if any number is expected, and without a load.';
comment on column elt.source_freshness.expectation is
    'What is expected, in words: every 1 d, 900 to 1100 rows. Null if nothing is.';
comment on column elt.source_freshness.state_in_words is
    'as expected, nothing is expected, never loaded, late by a time, the number of rows if it is outside the range, or the last two.';
