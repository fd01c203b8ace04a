-- grain:    one row per check
-- reads:    elt.server_finding, elt.right_finding, elt.load_finding, elt.freshness_finding, elt.job_finding,
--           elt.vacuum_finding, elt.cluster_finding
-- used by:  elt doctor, users in psql
create or replace view elt.finding as
with findings as (
    select
        1 as step,
        server_finding.place as rank,
        server_finding.area,
        server_finding.what,
        server_finding.level,
        server_finding.why,
        server_finding.statement,
        null::text[] as command
    from elt.server_finding
    union all
    select
        2 as step,
        0 as rank,
        right_finding.area,
        right_finding.what,
        right_finding.level,
        right_finding.why,
        right_finding.statement,
        right_finding.command
    from elt.right_finding
    union all
    select
        3 as step,
        0 as rank,
        load_finding.area,
        load_finding.what,
        load_finding.level,
        load_finding.why,
        load_finding.statement,
        null::text[] as command
    from elt.load_finding
    union all
    select
        3 as step,
        1 as rank,
        freshness_finding.area,
        freshness_finding.what,
        freshness_finding.level,
        freshness_finding.why,
        freshness_finding.statement,
        freshness_finding.command
    from elt.freshness_finding
    union all
    select
        4 as step,
        0 as rank,
        job_finding.area,
        job_finding.what,
        job_finding.level,
        job_finding.why,
        job_finding.statement,
        job_finding.command
    from elt.job_finding
    union all
    select
        5 as step,
        0 as rank,
        vacuum_finding.area,
        vacuum_finding.what,
        vacuum_finding.level,
        vacuum_finding.why,
        vacuum_finding.statement,
        null::text[] as command
    from elt.vacuum_finding
    union all
    select
        6 as step,
        0 as rank,
        cluster_finding.area,
        cluster_finding.what,
        cluster_finding.level,
        cluster_finding.why,
        cluster_finding.statement,
        cluster_finding.command
    from elt.cluster_finding() as cluster_finding
    union all
    -- Checks that found no problem.
    select
        well.step,
        0 as rank,
        well.area,
        well.what,
        'ok' as level,
        null as why,
        null as statement,
        null::text[] as command
    from (
        values
        (3, 'load', 'loads and staging know of each other', exists (select from elt.load_finding)),
        (4, 'job', 'workers and queues', exists (select from elt.job_finding)),
        (5, 'vacuum', 'tables and transactions', exists (select from elt.vacuum_finding))
    ) as well (step, area, what, is_found)
    where not well.is_found
)

select
    row_number() over (order by findings.step, findings.rank, findings.what) as place,
    findings.area,
    findings.what,
    findings.level,
    findings.why,
    findings.statement,
    findings.command
from findings;

comment on view elt.finding is
    'Checks of the server, settings, rights, loads, jobs, space and Citus, with problems and advice. elt doctor prints them and adds checks that only a client can make.';
comment on column elt.finding.place is 'Order in which to read them.';
comment on column elt.finding.area is 'version, setting, encoding, disk, right, load, source, job, vacuum or cluster.';
comment on column elt.finding.what is 'What was checked, and its value.';
comment on column elt.finding.level is
    'ok, advice (could be better) or problem (something does not work, or data may be lost).';
comment on column elt.finding.why is 'Why it matters. Null if there is nothing to explain.';
comment on column elt.finding.statement is
    'How to fix it: one SQL statement, rarely two on separate lines to run in the same session, or an elt command. Null if there is nothing to do or no statement fixes it.';
comment on column elt.finding.command is
    'Arguments of the elt command that fixes it, without the flags for project and database.';
