-- what:   let the bars of the chart of utilization lead to the appointments of their month
-- why:    a number that looks odd is explained by its rows
-- locks:  none on other tables
-- time:   instant; one row
-- undo:   set both columns to null again
set local lock_timeout = '2s';
set local statement_timeout = '30s';

update elt.chart
set rows_relation = 'public.valid_appointments', rows_column = 'appointment_date'
where chart.chart = 'utilization';
