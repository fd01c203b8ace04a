-- grain:    one row per document of offices.json
-- reads:    staging.offices, elt.live_load
-- fills:    public.epion_offices
-- careful:  one number instead of a list is a list of one; what is no integer is left out
create or replace view core.incoming_epion_offices as
select
    elt.integer_value(staged.payload ->> 'epion_practice_id') as epion_practice_id,
    elt.date_value(staged.payload ->> 'launched_date') as launched_date,
    elt.date_value(staged.payload ->> 'disabled_date') as disabled_date,
    case
        when staged.payload ->> 'emr_department_ids' is not null then array(
            select elt.integer_value(listed.value)
            from jsonb_array_elements_text(
                case jsonb_typeof(staged.payload -> 'emr_department_ids')
                    when 'array' then staged.payload -> 'emr_department_ids'
                    else jsonb_build_array(staged.payload -> 'emr_department_ids')
                end
            ) with ordinality as listed (value, place)
            where elt.integer_value(listed.value) is not null
            order by listed.place
        )
    end as emr_department_ids,
    elt.text_value(staged.payload ->> 'office_name') as office_name
from staging.offices as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'offices'
)
order by staged._row;

comment on view core.incoming_epion_offices is
    'What the live load says that public.epion_offices holds.';
