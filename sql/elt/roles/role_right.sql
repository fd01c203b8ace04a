-- grain:    one row per role, schema and privilege
-- reads:    PostgreSQL's catalogue, elt.current_view, elt.distribution_column
-- used by:  elt.grant_statement
-- careful:  elt_migrate owns everything, and elt_worker is a member of elt_load. elt_read sees neither staging nor
--           rejects nor previews, neither samples of violations nor texts written by jobs and users, so its relations are listed one
--           by one. elt_query reads the same, and tables of core, but no view of core, because core queries read
--           staging. No role relies on rights of public to execute functions, because many servers revoke them
create or replace view elt.role_right as
with secret (names) as (
    values (array['account', 'session', 'api_token', 'device', 'sign_in', 'sent_form', 'earlier_row', 'audit'])
),

listed (role_name, privilege, schema_name, only_names, columns) as (
    values
    ('elt_load', 'usage', 'elt', '{}'::text[], '{}'::text[]),
    ('elt_load', 'usage', 'staging', '{}', '{}'),
    ('elt_load', 'usage', 'core', '{}', '{}'),
    ('elt_load', 'usage', 'quality', '{}', '{}'),
    ('elt_load', 'select', 'elt', '{}', '{}'),
    ('elt_load', 'select', 'staging', '{}', '{}'),
    ('elt_load', 'select', 'core', '{}', '{}'),
    ('elt_load', 'select', 'quality', '{}', '{}'),
    ('elt_load', 'select', 'public', '{}', '{}'),
    ('elt_load', 'execute', 'elt', '{}', '{}'),
    ('elt_load', 'execute', 'core', '{}', '{}'),
    ('elt_load', 'execute', 'quality', '{}', '{}'),
    ('elt_load', 'insert', 'elt', '{reject,load_column,load_file}', '{}'),
    (
        'elt_load', 'insert', 'elt', '{load}',
        '{source,location,elt_version,replayed_load_id,replay_location,replay_after_row,lane_count,allows_shrink,layout,since_sent,since_column,since_type,file_name,file_stamp}'
    ),
    (
        'elt_load', 'update', 'elt', '{load}',
        '{state,staged_at,finished_at,rows_read,rows_staged,rows_rejected,size_bytes,sha256,header,header_columns,compression,encoding,has_byte_order_mark,line_ends,lines_skipped,member,is_also_utf8,error,since_value,changed_while_read,address_sha256,entity_tag,last_modified,file_stamp,new_columns,missing_columns,confirmed_at}'
    ),
    (
        'elt_load', 'execute', 'elt',
        '{open_staging,open_batch,close_batch,open_part,close_part,analyze_staging,analyze_change,prepare_part,drop_prepared,publish_loads,refuse_loads,load_rows,core_at,sweep,note_audit,preview_loads,end_dry_run,hold_loads,publish_held,discard_loads}',
        '{}'
    ),
    ('elt_read', 'usage', 'elt', '{}', '{}'),
    -- To look up by name the objects that exports are computed from. Grants no right to read them.
    ('elt_read', 'usage', 'core', '{}', '{}'),
    ('elt_read', 'usage', 'quality', '{}', '{}'),
    ('elt_read', 'select', 'public', '{}', '{}'),
    ('elt_read', 'execute', 'elt', '{}', '{}'),
    ('elt_read', 'execute', 'core', '{}', '{}'),
    ('elt_read', 'execute', 'quality', '{}', '{}'),
    (
        'elt_read', 'select', 'elt',
        '{engine_migration,project_migration,view_version,current_view,object_use,lineage,source,load,load_file,live_load,publish,publish_change,source_status,source_freshness,load_state,load_status,load_fact,load_change,purge_status,staging_leftover,held_load,source_core,source_behind,core_query,filled_table,worker_status,queue_status,relation,relation_column,help,finding,server_finding,outside_reader}',
        '{}'
    ),
    ('elt_web', 'usage', 'elt', '{}', '{}'),
    ('elt_web', 'usage', 'staging', '{}', '{}'),
    ('elt_web', 'usage', 'core', '{}', '{}'),
    ('elt_web', 'usage', 'quality', '{}', '{}'),
    ('elt_web', 'select', 'elt', '{}', '{}'),
    ('elt_web', 'select', 'staging', '{}', '{}'),
    ('elt_web', 'select', 'core', '{}', '{}'),
    ('elt_web', 'select', 'quality', '{}', '{}'),
    ('elt_web', 'select', 'public', '{}', '{}'),
    ('elt_web', 'execute', 'elt', '{}', '{}'),
    ('elt_web', 'execute', 'core', '{}', '{}'),
    ('elt_web', 'execute', 'quality', '{}', '{}'),
    (
        'elt_web', 'execute', 'elt',
        '{begin_sign_in,open_session,session_account,account_time_zone,session_owes_password,close_session,token_account,open_token,change_password,has_accounts,note_form,form_outcome,cancel_job,retry_job,run_schedule,start_job,act_on_jobs,note_audit}',
        '{}'
    ),
    -- Each checks the session that it is given: elt.require_session, elt.require_admin.
    (
        'elt_web', 'execute', 'elt',
        '{list_accounts,admin_add_account,admin_set_role,admin_disable_account,admin_enable_account,admin_reset_password,admin_unlock_account,list_sessions,end_session,list_tokens,new_token,end_token,list_audit,set_time_zone}',
        '{}'
    ),
    (
        'elt_worker', 'execute', 'elt',
        '{start_worker,stop_worker,claim_jobs,heartbeat,report_progress,succeed_job,fail_job,release_job,rescue_jobs,job_wait,enqueue_due,schedule_wait,enqueue,cancel_job,retry_job,run_schedule}',
        '{}'
    )
)

select
    listed.role_name,
    listed.privilege,
    listed.schema_name,
    listed.only_names,
    case
        when listed.schema_name = 'elt' and listed.privilege = 'select' and listed.only_names = '{}' then secret.names
        else '{}'
    end as but_names,
    listed.columns
from listed
cross join secret
union all
-- Rules are not for elt_query: they show rows of staging.
select
    'elt_query' as role_name,
    listed.privilege,
    listed.schema_name,
    listed.only_names,
    '{}' as but_names,
    listed.columns
from listed
where listed.role_name = 'elt_read' and listed.schema_name <> 'quality'
union all
select
    'elt_query' as role_name,
    'select' as privilege,
    pg_class.relnamespace::regnamespace::text as schema_name,
    array_agg(pg_class.relname::text) as only_names,
    '{}' as but_names,
    '{}' as columns
from elt.current_view
inner join pg_catalog.pg_class on pg_class.oid = to_regclass(current_view.header ->> 'fills')::oid
where
    current_view.layer = 'core'
    and pg_class.relkind in ('r', 'p')
    and pg_class.relnamespace <> to_regnamespace('public')::oid
group by pg_class.relnamespace
union all
-- On Citus, the owner of a mart has no rights on the workers: its reader needs them.
select
    'elt_read' as role_name,
    'select' as privilege,
    pg_class.relnamespace::regnamespace::text as schema_name,
    array_agg(pg_class.relname::text) as only_names,
    '{}' as but_names,
    '{}' as columns
from elt.current_view
inner join pg_catalog.pg_class on pg_class.oid = to_regclass(current_view.header ->> 'fills')::oid
where
    current_view.layer = 'core'
    and current_view.header ? 'distribute'
    and elt.distribution_column(pg_class.oid) is not null
group by pg_class.relnamespace;

comment on view elt.role_right is
    'Rights of each role except elt_migrate, which owns everything. elt.grant_statement has the statements.';
comment on column elt.role_right.role_name is 'Role.';
comment on column elt.role_right.privilege is
    'usage on the schema; select, insert or update on its relations; execute on its functions.';
comment on column elt.role_right.schema_name is 'Schema. In public, only objects of the project (elt.own_relation).';
comment on column elt.role_right.only_names is
    'Relations or functions. If empty, all relations of the schema, or all functions that are public (elt.own_routine).';
comment on column elt.role_right.but_names is 'Relations that are excluded.';
comment on column elt.role_right.columns is 'Columns. If empty, all columns.';
