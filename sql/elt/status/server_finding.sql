-- grain:    one row per thing that was looked at: the server, its settings, the database
-- reads:    PostgreSQL's catalogue
-- used by:  elt.finding; elt doctor, also where elt has no schema yet
-- careful:  only the catalogue is read, so that the query runs before there is anything else. Settings are
--           those of the session that asks: its role and its database may have others than the server
create or replace view elt.server_finding as
with rules (rank, name, bad_level, good, why) as (
    values
    -- First: till it is corrected, other statements are refused.
    (
        0, 'default_transaction_read_only', 'problem', 'off',
        'Nothing can be loaded, migrated or enqueued.'
    ),
    (
        1, 'fsync', 'problem', 'on',
        'Without it a crash of the machine can leave the whole server unreadable.'
    ),
    (
        2, 'full_page_writes', 'problem', 'on',
        'Without it a crash of the machine can leave pages that are half old and half new.'
    ),
    (
        3, 'synchronous_commit', 'advice', 'on',
        'A crash of the server can lose the last loads and jobs that were said to be done, though never half of one.'
    ),
    (
        4, 'autovacuum', 'problem', 'on',
        'Without it tables only grow, statistics get old, and in the end the server takes no more writes.'
    ),
    (
        5, 'track_counts', 'problem', 'on',
        'Without it autovacuum does not know what to do.'
    ),
    (
        6, 'shared_buffers', 'advice', '1GB',
        'It is no more than the default, 128 MB; about a quarter of the machine''s memory is usual. Holds after a restart of the server.'
    ),
    (
        7, 'work_mem', 'advice', '64MB',
        'It is small for core queries, which sort and compare all rows of a load: they go to disk and come back.'
    ),
    (
        8, 'max_wal_size', 'advice', '4GB',
        'It is small for bulk loads: checkpoints come one after the other, and pages are written twice.'
    ),
    (
        9, 'max_parallel_workers', 'advice', '4',
        'No query has help from a second core.'
    ),
    (
        10, 'max_parallel_workers_per_gather', 'advice', '2',
        'No query has help from a second core.'
    ),
    (
        11, 'jit', 'advice', 'off',
        'Compiling costs more than it saves on queries of seconds, which those of loads, rules and pages are.'
    ),
    (
        12, 'statement_timeout', 'problem', '0',
        'It ends a COPY or a publish that takes longer, which a large one does.'
    ),
    (
        13, 'transaction_timeout', 'problem', '0',
        'It ends a load or an export that takes longer, which a large one does.'
    ),
    (
        14, 'idle_in_transaction_session_timeout', 'problem', '0',
        'It ends exports: one session holds the snapshot, and is idle while others write the files.'
    ),
    (
        15, 'lock_timeout', 'advice', '0',
        'It ends a load that waits for another one to publish.'
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
                then 'elt needs 15 or newer: older ones are no longer maintained, and elt is not tested on them.'
            else 'elt needs 15 or newer.'
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
                        when 'client' then 'It comes with the connection: look for options in it, or PGOPTIONS.'
                        when 'command line' then 'It is an argument with which the server is started.'
                        when 'environment variable' then 'It is in the environment in which the server is started.'
                    end
                )
        end as why,
        case
            when settings.is_bad
                then
                    -- Where the server is read-only, so is the session that fixes it.
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
                        -- Named by who connects, or by who starts the server.
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
                then 'elt needs UTF8: one character that the encoding lacks would fail a whole load. A database keeps its encoding: make another one, and name that.'
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
                    'The operating system sorts by version %s now, and indexes of texts were made by version %s: rows may not be found, and keys may come twice.',
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
                then 'At 2,000 million the server takes no more writes, and autovacuum has not kept up: look for transactions and prepared transactions that are long open.'
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
    'What is to be said of the server, its settings and the database; elt.finding has that and more.';
comment on column elt.server_finding.place is 'Order to read them in.';
comment on column elt.server_finding.area is 'version, setting, encoding, disk or vacuum.';
comment on column elt.server_finding.what is 'What was looked at, and what it is.';
comment on column elt.server_finding.level is 'ok, advice or problem.';
comment on column elt.server_finding.why is 'Why it matters; null where there is nothing to say.';
comment on column elt.server_finding.statement is
    'What fixes it: a statement of SQL, seldom two, a line each, the one after the other in one session; or a command of elt. Null where nothing is to be done, or no statement does it.';
