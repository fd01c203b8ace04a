//! How a text becomes an integer or a date: against PostgreSQL's own casts, where both agree on what
//! a value is, and against a list where they do not.

use crate::support::Database;

#[test]
fn a_date_is_a_day_that_exists_and_nothing_else() {
    let database = Database::new();
    database.run(
        "create function public.try_date(value text) returns date language plpgsql as \
         $$begin return value::date; exception when others then return null; end$$",
    );
    // Every form of a date, with days and months that exist and that do not.
    let differences = database.number(
        "select count(*) from unnest(array[0, 1, 4, 100, 400, 1900, 2000, 2023, 2024, 9999]) as year, \
         generate_series(0, 13) as month, generate_series(0, 32) as day, \
         lateral (select format('%s-%s-%s', lpad(year::text, 4, '0'), lpad(month::text, 2, '0'), \
         lpad(day::text, 2, '0')) as value) as written, \
         unnest(array[value, ' ' || value || E'\\t\\x0B']) as padded \
         where elt.date_value(padded) is distinct from public.try_date(value)",
    );
    assert_eq!(differences, 0);
    let accepted = database.text(
        "select coalesce(string_agg(value, ', '), '') from unnest(array['infinity', 'yesterday', \
         '20210105', '2021-1-5', '2021-01-5', '21-01-05', '2021-01-05 00:00', '2021/01/05', \
         '2021-01-05x', '+2021-01-05', '', ' ', '２０２１-01-05', '2021-01-05 BC', '-021-01-05', \
         '2021--1-05', '--20210105', '2021-010-5']) as value \
         where elt.date_value(value) is not null",
    );
    assert_eq!(accepted, "");
}

#[test]
fn an_integer_is_digits_with_a_sign_at_most() {
    let database = Database::new();
    let read = database.text(
        "select string_agg(coalesce(elt.bigint_value(value)::text, '-'), ' ' order by place) \
         from unnest(array['7', '007', '+7', '-7', ' 7', E'7\\x0B\\f\\r\\n', '999999999999999999', \
         '-999999999999999999', '1000000000000000000', '0', '-0', '', ' ', '+', '7.0', '1e3', '0x7', \
         '7 7', '７', E'7\\u00a0', 'v7v', '7_000', null]) with ordinality as listed (value, place)",
    );
    assert_eq!(
        read,
        "7 7 7 -7 7 7 999999999999999999 -999999999999999999 - 0 0 - - - - - - - - - - - -"
    );
    let narrow = database.text(
        "select string_agg(coalesce(elt.integer_value(value)::text, '-'), ' ' order by place) \
         from unnest(array['2147483647', '2147483648', '-2147483648', '-2147483649']) \
         with ordinality as listed (value, place)",
    );
    assert_eq!(narrow, "2147483647 - -2147483648 -");
}

#[test]
fn white_space_at_the_edges_is_ascii_and_a_v_is_a_letter() {
    let database = Database::new();
    let read = database.text(
        "select string_agg(coalesce(quote_literal(elt.text_value(value)), '-'), ' ' order by place) \
         from unnest(array[E' \\t\\n\\r\\f\\x0Bx y\\x0B\\f\\r\\n\\t ', 'v v', E'\\u00a0x', E'\\x0B', '', null]) \
         with ordinality as listed (value, place)",
    );
    assert_eq!(read, "'x y' 'v v' '\u{a0}x' - - -");
}
