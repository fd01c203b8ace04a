-- grain:    one row per isbn
-- reads:    staging.books, elt.live_load
-- fills:    core.books
create or replace view core.incoming_books as
select distinct on (elt.text_value(staged.isbn))
    elt.text_value(staged.isbn) as isbn,
    elt.text_value(staged.title) as title,
    staged._extra ->> 'shelf' as shelf
from staging.books as staged
where
    staged._load_id = (
        select live_load.load_id
        from elt.live_load
        where live_load.source = 'books'
    )
    and elt.text_value(staged.isbn) is not null
order by elt.text_value(staged.isbn) asc, staged._row desc;

comment on view core.incoming_books is 'What the live load says that core.books holds.';
