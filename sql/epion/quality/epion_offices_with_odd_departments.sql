-- grain:    one row per document
-- level:    warning
-- reads:    staging.offices, elt.live_load
create or replace view quality.epion_offices_with_odd_departments as
select
    staged._load_id,
    staged._row,
    staged.payload ->> 'office_name' as office_name,
    staged.payload -> 'emr_department_ids' as emr_department_ids
from staging.offices as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'offices'
    )
    and (
        jsonb_typeof(staged.payload -> 'emr_department_ids') is distinct from 'array'
        or staged.payload -> 'emr_department_ids' = '[]'
        or exists (
            select 1
            from jsonb_array_elements(
                case jsonb_typeof(staged.payload -> 'emr_department_ids')
                    when 'array' then staged.payload -> 'emr_department_ids'
                end
            ) as listed (value)
            where
                jsonb_typeof(listed.value) <> 'number'
                or elt.integer_value(listed.value #>> '{}') is null
        )
    );

comment on view quality.epion_offices_with_odd_departments is
    'Documents of epion_offices whose departments are one value, none, or not all integers: one value is a list of one, the rest is left out.';
