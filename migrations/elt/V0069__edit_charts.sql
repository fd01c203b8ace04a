-- what:   show elt.chart in the admin, with checks whose comments the form shows; add its columns rows_relation and
--         rows_column; let charts be lines and points, and charts of queries columns
-- why:    users register charts in the browser, and follow a bar to the rows that it is made of
-- locks:  ACCESS EXCLUSIVE on elt.chart and elt.saved_query, for an instant: nullable columns, and checks without a
--         scan
-- time:   instant
-- undo:   delete the charts of new kinds and the row of elt.admin_table; drop the triggers, the function, the checks and
--         the columns; put the old checks back
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- The new checks allow more values. Older programs refuse a newer schema.
-- squawk-ignore ban-drop-constraint
alter table elt.chart drop constraint chart_kind_known;
-- squawk-ignore ban-drop-constraint
alter table elt.saved_query drop constraint saved_query_chart_known;

alter table elt.saved_query
add constraint saved_query_chart_known check (chart in ('bars', 'columns', 'line', 'points')) not valid;

-- The limits of lengths make the form show fields of one line.
alter table elt.chart
add column rows_relation text,
add column rows_column text,
add constraint chart_kind_known check (kind in ('columns', 'bars', 'line', 'points')) not valid,
add constraint chart_title_not_blank check (title ~ '\S') not valid,
add constraint chart_unit_not_blank check (unit ~ '\S') not valid,
add constraint chart_relation_at_most_127_characters check (char_length(relation) <= 127) not valid,
add constraint chart_label_column_at_most_63_characters check (char_length(label_column) <= 63) not valid,
add constraint chart_value_column_at_most_63_characters check (char_length(value_column) <= 63) not valid,
add constraint chart_part_column_at_most_63_characters check (char_length(part_column) <= 63) not valid,
add constraint chart_rate_column_at_most_63_characters check (char_length(rate_column) <= 63) not valid,
add constraint chart_title_at_most_200_characters check (char_length(title) <= 200) not valid,
add constraint chart_unit_at_most_100_characters check (char_length(unit) <= 100) not valid,
add constraint chart_part_name_at_most_100_characters check (char_length(part_name) <= 100) not valid,
add constraint chart_rows_relation_at_most_127_characters check (char_length(rows_relation) <= 127) not valid,
add constraint chart_rows_column_at_most_63_characters check (char_length(rows_column) <= 63) not valid,
add constraint chart_rows_relation_has_a_schema check (rows_relation ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$') not valid,
add constraint chart_rows_have_a_column check ((rows_relation is null) = (rows_column is null)) not valid,
-- Every account sees the charts, and viewers must not read rejected records.
add constraint chart_shows_no_rejects check (relation <> 'elt.reject') not valid;

comment on column elt.chart.kind is
    'columns: vertical bars, for dates. bars: horizontal bars, for names. line or points: for many dates or numbers.';
comment on column elt.chart.label_column is
    'Column that labels a row: a text, a number, or a date. Dates that all begin a month are shown as months.';
comment on column elt.chart.value_column is 'Column with the number that is drawn.';
comment on column elt.chart.part_column is
    'Column with a part of that number, for example without repeats. It is drawn inside the bar and written first. Null if there is none.';
comment on column elt.chart.rows_relation is
    'Schema and name of the table or view with the rows that a bar is made of. Null if a bar leads to its own row of the view.';
comment on column elt.chart.rows_column is
    'Column of these rows that has the label of the bar, or a date in its period. Null without rows_relation.';
comment on constraint chart_is_a_name on elt.chart is
    'A name has at most 63 small letters, digits and underscores, and begins with a letter.';
comment on constraint chart_relation_has_a_schema on elt.chart is
    'Write the schema and the name of the view: public.sales_by_month.';
comment on constraint chart_kind_known on elt.chart is 'A chart has columns, bars, a line or points.';
comment on constraint chart_part_has_a_name on elt.chart is 'Give the part a name, or leave its column empty.';
comment on constraint chart_title_not_blank on elt.chart is 'A chart has a title.';
comment on constraint chart_unit_not_blank on elt.chart is 'Say what the numbers count.';
comment on constraint chart_rows_relation_has_a_schema on elt.chart is
    'Write the schema and the name of the table or view: public.sales.';
comment on constraint chart_rows_have_a_column on elt.chart is
    'Fill in both, the table of the rows and its column, or none.';
comment on constraint chart_shows_no_rejects on elt.chart is
    'Rejected records cannot be drawn, because every account sees the charts.';

create function elt.check_chart()
returns trigger
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    found record;
begin
    -- A migration may name a view that elt migrate creates after it. Then the page says what is missing.
    if coalesce(current_setting('elt.account', true), '') = '' then
        return new;
    end if;
    for found in
        select chart_problems.column_name, chart_problems.problem
        from elt.chart_problems(new)
        order by chart_problems.place
        limit 1
    loop
        raise exception using
            errcode = 'check_violation',
            message = found.problem,
            schema = 'elt',
            table = 'chart',
            column = found.column_name;
    end loop;
    return new;
end
$$;

comment on function elt.check_chart() is
    'Refuses charts of users that cannot be drawn (elt.chart_problems), with the column that is wrong.';

create trigger chart_check
before insert or update on elt.chart
for each row
execute function elt.check_chart();

create trigger chart_note_change
after insert or update or delete on elt.chart
for each row
execute function elt.note_change('chart');

insert into elt.admin_table (
    table_name, place, may_add, may_change, may_delete, list_columns, filter_columns, title_column, order_by
)
values (
    'elt.chart', 103, true, true, true, '{chart,title,relation,kind,place}', '{kind}', 'title', 'place'
);
