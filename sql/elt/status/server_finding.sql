-- grain:    one row per check of the server, its settings or the database
-- reads:    PostgreSQL's catalogue
-- used by:  elt.finding; elt doctor, even if schema elt does not exist
-- careful:  reads only the catalogue, so that it runs before anything else exists. Settings are those of the current
--           session, whose role and database may have other values than the server
create or replace view elt.server_finding as
with rules (rank, name, bad_level, good, why) as (
    values
    -- First, because other statements fail until it is corrected.
    (
        0, 'default_transaction_read_only', 'problem', 'off',
        'Nothing can be loaded, migrated or enqueued.'
    ),
    (
        1, 'fsync', 'problem', 'on',
        'Without it, a crash of the machine can make the whole server unreadable.'
    ),
    (
        2, 'full_page_writes', 'problem', 'on',
        'Without it, a crash of the machine can leave partly written pages.'
    ),
    (
        3, 'synchronous_commit', 'advice', 'on',
        'A crash of the server can lose the last loads and jobs that were reported as done, but never a part of one.'
    ),
    (
        4, 'autovacuum', 'problem', 'on',
        'Without it, tables only grow, statistics become outdated, and finally the server accepts no more writes.'
    ),
    (
        5, 'track_counts', 'problem', 'on',
        'Without it, autovacuum does not know which tables to process.'
    ),
    (
        6, 'shared_buffers', 'advice', '1GB',
        'It is at most the default, 128 MB. A quarter of the memory of the machine is usual. A change takes effect after a restart of the server.'
    ),
    (
        7, 'work_mem', 'advice', '64MB',
        'It is small for core queries, which sort and compare all rows of a load and then use temporary files.'
    ),
    (
        8, 'max_wal_size', 'advice', '4GB',
        'It is small for bulk loads: checkpoints follow one another, and pages are written more than once.'
    ),
    (
        9, 'max_parallel_workers', 'advice', '4',
        'Queries cannot run in parallel.'
    ),
    (
        10, 'max_parallel_workers_per_gather', 'advice', '2',
        'Queries cannot run in parallel.'
    ),
    (
        11, 'jit', 'advice', 'off',
        'The queries of loads, rules and pages take seconds, and compiling them costs more than it saves.'
    ),
    (
        12, 'statement_timeout', 'problem', '0',
        'It cancels a COPY or a publish that takes longer, as large ones do.'
    ),
    (
        13, 'transaction_timeout', 'problem', '0',
        'It cancels a load or an export that takes longer, as large ones do.'
    ),
    (
        14, 'idle_in_transaction_session_timeout', 'problem', '0',
        'It cancels exports: one session holds the snapshot and is idle while others write the files.'
    ),
    (
        15, 'lock_timeout', 'advice', '0',
        'It cancels a load that waits until another one has published.'
    )
),

settings as (
    select
        rules.rank,
        rules.name,
        rules.bad_level,
        rules.good,
        rules.why,
        pg_settings.source,
        pg_settings.context,
        current_setting(rules.name) as value,
        case rules.name
            -- In pages of 8 kB, kB, MB and ms.
            when 'shared_buffers' then pg_settings.setting::bigint <= 16384
            when 'work_mem' then pg_settings.setting::bigint < 16384
            when 'max_wal_size' then pg_settings.setting::bigint < 2048
            when 'max_parallel_workers' then pg_settings.setting::bigint = 0
            when 'max_parallel_workers_per_gather' then pg_settings.setting::bigint = 0
            when 'lock_timeout' then pg_settings.setting::bigint between 1 and 59999
            when 'statement_timeout' then pg_settings.setting::bigint between 1 and 3599999
            when 'transaction_timeout' then pg_settings.setting::bigint between 1 and 3599999
            when 'idle_in_transaction_session_timeout' then pg_settings.setting::bigint between 1 and 3599999
            when 'synchronous_commit' then pg_settings.setting = 'off'
            else pg_settings.setting <> rules.good
        end as is_bad
    from rules
    inner join pg_catalog.pg_settings on rules.name = pg_settings.name
),

this as (
    select
        pg_database.oid,
        pg_database.datname,
        pg_encoding_to_char(pg_database.encoding) as encoding,
        pg_database.datcollate,
        pg_database.datcollversion,
        pg_database_collation_actual_version(pg_database.oid) as actual_version,
        coalesce(
            pg_database.datcollversion <> pg_database_collation_actual_version(pg_database.oid), false
        ) as is_collation_old,
        age(pg_database.datfrozenxid)::bigint as frozen_age
    from pg_catalog.pg_database
    where pg_database.datname = current_database()
),

findings as (
    select
        1 as step,
        0 as rank,
        'version' as area,
        'PostgreSQL ' || current_setting('server_version') as what,
        case when current_setting('server_version_num')::bigint < 150000 then 'problem' else 'ok' end as level,
        case
            when current_setting('server_version_num')::bigint < 150000
                then 'elt needs version 15 or newer. Older versions are no longer maintained, and elt is not tested on them.'
            else 'elt needs version 15 or newer.'
        end as why,
        null as statement
    union all
    select
        2 as step,
        settings.rank,
        'setting' as area,
        format('%s = %s', settings.name, settings.value) as what,
        case when settings.is_bad then settings.bad_level else 'ok' end as level,
        case
            when settings.is_bad
                then concat_ws(
                    ' ',
                    settings.why,
                    case settings.source
                        when 'client' then 'It is set by the connection: look for options in the connection string, or PGOPTIONS.'
                        when 'command line' then 'It is set on the command line of the server.'
                        when 'environment variable' then 'It is set in the environment of the server.'
                    end
                )
        end as why,
        case
            when settings.is_bad
                then
                    -- If the server is read-only, so is the session that fixes it.
                    case
                        when settings.name = 'default_transaction_read_only'
                            then e'set default_transaction_read_only to off;\n'
                        else ''
                    end
                    || case
                        when settings.source = 'database'
                            then format('alter database %I reset %I', current_database(), settings.name)
                        when settings.source = 'user'
                            then format('alter role %I reset %I', session_user, settings.name)
                        when settings.source = 'database user'
                            then format(
                                'alter role %I in database %I reset %I', session_user, current_database(), settings.name
                            )
                        when settings.source = 'global' then format('alter role all reset %I', settings.name)
                        -- Set by the client or when the server starts, so no statement fixes it.
                        when settings.source in ('client', 'command line', 'environment variable') then null
                        when settings.context in ('user', 'superuser')
                            then format('alter database %I set %I = %L', current_database(), settings.name, settings.good)
                        when settings.context = 'sighup'
                            then format(e'alter system set %I = %L;\nselect pg_reload_conf()', settings.name, settings.good)
                        else format('alter system set %I = %L', settings.name, settings.good)
                    end
        end as statement
    from settings
    union all
    select
        3 as step,
        1 as rank,
        'encoding' as area,
        'encoding ' || this.encoding as what,
        case when this.encoding = 'UTF8' then 'ok' else 'problem' end as level,
        case
            when this.encoding <> 'UTF8'
                then 'elt needs UTF8: a single character that the encoding lacks would fail a whole load. The encoding of a database cannot be changed: create another database and use that.'
        end as why,
        case
            when this.encoding <> 'UTF8'
                then format(
                    'create database %I template template0 encoding ''UTF8'' locale ''C''', this.datname || '_utf8'
                )
        end as statement
    from this
    union all
    select
        3 as step,
        2 as rank,
        'encoding' as area,
        'collation ' || this.datcollate as what,
        case when this.is_collation_old then 'problem' else 'ok' end as level,
        case
            when this.is_collation_old
                then format(
                    'The operating system now sorts by version %s, but text indexes were built with version %s: queries may miss rows, and keys may be duplicated.',
                    this.actual_version, this.datcollversion
                )
        end as why,
        case
            when this.is_collation_old
                then format(
                    e'reindex database %1$I;\nalter database %1$I refresh collation version', this.datname
                )
        end as statement
    from this
    union all
    select
        4 as step,
        1 as rank,
        'disk' as area,
        'size of the database: ' || pg_size_pretty(pg_database_size(this.oid)) as what,
        'ok' as level,
        null as why,
        null as statement
    from this
    where has_database_privilege(this.oid, 'connect')
    union all
    select
        5 as step,
        1 as rank,
        'vacuum' as area,
        format('oldest row not frozen: %s transactions old', this.frozen_age) as what,
        case when this.frozen_age > 1000000000 then 'problem' else 'ok' end as level,
        case
            when this.frozen_age > 1000000000
                then 'At 2,000 million the server accepts no more writes, and autovacuum has not kept up. Look for old transactions and prepared transactions.'
        end as why,
        case when this.frozen_age > 1000000000 then 'vacuum (freeze)' end as statement
    from this
)

select
    row_number() over (order by findings.step, findings.rank, findings.what) as place,
    findings.area,
    findings.what,
    findings.level,
    findings.why,
    findings.statement
from findings;

comment on view elt.server_finding is
    'Checks of the server, its settings and the database. elt.finding has these and more.';
comment on column elt.server_finding.place is 'Order in which to read them.';
comment on column elt.server_finding.area is 'version, setting, encoding, disk or vacuum.';
comment on column elt.server_finding.what is 'What was checked, and its value.';
comment on column elt.server_finding.level is 'ok, advice or problem.';
comment on column elt.server_finding.why is 'Why it matters. Null if there is nothing to explain.';
comment on column elt.server_finding.statement is
    'How to fix it: one SQL statement, rarely two on separate lines to run in the same session, or an elt command. Null if there is nothing to do or no statement fixes it.';
