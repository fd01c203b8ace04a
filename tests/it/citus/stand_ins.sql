-- Stands in for what elt uses of Citus, in a scratch database: the catalogue, and functions that note their calls in
-- public.citus_call. Tables stay where they are.
set allow_system_table_mods = on;

create table public.citus_call (call_id bigint generated always as identity, statement text);
create table pg_catalog.pg_dist_partition (logicalrelid regclass, partmethod "char", partkey text);
create table pg_catalog.pg_dist_object (classid oid, objid oid);
create table pg_catalog.pg_dist_node (
    nodename text, nodeport integer, groupid integer, isactive boolean, shouldhaveshards boolean
);
create table pg_catalog.pg_dist_shard (logicalrelid regclass, shardid bigint);
create table pg_catalog.pg_dist_placement (shardid bigint, groupid integer);
create table pg_catalog.citus_shards (shardid bigint, nodename text, nodeport integer, shard_size bigint);
-- What a worker answers, by the beginning of the question.
create table public.citus_answer (question text, success boolean, result text);

insert into pg_catalog.pg_dist_node values ('one', 5432, 1, true, true);
insert into public.citus_answer values
('select count(*) from pg_prepared_xacts', true, '0'),
('select coalesce(sum', true, '7'),
('select pg_database_size', true, '1000');

create function pg_catalog.column_to_column_name(relation regclass, partkey text)
returns text language sql as 'select partkey';

create function pg_catalog.create_distributed_table(relation regclass, key text, colocate_with text default 'default')
returns void language sql as $$
    insert into public.citus_call (statement)
    values (format('distribute %s by %s with %s', relation, key, colocate_with));
    -- A temporary table is gone soon.
    insert into pg_catalog.pg_dist_partition values (relation, 'h', key);
    insert into pg_catalog.pg_dist_shard select relation, relation::oid;
    insert into pg_catalog.pg_dist_placement select relation::oid, 1;
$$;

create function pg_catalog.truncate_local_data_after_distributing_table(relation regclass)
returns void language sql as $$
    insert into public.citus_call (statement) values (format('truncate %s', relation));
$$;

create function pg_catalog.create_distributed_function(routine regprocedure)
returns void language sql as $$
    insert into public.citus_call (statement) values (format('send %s', routine));
    insert into pg_catalog.pg_dist_object values ('pg_proc'::regclass, routine::oid);
$$;

-- As in Citus, comments and grants are lost.
create function pg_catalog.undistribute_table(relation regclass)
returns void language plpgsql as $$
begin
    insert into public.citus_call (statement) values (format('undistribute %s', relation));
    delete from pg_catalog.pg_dist_partition where logicalrelid = relation;
    delete from pg_catalog.pg_dist_shard where logicalrelid = relation;
    execute format('comment on table %s is null', relation);
    comment on view public.valid_appointments is null;
    comment on column public.valid_appointments.row_count is null;
    revoke all on public.valid_appointments from public;
end
$$;

create function pg_catalog.run_command_on_workers(command text)
returns table (nodename text, nodeport integer, success boolean, result text) language sql as $$
    select 'one', 5432, citus_answer.success, citus_answer.result
    from public.citus_answer
    where starts_with(ltrim(command), citus_answer.question);
$$;

create function pg_catalog.run_command_on_all_nodes(command text)
returns table (nodeid integer, success boolean, result text) language sql as $$
    select 1, success, result from pg_catalog.run_command_on_workers(command)
    union all
    select 2, success, result from pg_catalog.run_command_on_workers(command);
$$;

create function pg_catalog.citus_total_relation_size(relation oid)
returns bigint language sql as 'select 4096::bigint';
