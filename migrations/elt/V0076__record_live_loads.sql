-- what:   create elt.publish_load, and a trigger on elt.load that fills it
-- why:    elt diff --export computes what core was after an earlier publish; elt.load only has what is live now
-- locks:  SHARE ROW EXCLUSIVE on elt.load, for an instant: no reader waits
-- time:   instant; one row for each live load
-- undo:   drop trigger load_note_live on elt.load; drop function elt.note_live; drop table elt.publish_load
set local lock_timeout = '2s';
set local statement_timeout = '60s';

create table elt.publish_load (
    load_id bigint not null constraint publish_load_load_id_fkey references elt.load,
    publish_id bigint not null constraint publish_load_publish_id_fkey references elt.publish,
    is_live boolean not null,
    constraint publish_load_pkey primary key (load_id, publish_id)
);

comment on table elt.publish_load is
    'Loads that a publish made live, or that were no longer live after it. It begins with the loads that were live when the table was created.';
comment on column elt.publish_load.load_id is 'Load.';
comment on column elt.publish_load.publish_id is 'Publish that changed whether the load is live.';
comment on column elt.publish_load.is_live is 'Whether the load was live after the publish.';

-- For the loads of one publish, and for checks of the reference when publishes are deleted.
create index publish_load_publish_id on elt.publish_load (publish_id);

create function elt.note_live()
returns trigger
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Only one publish runs at a time, so the latest one is the one that runs.
    insert into elt.publish_load (load_id, publish_id, is_live)
    select
        new.load_id,
        publish.publish_id,
        new.live_publish_id is not null
    from elt.publish
    where publish.state = 'published'
    order by publish.publish_id desc
    limit 1
    on conflict on constraint publish_load_pkey do update
    set is_live = excluded.is_live;
    return null;
end
$$;

comment on function elt.note_live() is
    'Records in elt.publish_load that a load became live, or is no longer live.';

create trigger load_note_live
after update of live_publish_id on elt.load
for each row
when ((old.live_publish_id is null) <> (new.live_publish_id is null))
execute function elt.note_live();

with latest as (
    select max(publish.publish_id) as publish_id
    from elt.publish
    where publish.state = 'published'
)

insert into elt.publish_load (load_id, publish_id, is_live)
select
    load.load_id,
    latest.publish_id,
    true as is_live
from elt.load
cross join latest
where load.live_publish_id is not null;
