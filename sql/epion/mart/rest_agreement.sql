-- grain:    one row
-- reads:    core.appointment_differences, elt.live_load, elt.load
-- used by:  users who compare the API with the file
create or replace view public.rest_agreement as
with live as (
    select
        live_load.source,
        load.rows_staged
    from elt.live_load
    inner join elt.load on live_load.load_id = load.load_id
),

counted as (
    select
        (
            select live.rows_staged from live
            where live.source = 'appointments'
        ) as file_row_count,
        (
            select live.rows_staged from live
            where live.source = 'rest_appointments'
        ) as rest_row_count,
        (select count(*) from core.appointment_differences) as difference_count
)

select
    counted.file_row_count,
    counted.rest_row_count,
    counted.difference_count,
    case
        when counted.file_row_count is not null and counted.rest_row_count is not null
            then counted.difference_count = 0
    end as is_agreed
from counted;

comment on view public.rest_agreement is
    'Whether the REST API returns the same rows as the file of appointments. quality.appointments_unlike_rest lists the differences.';
comment on column public.rest_agreement.file_row_count is 'Rows of the live file. Null if none was loaded.';
comment on column public.rest_agreement.rest_row_count is 'Live records of the API. Null if it was never loaded.';
comment on column public.rest_agreement.difference_count is
    'Number of differences. Two rows for the same appointment are one difference.';
comment on column public.rest_agreement.is_agreed is
    'True if both have the same rows, each equally often, in any order. Null if one was never loaded.';
