-- grain:    one row per chart and wrong column
-- reads:    elt.chart, elt.chart_problems
-- used by:  elt serve
-- careful:  a table with another alias, because the name of the table is that of a column too
create or replace view elt.chart_problem as
select
    registered.chart,
    problem.place,
    problem.column_name,
    problem.problem
from elt.chart as registered
cross join lateral elt.chart_problems(registered) as problem;

comment on view elt.chart_problem is
    'Charts that cannot be drawn, because their view or a column does not exist, or has no numbers.';
comment on column elt.chart_problem.chart is 'Name of the chart.';
comment on column elt.chart_problem.place is 'Position: the first problem explains the others.';
comment on column elt.chart_problem.column_name is 'Column of elt.chart that is wrong.';
comment on column elt.chart_problem.problem is 'What is wrong, and what to do. A sentence.';
