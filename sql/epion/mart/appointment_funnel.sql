-- grain:    one row per step from the file to Epion's appointments: (step)
-- reads:    elt.live_load, elt.load, core.appointments, public.valid_appointments
-- show:     after elt run
-- careful:  repeats count only in row_count, which is what counting rows would give
create or replace view public.appointment_funnel as
with staged as (
    select load.rows_staged
    from elt.live_load
    inner join elt.load on live_load.load_id = load.load_id
    where live_load.source = 'appointments'
),

known as (
    select
        count(*) as appointment_count,
        coalesce(sum(appointments.row_count), 0)::bigint as row_count
    from core.appointments
),

valid as (
    select
        count(*) as appointment_count,
        coalesce(sum(valid_appointments.row_count), 0)::bigint as row_count,
        count(*) filter (where valid_appointments.is_epion) as epion_appointment_count,
        coalesce(
            sum(valid_appointments.row_count) filter (where valid_appointments.is_epion), 0
        )::bigint as epion_row_count
    from public.valid_appointments
)

select
    'rows' as step,
    null::bigint as appointment_count,
    staged.rows_staged as row_count
from staged
union all
select
    'appointments' as step,
    known.appointment_count,
    known.row_count
from known
union all
select
    'valid' as step,
    valid.appointment_count,
    valid.row_count
from valid
union all
select
    'Epion''s' as step,
    valid.epion_appointment_count,
    valid.epion_row_count
from valid;

comment on view public.appointment_funnel is
    'Number of appointments at each step from the file to Epion''s appointments, with and without repeats.';
comment on column public.appointment_funnel.step is
    'rows: staged rows. appointments: those with both ids. valid: the valid ones among these. Epion''s: those of Epion among the valid ones.';
comment on column public.appointment_funnel.appointment_count is
    'Appointments without repeats. Null for rows.';
comment on column public.appointment_funnel.row_count is
    'Rows, including repeats.';
