-- grain:    one row per month with a valid appointment: (month)
-- reads:    public.valid_appointments
-- used by:  export epion_utilization
-- show:     after elt run
-- careful:  appointments without a date belong to no month
create or replace view public.epion_utilization as
select
    date_trunc('month', valid_appointments.appointment_date::timestamp)::date as month,
    count(*) filter (where valid_appointments.is_epion) as valid_epion_appointments,
    count(*) as total_valid_appointments,
    round(
        count(*) filter (where valid_appointments.is_epion)::numeric / count(*), 4
    ) as utilization_rate
from public.valid_appointments
where valid_appointments.appointment_date is not null
group by date_trunc('month', valid_appointments.appointment_date::timestamp)
order by date_trunc('month', valid_appointments.appointment_date::timestamp);

comment on view public.epion_utilization is
    'Share of Epion''s appointments among the valid appointments, by month.';
comment on column public.epion_utilization.month is 'First day of the month.';
comment on column public.epion_utilization.valid_epion_appointments is
    'Valid appointments of departments that were live with Epion on the date of the appointment.';
comment on column public.epion_utilization.total_valid_appointments is 'All valid appointments of the month.';
comment on column public.epion_utilization.utilization_rate is
    'valid_epion_appointments divided by total_valid_appointments, from 0 to 1, rounded to four places.';
