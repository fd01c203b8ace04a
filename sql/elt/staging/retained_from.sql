-- reads:    elt.load, elt.retained_load, elt.earlier_row, elt.has_key, elt.core_has_columns
-- used by:  elt.purge_key
create or replace function elt.retained_from(source text, key jsonb, purged bigint[])
returns bigint[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    names text[] := array(select jsonb_object_keys(key));
    retained bigint[];
    has_all boolean;
    first bigint;
begin
    select
        coalesce(array_agg(load.load_id) filter (where retained_load.load_id is not null), '{}'),
        bool_and(retained_load.load_id is not null)
    into retained, has_all
    from elt.load
    left join elt.retained_load on load.load_id = retained_load.load_id
    where load.source = retained_from.source and load.live_publish_id is not null;

    -- Core is then rebuilt from the rows in staging.
    if not elt.core_has_columns(source, names) then
        if not has_all then
            raise exception 'cannot find rows of source "%" by %: its core table has no such columns',
                source, (
                    select string_agg(format('"%s"', part.name), ' and ' order by part.name)
                    from unnest(names) as part (name)
                )
                using
                    errcode = 'invalid_parameter_value',
                    detail = 'Its older loads are no longer in staging. Nothing was removed.',
                    hint = 'Name columns that both the staging table and the core table have.';
        end if;
        return retained;
    end if;
    select min(found.load_id)
    into first
    from (
        select unnest(purged) as load_id
        union all
        select earlier_row.load_id
        from elt.earlier_row
        where earlier_row.load_id = any(retained) and elt.has_key(earlier_row.earlier, key)
    ) as found
    where found.load_id = any(retained);
    return array(
        select kept.load_id
        from unnest(retained) as kept (load_id)
        where kept.load_id >= first
    );
end
$$;

comment on function elt.retained_from(text, jsonb, bigint[]) is
    'Returns the live loads of an append or merge source that must be undone and merged again to remove a key: from the oldest load in staging that contained the key or changed a row with it.';
