-- grain:    one row per load and range of its rows that come from one file
-- reads:    elt.load, elt.load_file, elt.source
-- used by:  elt.difference_lines
-- careful:  says for all rows what elt.origin says for one, without the load: the place, and the row's number minus
--           row_offset. A query for many rows joins the ranges, because a call for each row takes longer than the query
create or replace view elt.origin_range as
with recursive part as (
    select
        load.load_id,
        load.load_id as part_load_id,
        load.source,
        load.location,
        load.replayed_load_id,
        load.replay_location,
        coalesce(load.replay_after_row, 0) as replay_after_row,
        9223372036854775807 as up_to_row
    from elt.load
    union all
    -- A load that replays another contains the other's rows up to replay_after_row.
    select
        part.load_id,
        replayed.load_id as part_load_id,
        replayed.source,
        replayed.location,
        replayed.replayed_load_id,
        replayed.replay_location,
        coalesce(replayed.replay_after_row, 0) as replay_after_row,
        least(part.up_to_row, part.replay_after_row) as up_to_row
    from part
    inner join elt.load as replayed on part.replayed_load_id = replayed.load_id
),

file as (
    select
        load_file.load_id,
        load_file.location,
        load_file.after_row,
        lead(load_file.after_row) over (
            partition by load_file.load_id order by load_file.after_row, load_file.file_number
        ) as next_after_row
    from elt.load_file
)

select
    part.load_id,
    case
        when part.replayed_load_id is not null then part.replay_after_row
        else coalesce(file.after_row, 0)
    end as after_row,
    least(part.up_to_row, case when part.replayed_load_id is null then file.next_after_row end) as up_to_row,
    coalesce(part.replay_location, file.location, part.location)
    || case
        when source.format = 'csv' then ', line '
        when source.format = 'rest' and part.replay_location is null then ', record '
        else ', document '
    end as place,
    case
        when part.replayed_load_id is not null then part.replay_after_row
        else coalesce(file.after_row, part.replay_after_row)
    end as row_offset
from part
inner join elt.source on part.source = source.source
left join file on part.part_load_id = file.load_id and part.replay_location is null;

comment on view elt.origin_range is
    'Where the rows of each load come from: ranges of _row, each with its file. elt.origin looks up one row.';
comment on column elt.origin_range.load_id is 'Load.';
comment on column elt.origin_range.after_row is 'The range begins after this _row.';
comment on column elt.origin_range.up_to_row is 'Last _row of the range.';
comment on column elt.origin_range.place is
    'File and unit, such as: /data/orders.csv, line. The number of the row follows.';
comment on column elt.origin_range.row_offset is 'The number in the file is _row minus this.';
