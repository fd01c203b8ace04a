-- reads:    elt.begin_preview, elt.publish_loads, elt.read_preview, elt.publish, elt.rule_result
-- used by:  elt load --dry-run and --hold
-- careful:  the error that it raises and catches rolls back everything that it did, also its locks. Other errors reach the
--           caller. Runs with its owner's rights, like elt.publish_loads; what it calls trusts the temporary tables that it
--           makes, and cannot be called alone
create or replace function elt.preview_loads(
    load_ids bigint[], core_only boolean, sample_size bigint, elt_version text
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    publish_before bigint;
    publish_number bigint;
    report jsonb;
begin
    begin
        perform elt.begin_preview(load_ids, core_only);
        select max(publish.publish_id)
        into publish_before
        from elt.publish
        where publish.state = 'published';
        publish_number := elt.publish_loads(load_ids, 'load', elt_version);
        report := jsonb_build_object(
            'publish_id', publish_before,
            'rules', (
                select coalesce(
                    jsonb_agg(
                        to_jsonb(rule_result) || jsonb_build_object(
                            'description',
                            coalesce(obj_description(to_regclass('quality.' || rule_result.rule), 'pg_class'), '')
                        )
                        order by rule_result.level, rule_result.rule
                    ),
                    '[]'
                )
                from elt.rule_result
                where rule_result.publish_id = publish_number
            ),
            'relations', (
                select coalesce(jsonb_agg(to_jsonb(listed) order by listed.place), '[]')
                from (
                    select
                        read.*,
                        row_number() over () as place
                    from elt.read_preview(publish_number, sample_size) as read
                ) as listed
            )
        );
        raise exception 'the preview is complete' using errcode = 'EL001';
    exception
        when sqlstate 'EL001' then
            return report;
    end;
end
$$;

comment on function elt.preview_loads(bigint[], boolean, bigint, text) is
    'Publishes loads, compares core and results before and after, and rolls that back. Returns an object: the latest publish before, the results of the rules, and what changes in each relation (elt.read_preview).';

revoke execute on function elt.preview_loads(bigint[], boolean, bigint, text) from public;
