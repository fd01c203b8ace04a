-- reads:    the catalogue of Citus, elt.distribution_column
-- used by:  elt.cluster_finding
-- careful:  called only if the database has Citus. Asks every worker once; one that does not answer is a finding
create or replace function elt.node_finding()
returns table (area text, what text, level text, why text, statement text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query execute $nodes$
        with answers as (
            select
                format('%s:%s', answer.nodename, answer.nodeport) as node,
                answer.success,
                answer.result
            from run_command_on_workers(
                'select count(*) from pg_prepared_xacts where database = current_database() '
                'and prepared < now() - interval ''5 minutes'''
            ) as answer
        ),

        shards as (
            select
                shard.logicalrelid,
                format('%s:%s', node.nodename, node.nodeport) as node,
                coalesce(size.shard_size, 0) as bytes
            from pg_catalog.pg_dist_shard as shard
            inner join pg_catalog.pg_dist_placement as placement on shard.shardid = placement.shardid
            inner join pg_catalog.pg_dist_node as node on placement.groupid = node.groupid
            left join citus_shards as size
                on shard.shardid = size.shardid and node.nodename = size.nodename and node.nodeport = size.nodeport
        )

        select
            'cluster', format('node %s does not answer', answers.node), 'problem',
            format('Tables with shards there can be neither read nor written: %s', answers.result), null
        from answers
        where not answers.success
        union all
        select
            'cluster', format('node %s: old prepared transactions: %s', answers.node, answers.result), 'problem',
            'Citus could not finish them. Their rows stay locked until its maintenance daemon does (citus.recover_2pc_interval).',
            'select recover_prepared_transactions()'
        from answers
        where answers.success and answers.result <> '0'
        union all
        select
            'cluster', format('node %s:%s is disabled', node.nodename, node.nodeport), 'problem',
            'Citus does not use it.',
            format('select citus_activate_node(%L, %s)', node.nodename, node.nodeport)
        from pg_catalog.pg_dist_node as node
        where not node.isactive
        union all
        select
            'cluster', format('node %s:%s has no shards', node.nodename, node.nodeport), 'advice',
            'Rows stay where they are until the shards are rebalanced.', 'select citus_rebalance_start()'
        from pg_catalog.pg_dist_node as node
        where
            node.shouldhaveshards
            and exists (select 1 from shards limit 1)
            and not exists (select 1 from shards where shards.node = format('%s:%s', node.nodename, node.nodeport) limit 1)
        union all
        select
            'cluster', format('table %s: uneven shards', shards.logicalrelid), 'advice',
            format(
                'The largest has %s of %s. Rows with the same value of the distribution column are in one shard: choose a column with more values.',
                pg_size_pretty(max(shards.bytes)), pg_size_pretty(sum(shards.bytes))
            ), null
        from shards
        group by shards.logicalrelid
        having count(*) > 1 and max(shards.bytes) > 4 * avg(shards.bytes) and max(shards.bytes) > 64 * 1024 * 1024
    $nodes$;
end
$$;

comment on function elt.node_finding() is
    'Returns problems of the nodes of Citus: unreachable or disabled nodes, old prepared transactions, nodes without shards, uneven shards.';
