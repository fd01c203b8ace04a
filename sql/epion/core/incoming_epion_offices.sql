-- grain:    one row per document of offices.json
-- reads:    core.epion_office_rows
-- fills:    public.epion_offices
-- careful:  one number instead of a list is a list of one. Values that are not integers are left out. Null stays null
create or replace view core.incoming_epion_offices as
select
    epion_office_rows.epion_practice_id,
    epion_office_rows.launched_date,
    epion_office_rows.disabled_date,
    case
        when jsonb_typeof(epion_office_rows.emr_department_ids) <> 'null' then array(
            select elt.integer_value(listed.value)
            from jsonb_array_elements_text(
                elt.list_value(epion_office_rows.emr_department_ids)
            ) with ordinality as listed (value, place)
            where elt.integer_value(listed.value) is not null
            order by listed.place
        )
    end as emr_department_ids,
    epion_office_rows.office_name
from core.epion_office_rows
order by epion_office_rows._row;

comment on view core.incoming_epion_offices is
    'Rows that belong in public.epion_offices, from the live load.';
