-- what:   create elt.saved_query, show it in the admin, and create the role elt_query
-- why:    users run queries on the page /sql, with a role that can reach nothing else, and keep those that they need again
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.saved_query (loses the saved queries); delete its row of elt.admin_table; drop owned by elt_query; drop role elt_query
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.saved_query (
    saved_query text constraint saved_query_pkey primary key,
    place bigint not null default 0,
    definition text not null,
    parameters text not null default '',
    chart text,
    description text not null default '',
    constraint saved_query_is_a_name check (saved_query ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint saved_query_definition_not_blank check (definition ~ '\S'),
    -- A limit written the other way round would make the admin show a field of one line.
    constraint saved_query_definition_at_most_10000_bytes check (10000 >= octet_length(definition)),
    constraint saved_query_parameters_have_types check (
        parameters ~ '^([a-z_][a-z0-9_]{0,62} (text|bigint|numeric|date|timestamptz|boolean)(, ?[a-z_][a-z0-9_]{0,62} (text|bigint|numeric|date|timestamptz|boolean))*)?$'
    ),
    constraint saved_query_chart_known check (chart in ('bars', 'line', 'points')),
    constraint saved_query_chart_has_no_parameters check (chart is null or parameters = ''),
    constraint saved_query_description_at_most_1000_characters check (char_length(description) <= 1000)
);

comment on table elt.saved_query is
    'Queries that users saved for the page /sql. The first page lists them, and draws those that have a chart. They run as role elt_query, not with the rights of the user who saved them.';
comment on column elt.saved_query.saved_query is 'Name, part of the address of the query.';
comment on column elt.saved_query.place is 'Position among the others; lower ones first.';
comment on column elt.saved_query.definition is
    'One query: select, with, values or table. A parameter is written :name.';
comment on column elt.saved_query.parameters is
    'Parameters with their types, separated by commas: since date, practice bigint. Types: text, bigint, numeric, date, timestamptz, boolean. Others are text.';
comment on column elt.saved_query.chart is
    'How the first page draws the query: bars, line or points. The first column is the label, the next column with numbers is drawn. Null if it is only listed.';
comment on column elt.saved_query.description is 'What the query answers.';
comment on constraint saved_query_is_a_name on elt.saved_query is
    'A name has at most 63 small letters, digits and underscores, and begins with a letter.';
comment on constraint saved_query_definition_not_blank on elt.saved_query is 'A saved query has SQL.';
comment on constraint saved_query_definition_at_most_10000_bytes on elt.saved_query is
    'A query has at most 10000 bytes.';
comment on constraint saved_query_parameters_have_types on elt.saved_query is
    'Write each parameter with its type, separated by commas: since date, practice bigint. Types: text, bigint, numeric, date, timestamptz, boolean.';
comment on constraint saved_query_chart_has_no_parameters on elt.saved_query is
    'A query with parameters cannot be drawn on the first page.';

insert into elt.admin_table (
    table_name, place, may_add, may_change, may_delete, list_columns, filter_columns, title_column, order_by
)
values (
    'elt.saved_query', 102, true, true, true, '{saved_query,description,parameters,chart,place}', '{chart}',
    'saved_query', 'place'
);

create trigger saved_query_note_change
after insert or update or delete on elt.saved_query
for each row
execute function elt.note_change('saved_query');

-- A role belongs to the whole server, so it may exist already, and the owner of a database may not be allowed to
-- create it. Without it, the page /sql is off and says why. It has no password, so only the embedded server lets it in.
do $$
begin
    if not exists (select 1 from pg_catalog.pg_roles where pg_roles.rolname = 'elt_query') then
        create role elt_query login connection limit 20;
        alter role elt_query set default_transaction_read_only = on;
        alter role elt_query set statement_timeout = '1min';
        alter role elt_query set idle_in_transaction_session_timeout = '1min';
        alter role elt_query set lock_timeout = '2s';
        -- Otherwise one query could fill the disk. Only a superuser, or a role that was granted it, may set it.
        if has_parameter_privilege('temp_file_limit', 'set') then
            alter role elt_query set temp_file_limit = '1GB';
        end if;
    end if;
exception
    when insufficient_privilege or duplicate_object or unique_violation then
        null;
end
$$;
