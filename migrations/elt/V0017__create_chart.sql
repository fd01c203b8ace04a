-- what:   create elt.chart
-- why:    what the web application's first page draws is data
-- locks:  none on existing tables
-- time:   instant; new table
-- undo:   drop table elt.chart (its rows come back with the project's migrations)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table elt.chart (
    chart text constraint chart_pkey primary key,
    place bigint not null default 0,
    kind text not null,
    title text not null,
    relation text not null,
    label_column text not null,
    value_column text not null,
    part_column text,
    rate_column text,
    unit text not null,
    part_name text,
    constraint chart_is_a_name check (chart ~ '^[a-z][a-z0-9_]{0,62}$'),
    constraint chart_kind_known check (kind in ('columns', 'bars')),
    constraint chart_relation_has_a_schema
        check (relation ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'),
    constraint chart_part_has_a_name check ((part_column is null) = (part_name is null))
);

comment on table elt.chart is
    'Pictures of the web application''s first page: each draws a small view, one mark per row in the view''s order.';
comment on column elt.chart.chart is 'Name.';
comment on column elt.chart.place is 'Where it stands among the others; lower ones first.';
comment on column elt.chart.kind is 'columns: upright, for months. bars: lying, for steps with names.';
comment on column elt.chart.title is 'Heading.';
comment on column elt.chart.relation is 'Schema and name of the view; its comment is shown as well.';
comment on column elt.chart.label_column is 'Column that names a row: text, or the first day of a month.';
comment on column elt.chart.value_column is 'Column with the number that is drawn.';
comment on column elt.chart.part_column is 'Column with a part of that number, drawn inside it; null: none.';
comment on column elt.chart.rate_column is 'Column with a share from 0 to 1, written above the mark; null: none.';
comment on column elt.chart.unit is 'What the numbers count.';
comment on column elt.chart.part_name is 'What the part is.';
