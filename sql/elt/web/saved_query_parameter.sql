-- grain:    one row per parameter of a saved query
-- reads:    elt.saved_query
-- used by:  elt serve
create or replace view elt.saved_query_parameter as
select
    saved_query.saved_query,
    part.place,
    split_part(btrim(part.parameter), ' ', 1) as parameter_name,
    split_part(btrim(part.parameter), ' ', 2) as type_name
from elt.saved_query
cross join lateral string_to_table(saved_query.parameters, ',') with ordinality as part (parameter, place);

comment on view elt.saved_query_parameter is 'Parameters of the saved queries, with their types.';
comment on column elt.saved_query_parameter.saved_query is 'Name of the saved query.';
comment on column elt.saved_query_parameter.place is 'Position, from 1.';
comment on column elt.saved_query_parameter.parameter_name is 'Name, without the colon.';
comment on column elt.saved_query_parameter.type_name is 'text, bigint, numeric, date, timestamptz or boolean.';
