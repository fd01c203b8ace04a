-- grain:    one row per loan, repeats included
-- reads:    staging.loans, elt.live_load
-- fills:    public.loans
create or replace view core.incoming_loans as
select
    elt.text_value(staged.payload ->> 'isbn') as isbn,
    elt.date_value(staged.payload ->> 'borrowed') as borrowed_date
from staging.loans as staged
where staged._load_id = (
    select live_load.load_id
    from elt.live_load
    where live_load.source = 'loans'
)
order by staged._row;

comment on view core.incoming_loans is 'What the live load says that public.loans holds.';
