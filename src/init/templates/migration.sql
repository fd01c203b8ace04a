-- what:   create the tables of {{ t.source }}, and its row{% if t.is_rest() %}s in elt.source and elt.rest_source{% else %} in elt.source{% endif %}
-- why:    elt load reads {{ t.file_single_line() }}
-- locks:  none on existing tables
-- time:   instant; new tables
-- undo:   drop the two tables, delete the row{% if t.is_rest() %}s{% endif %} (loses loaded rows; load {% if t.is_rest() %}again{% else %}the file again{% endif %})
set local lock_timeout = '2s';
set local statement_timeout = '30s';

{% if t.is_rest() -%}
-- Records as loaded.
{%- else -%}
-- Values as loaded. Columns of the file that this table lacks are kept in _extra.
{%- endif %}
create table staging.{{ t.source }} (
    _load_id bigint not null,
    _row bigint not null,
{%- if t.is_rest() %}
    _page bigint not null,
{%- for column in t.own_columns %}
    {{ column }} text,
{%- endfor %}
{%- endif %}
{%- if t.is_json() %}
    payload jsonb
{%- else %}
{%- for column in t.staged() %}
    {{ column }} text,
{%- endfor %}
    _extra jsonb
{%- endif %}
) partition by list (_load_id);

comment on table staging.{{ t.source }} is {{ t.staging_comment() }};
comment on column staging.{{ t.source }}._load_id is 'Load (elt.load). Each load has a partition.';
comment on column staging.{{ t.source }}._row is '{% if t.is_rest() %}Position of the record over all pages, from 1.{% else if t.is_json() %}Position of the document in the file, from 1.{% else %}Line of the file where the record begins.{% endif %}';
{%- if t.is_rest() %}
comment on column staging.{{ t.source }}._page is 'Page of the record, from 1.';
{%- for column in t.own_columns %}
comment on column staging.{{ t.source }}.{{ column }} is '{% if column == "_key" %}Key of the record in the object around it.{% else %}Id of the element around the record.{% endif %}';
{%- endfor %}
comment on column staging.{{ t.source }}.payload is 'The record.';
{%- else if t.is_json() %}
comment on column staging.{{ t.source }}.payload is 'The document.';
{%- else %}
{%- for column in t.staged() %}
comment on column staging.{{ t.source }}.{{ column }} is 'Value as in the file.';
{%- endfor %}
comment on column staging.{{ t.source }}._extra is 'Values of columns of the file that this table lacks, by name. Null if there are none.';
{%- endif %}

-- sql/core/incoming_{{ t.source }}.sql defines the rows of this table.
create table core.{{ t.source }} (
{%- for column in t.columns %}
    {{ column.name }} {{ column.kind.sql_type() }}{% if t.is_key(column) %} not null{% endif %},
{%- endfor %}
    _load_id bigint not null,
    _row bigint not null,
    constraint {{ t.source }}_pkey primary key ({{ t.primary_key_list() }})
);

comment on table core.{{ t.source }} is '{% if t.has_key() %}One row per {{ t.key_words() }}.{% else %}One row per {% if t.is_rest() %}record of a load{% else %}row of the file{% endif %}, because no column identifies a row.{% endif %} Filled by core.incoming_{{ t.source }}.';
{%- for column in t.columns %}
comment on column core.{{ t.source }}.{{ column.name }} is {{ column.comment_literal() }};
{%- endfor %}
comment on column core.{{ t.source }}._load_id is 'Load that last changed the row. Use it with _row in elt.origin().';
comment on column core.{{ t.source }}._row is '{% if t.is_rest() %}Record of that load.{% else %}{% if t.is_json() %}Document{% else %}Line{% endif %} of that load''s file.{% endif %}';

insert into elt.source (
    source, format, {% if !t.is_rest() %}file, {% endif %}{% for (column, _) in t.layout_columns() %}{{ column }}, {% endfor %}mode, key, max_shrink, description
)
values (
    '{{ t.source }}', '{{ t.format() }}',{% if !t.is_rest() %} {{ t.file_literal() }},{% endif %}
{%- for (_, value) in t.layout_columns() %}
    {{ value }},
{%- endfor %}
    '{{ t.mode.name() }}', {{ t.merge_key() }}, {{ t.max_shrink() }},
    {{ t.description() }}
);
{%- if t.is_rest() %}

-- Secrets are in the environment, not here (src/extract/rest/README.md).
insert into elt.rest_source (
    source{% for (column, _) in t.rest_columns() %}, {{ column }}{% endfor %}
)
values (
    '{{ t.source }}'
{%- for (_, value) in t.rest_columns() %},
    {{ value }}
{%- endfor %}
);
{%- endif %}
{%- if let Some(view) = t.chart_view() %}

-- The chart on the first page of elt serve. It draws the view in sql/mart/{{ view }}.sql.
{%- if let Some(date) = t.dated() %}
-- To draw another column of the view, change value_column and unit: in the admin of elt serve, or in a new migration.
insert into elt.chart (
    chart, kind, title, relation, label_column, value_column, unit, rows_relation, rows_column
)
values (
    '{{ view }}', 'columns', 'Rows of {{ t.source }} by month', 'public.{{ view }}', 'month', 'row_count', 'rows',
    'public.{{ t.source }}', '{{ date.name_literal() }}'
);
{%- else %}
-- To draw another view, change the row: in the admin of elt serve, or in a new migration.
insert into elt.chart (
    chart, kind, title, relation, label_column, value_column, part_column, unit, part_name
)
values (
    '{{ view }}', 'bars', 'Values of {{ t.source }} by column', 'public.{{ view }}', 'column_name', 'row_count',
    'value_count', 'rows', 'with a value'
);
{%- endif %}
{%- endif %}
