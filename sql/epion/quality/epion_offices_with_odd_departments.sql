-- grain:    one row per document
-- level:    warning
-- reads:    core.epion_office_rows
create or replace view quality.epion_offices_with_odd_departments as
with troubled as (
    select
        rows._load_id,
        rows._row,
        rows.office_name,
        rows.emr_department_ids,
        concat_ws(
            '; ',
            case
                when coalesce(jsonb_typeof(rows.emr_department_ids), 'null') = 'null'
                    then 'none at all'
                when rows.emr_department_ids = '[]' then 'an empty list'
                when jsonb_typeof(rows.emr_department_ids) <> 'array'
                    then 'one value instead of a list'
            end,
            (
                select
                    string_agg(
                        distinct
                        case
                            when jsonb_typeof(listed.value) = 'null' then 'a null in the list'
                            when elt.integer_value(listed.value #>> '{}') is null
                                then 'not an integer of 32 bits'
                            when jsonb_typeof(listed.value) = 'string'
                                then 'text instead of a number'
                        end,
                        '; '
                    )
                from jsonb_array_elements(elt.list_value(rows.emr_department_ids))
                    as listed (value)
            ),
            (
                select 'the same one twice'
                from jsonb_array_elements_text(elt.list_value(rows.emr_department_ids))
                    as listed (value)
                having
                    count(elt.integer_value(listed.value))
                    > count(distinct elt.integer_value(listed.value))
            )
        ) as trouble
    from core.epion_office_rows as rows
)

select
    troubled._load_id,
    troubled._row,
    troubled.office_name,
    troubled.trouble,
    troubled.emr_department_ids
from troubled
where troubled.trouble <> '';

comment on view quality.epion_offices_with_odd_departments is
    'Documents of epion_offices whose departments are a single value, missing, not all integers, or not all different. A single value is a list of one, and values that are not integers are left out.';
