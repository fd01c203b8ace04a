-- grain:    one row per month: (month)
-- reads:    public.epion_utilization
select
    to_char(epion_utilization.month, 'YYYY-MM') as month,
    epion_utilization.valid_epion_appointments,
    epion_utilization.total_valid_appointments,
    epion_utilization.utilization_rate
from public.epion_utilization
order by epion_utilization.month asc
