-- All current objects with their readers in sql/ and outside it, in reading order.
select
    current_view.name,
    current_view.layer,
    current_view.version,
    current_view.applied_at,
    array(
        select lineage.name
        from elt.lineage
        where
            lineage.reads = current_view.name
            and lineage.name not in (select outside_reader.name from elt.outside_reader)
        order by lineage.name
    ) as read_by,
    array(
        select format('%s (%s of %s)', outside_reader.name, outside_reader.kind, outside_reader.owner)
        from elt.outside_reader
        where outside_reader.reads = current_view.name
        order by outside_reader.name
    ) as read_by_others
from elt.current_view
order by
    array_position(array['mart', 'export', 'quality', 'core', 'elt'], current_view.layer),
    current_view.name;
