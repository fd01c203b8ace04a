-- what:   insert the charts of the web application's first page
-- why:    utilization by month, and the way from rows to Epion's appointments, are what people look for
-- locks:  none on existing tables
-- time:   instant; two rows
-- undo:   delete both rows
set local lock_timeout = '2s';
set local statement_timeout = '30s';

insert into elt.chart (
    chart, place, kind, title, relation, label_column, value_column, part_column, rate_column, unit, part_name
)
values
(
    'utilization', 1, 'columns', 'Utilization by month', 'public.epion_utilization', 'month',
    'total_valid_appointments', 'valid_epion_appointments', 'utilization_rate', 'valid appointments', 'Epion''s'
),
(
    'funnel', 2, 'bars', 'From rows to Epion''s appointments', 'public.appointment_funnel', 'step',
    'row_count', 'appointment_count', null, 'rows', 'each counted once'
);
