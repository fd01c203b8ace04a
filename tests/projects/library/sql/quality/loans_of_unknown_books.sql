-- grain:    one row per loan
-- level:    warning
-- reads:    core.books, public.loans
create or replace view quality.loans_of_unknown_books as
select
    loans.isbn,
    loans.borrowed_date
from public.loans
left join core.books on loans.isbn = books.isbn
where books.isbn is null;

comment on view quality.loans_of_unknown_books is 'Loans of books that no shelf has: not counted.';
