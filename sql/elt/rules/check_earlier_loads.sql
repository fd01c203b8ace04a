-- reads:    elt.load, elt.live_load, elt.current_view, elt.object_use, elt.rule_result, elt.condition_holds,
--           elt.override_live, elt.with_origin
-- used by:  elt.close_publish
-- careful:  a rule that reads elt.live_load sees the latest load of a source only. Its plan is made once, because a
--           publish may have hundreds of loads; most of them have no violations. A rule that already showed rows of the
--           earlier loads is not run again
create or replace function elt.check_earlier_loads(publish_id bigint, standing text[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
-- Compiling does not pay for a few rows each time.
set jit = off
as $$
declare
    published record;
    checked record;
    load_number bigint;
    batch_number bigint;
    checked_batch bigint;
    is_known boolean;
    violated bigint[];
    violations bigint;
    shown jsonb;
    began timestamptz;
begin
    for published in
        select
            live_load.load_id as latest,
            array_agg(load.load_id order by load.load_id) as load_ids
        from elt.load
        inner join elt.live_load on load.source = live_load.source and load.load_id <> live_load.load_id
        where
            load.publish_id = check_earlier_loads.publish_id
            and load.live_publish_id = check_earlier_loads.publish_id
        group by load.source, live_load.load_id
        order by load.source
    loop
        create temporary table elt_violated (load_id bigint) on commit drop;
        perform elt.override_live(published.load_ids || published.latest);
        for checked in
            with recursive reads as (
                select
                    current_view.name,
                    current_view.header ->> 'holds if' as holds_if,
                    to_regclass(current_view.name)::oid as oid
                from elt.current_view
                where
                    current_view.layer = 'quality'
                    and split_part(current_view.name, '.', 2) <> all(standing)
                union
                select
                    reads.name,
                    reads.holds_if,
                    object_use.used_id as oid
                from reads
                inner join elt.object_use
                    on
                        reads.oid = object_use.object_id
                        and object_use.class_id = 'pg_catalog.pg_class'::regclass
                        and object_use.used_class_id = 'pg_catalog.pg_class'::regclass
            )

            select
                reads.name,
                reads.holds_if,
                split_part(reads.name, '.', 2) as rule
            from reads
            inner join pg_catalog.pg_attribute
                on pg_attribute.attrelid = reads.name::regclass and pg_attribute.attname = '_load_id'
            where reads.oid = 'elt.live_load'::regclass
            order by reads.name
        loop
            began := clock_timestamp();
            perform set_config('elt.merged_load_id', published.latest::text, true);
            execute format('select array_agg(_load_id) from %s where _load_id = any($1)', checked.name)
            into violated
            using published.load_ids;
            continue when violated is not null;
            -- An insert runs in one process: starting others takes longer than a few rows. Without LIMIT or EXISTS,
            -- for which the planner would choose a plan that finds a first row early, and takes long if there is none.
            execute format(
                'prepare elt_check as
                insert into pg_temp.elt_violated (load_id)
                select _load_id
                from %s
                where _load_id = current_setting(''elt.merged_load_id'')::bigint
                group by _load_id',
                checked.name
            );
            checked_batch := null;
            for load_number, batch_number in
                select
                    load.load_id,
                    coalesce(load.batch_load_id, load.load_id)
                from elt.load
                where load.load_id = any(published.load_ids)
                order by load.load_id
            loop
                perform set_config('elt.merged_load_id', load_number::text, true);
                -- Loads that were staged together share their facts.
                if batch_number is distinct from checked_batch then
                    is_known := elt.condition_holds(checked.holds_if);
                    checked_batch := batch_number;
                end if;
                if not is_known then
                    execute 'execute elt_check';
                end if;
            end loop;
            execute 'deallocate elt_check';
            select coalesce(array_agg(elt_violated.load_id order by elt_violated.load_id), '{}')
            into violated
            from pg_temp.elt_violated;
            truncate pg_temp.elt_violated;
            foreach load_number in array violated loop
                perform set_config('elt.merged_load_id', load_number::text, true);
                -- The rule may show rows of other sources too, which were counted before.
                execute format(
                    'select
                        count(*),
                        jsonb_agg(numbered.violation) filter (where numbered.violation is not null)
                    from (
                        select case when row_number() over () <= 5 then to_jsonb(found) end as violation
                        from (select * from %s offset 0) as found
                        where found._load_id = $1
                    ) as numbered',
                    checked.name
                )
                into violations, shown
                using load_number;
                update elt.rule_result
                set
                    violation_count = rule_result.violation_count + violations,
                    sample = jsonb_path_query_array(
                        rule_result.sample || (
                            select jsonb_agg(elt.with_origin(listed.violation) order by listed.place)
                            from jsonb_array_elements(shown) with ordinality as listed (violation, place)
                        ),
                        '$[0 to 4]'
                    )
                where
                    rule_result.publish_id = check_earlier_loads.publish_id
                    and rule_result.rule = checked.rule;
            end loop;
            update elt.rule_result
            set seconds = rule_result.seconds + extract(epoch from clock_timestamp() - began)
            where
                rule_result.publish_id = check_earlier_loads.publish_id
                and rule_result.rule = checked.rule;
        end loop;
        perform set_config('elt.merged_load_id', '', true);
        delete from elt.live_override
        where live_override.load_id = any(published.load_ids || published.latest);
        drop table pg_temp.elt_violated;
    end loop;
end
$$;

comment on function elt.check_earlier_loads(bigint, text[]) is
    'Runs rules on each load of a publish that is not the latest of its source, and adds the violations to the results of the publish. Rules without a column _load_id, and those whose results are still valid, are not run.';

revoke execute on function elt.check_earlier_loads(bigint, text[]) from public;
