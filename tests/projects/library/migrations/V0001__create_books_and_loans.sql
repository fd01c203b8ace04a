-- what:   create the tables of a small library, and its two sources
-- why:    a project of another domain: nothing in the program knows what it loads
-- locks:  none on existing tables
-- time:   instant; new tables
-- undo:   drop the tables (loses loaded rows; load them again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table staging.books (
    _load_id bigint not null,
    _row bigint not null,
    isbn text,
    title text,
    _extra jsonb
) partition by list (_load_id);

create table staging.loans (
    _load_id bigint not null,
    _row bigint not null,
    payload jsonb
) partition by list (_load_id);

create table core.books (
    isbn text not null,
    title text,
    shelf text,
    constraint books_pkey primary key (isbn)
);

create table public.loans (
    isbn text,
    borrowed_date date
);

insert into elt.source (source, format, file, keep_loads, description)
values
('books', 'csv', 'books.csv', 1, 'What stands on the shelves.'),
('loans', 'json', 'loans.ndjson', 2, 'What was borrowed, one loan a line.');
