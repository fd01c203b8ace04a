-- grain:    one row per book
-- reads:    core.books, public.loans
-- show:     after elt run
create or replace view public.loans_by_book as
select
    books.title,
    books.shelf,
    count(loans.isbn) as loan_count
from core.books
left join public.loans on books.isbn = loans.isbn
group by books.isbn, books.title, books.shelf
order by loan_count desc, books.title asc;

comment on view public.loans_by_book is 'How often each book was borrowed.';
