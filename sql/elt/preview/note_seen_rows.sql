-- reads:    its transition tables
-- used by:  triggers that elt.begin_preview creates for a transaction that is rolled back
-- careful:  the first row with a key tells whether it was there before, the last one whether it is there now. An update
--           records the old rows before the new ones
create or replace function elt.note_seen_rows()
returns trigger
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op <> 'INSERT' then
        execute format(
            'insert into pg_temp.%I
            select (select nextval(''pg_temp.elt_preview_place'')), false, seen.* from old_rows as seen',
            tg_argv[0]
        );
    end if;
    if tg_op <> 'DELETE' then
        execute format(
            'insert into pg_temp.%I
            select (select nextval(''pg_temp.elt_preview_place'')), true, seen.* from new_rows as seen',
            tg_argv[0]
        );
    end if;
    return null;
end
$$;

comment on function elt.note_seen_rows() is
    'Trigger for previews: keeps the rows of a core table that a statement inserts, updates or deletes, as they were and as they are.';

revoke execute on function elt.note_seen_rows() from public;
