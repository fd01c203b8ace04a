-- grain:    one row per document of practices.json
-- reads:    core.epion_practice_rows
-- fills:    public.epion_practices
create or replace view core.incoming_epion_practices as
select
    epion_practice_rows.practice_name,
    epion_practice_rows.emr_practice_id,
    epion_practice_rows.epion_practice_id
from core.epion_practice_rows
order by epion_practice_rows._row;

comment on view core.incoming_epion_practices is
    'Rows that belong in public.epion_practices, from the live load.';
