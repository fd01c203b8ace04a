-- grain:    one row per book
-- reads:    public.loans_by_book
select
    loans_by_book.title,
    loans_by_book.shelf,
    loans_by_book.loan_count
from public.loans_by_book
order by loans_by_book.title asc
