//! How a text becomes a number, a date and so on: compared with PostgreSQL's casts if both accept the same values, and
//! with a list if they differ.

use crate::support::Database;

/// The expression of each `value`, an element of an SQL array; `-` for null.
fn read(database: &Database, expression: &str, values: &str) -> String {
    database.text(&format!(
        "select string_agg(coalesce(({expression})::text, '-'), ' | ' order by place) \
         from unnest(array[{values}]) with ordinality as listed (value, place)"
    ))
}

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
         '1000000000000000000', '9223372036854775807', '+9223372036854775807', '9223372036854775808', \
         ' -9223372036854775808 ', '-9223372036854775809', '10000000000000000000', \
         '-' || repeat('0', 500) || '9223372036854775808', repeat('0', 500), repeat('9', 500), \
         '0', '-0', '', ' ', '+', '7.0', '1e3', '0x7', \
         '7 7', '７', E'7\\u00a0', 'v7v', '7_000', null]) with ordinality as listed (value, place)",
    );
    assert_eq!(
        read,
        "7 7 7 -7 7 7 999999999999999999 1000000000000000000 9223372036854775807 9223372036854775807 - \
         -9223372036854775808 - - -9223372036854775808 0 - 0 0 - - - - - - - - - - - -"
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

#[test]
fn a_number_has_a_point_and_an_exponent_at_most() {
    let database = Database::new();
    let numbers = "'12.50', '+3', '.5', '5.', ' -1.5 ', '1e-05', '1E+2', '1e1000', '.', 'e5', '1e', \
        '1,5', '1.2.3', 'inf', 'NaN', '0x7', '', null";
    assert_eq!(
        read(&database, "elt.numeric_value(value)", numbers),
        "12.50 | 3 | 0.5 | 5 | -1.5 | 0.00001 | 100 | - | - | - | - | - | - | - | - | - | - | -"
    );
    let lengths = "repeat('9', 100), repeat('9', 101), '.' || repeat('9', 100), \
        '.' || repeat('9', 101), repeat('9', 100) || '.' || repeat('9', 100) || 'e-999', '1e999', \
        '-1e-999', repeat('9', 200000)";
    assert_eq!(
        read(&database, "length(elt.numeric_value(value)::text)", lengths),
        "100 | - | 102 | - | 1101 | 1000 | 1002 | -"
    );
}

#[test]
fn a_double_is_a_number_within_its_range_or_infinity() {
    let database = Database::new();
    let numbers = "'12.50', '+3', '.5', '1e-05', '0.1', 'inf', '-INF', ' +Infinity ', 'infinit', \
        'NaN', '1e308', '1.7976931348623157e308', '1.7976931348623159e308', '-1e309', '1e999', \
        '5e-324', '4e-324', '-1e-999', '0e999', '0', '1_0', '', null";
    assert_eq!(
        read(&database, "elt.double_value(value)", numbers),
        "12.5 | 3 | 0.5 | 1e-05 | 0.1 | Infinity | -Infinity | Infinity | - | - | 1e+308 | \
         1.7976931348623157e+308 | - | - | - | 5e-324 | - | - | 0 | 0 | - | - | -"
    );
}

#[test]
fn a_boolean_is_a_word_or_its_first_letter() {
    let database = Database::new();
    let words = "'true', 'Yes', ' y ', 'FALSE', 'no', 'N', 't', 'f', '1', '0', 'on', '', null";
    assert_eq!(
        read(&database, "elt.boolean_value(value)", words),
        "true | true | true | false | false | false | - | - | - | - | - | - | -"
    );
}

#[test]
fn a_missing_value_is_empty_or_a_marker() {
    let database = Database::new();
    let markers = "null, '', E' \\t', 'NA', 'n/a', 'NULL', 'None', 'NaN', ' NaT ', '-', '--', '.', \
        '?', '\\N', '\\n'";
    assert_eq!(
        read(&database, "elt.is_missing(value)", markers),
        ["true"; 15].join(" | ")
    );
    let values =
        "'0', 'no', 'n', 'n.a.', '---', '..', '\\\\N', 'nil', 'N A', 'unknown', E'\\n0', '/N'";
    assert_eq!(
        read(&database, "elt.is_missing(value)", values),
        ["false"; 12].join(" | ")
    );
}

#[test]
fn an_amount_has_groups_and_a_unit() {
    let database = Database::new();
    let plain = "'1,234.56', '12 345', '(45.00)', '.5', '5.', '+3', '1e-05', '-1,234,567.8', \
        E'1\\u00a0234\\u00a0567', E'1\\u202f234', E'1\\u2009234', '1''234.5', E'1\\u2019234', \
        E'\\u22125', '- 5', '( 5 )', '007'";
    assert_eq!(
        read(&database, "elt.amount_value(value, '')", plain),
        "1234.56 | 12345 | -45.00 | 0.5 | 5 | 3 | 0.00001 | -1234567.8 | 1234567 | 1234 | 1234 | \
         1234.5 | 1234 | -5 | -5 | -5 | 7"
    );
    let odd = "'1,23.4', '12,34', '1,2345', '1234,567', ',123', '1,234 567', E'1 234\\u00a0567', \
        '1.234.567', '0,123', '1,000e3', '(5', '5)', '(-5)', '-(5)', '--5', '5-', '()', '.', '-', \
        '$5', '5 %', '5 apples', E'\\u00015', '', null";
    assert_eq!(
        read(&database, "elt.amount_value(value, '')", odd),
        ["-"; 25].join(" | ")
    );
    let dollars = "'$1,234.50', '-$5.00', '$-5.00', '($5.00)', '$(5.00)', '$ 5', '5$', '-5 $', \
        '(5 $)', '(5) $', '5', '$5$', '$$5', '-$-5', '(5 $', '€5', '5 €', 'US$5', '$5 USD', '$', \
        '5 %'";
    assert_eq!(
        read(&database, "elt.amount_value(value, '$')", dollars),
        "1234.50 | -5.00 | -5.00 | -5.00 | -5.00 | 5 | 5 | -5 | -5 | -5 | 5 | - | - | - | - | - | \
         - | - | - | - | -"
    );
    let percents = "'12.5 %', '12.5%', E'-3\\u00a0%', '(3 %)', '(3) %', '3', '% 3', '%3', '3 %%', \
        '%3%', '3 $', '%'";
    assert_eq!(
        read(&database, "elt.amount_value(value, '%')", percents),
        "12.5 | 12.5 | -3 | -3 | -3 | - | - | - | - | - | - | -"
    );
    let units = "'US$', '.', '.*', '(', '5', '', '€', null";
    assert_eq!(
        read(&database, "elt.amount_value('US$5', value)", units),
        "5 | - | - | - | - | - | - | -"
    );
    let lengths = "repeat('9', 100), repeat('9', 101), '9' || repeat(',999', 33), \
        '99' || repeat(',999', 33), '.' || repeat('9', 101), repeat('9', 200000)";
    assert_eq!(
        read(
            &database,
            "length(elt.amount_value(value, '')::text)",
            lengths
        ),
        "100 | - | 100 | - | - | -"
    );
}

#[test]
fn an_amount_may_have_a_comma_for_a_point() {
    let database = Database::new();
    let amounts = "'1.234,56', '1.000.000,01', '-5,5', '12345,6', '987,00', '1.234', '1 234,5', \
        '1''234,5', ',5', '5,', '(45,00)', '1,5e3', '1.5', '0.123', '1,234.5', '1.23,4', \
        '1.234 567', '1,2,3'";
    assert_eq!(
        read(&database, "elt.comma_amount_value(value, '')", amounts),
        "1234.56 | 1000000.01 | -5.5 | 12345.6 | 987.00 | 1234 | 1234.5 | 1234.5 | 0.5 | 5 | \
         -45.00 | 1500 | - | - | - | - | - | -"
    );
    let euros = "'370,37 €', E'370,37\\u00a0€', '€ -5', '5 $', '5,00'";
    assert_eq!(
        read(&database, "elt.comma_amount_value(value, '€')", euros),
        "370.37 | 370.37 | -5 | - | 5.00"
    );
    let others = "'3,5 %', '3,5', '5,50 Fr.'";
    assert_eq!(
        read(&database, "elt.comma_amount_value(value, '%')", others),
        "3.5 | - | -"
    );
    assert_eq!(
        read(&database, "elt.comma_amount_value(value, 'Fr.')", others),
        "- | 3.5 | 5.50"
    );
}

#[test]
fn dates_in_any_order_become_iso_text() {
    let database = Database::new();
    let dates = "'31.12.2024', '31/02/2024', '5-1-2024', ' 5/1/24 ', '1.1.69', '1.1.70', '5.1/2024', \
        '5.1.024', '005.1.2024', '5.1.20245', '5.1.', '2024-01-05', '', null";
    assert_eq!(
        read(&database, "elt.day_first_as_iso(value)", dates),
        "2024-12-31 | 2024-02-31 | 2024-01-05 | 2024-01-05 | 2069-01-01 | 1970-01-01 | - | - | - | \
         - | - | - | - | -"
    );
    assert_eq!(
        read(
            &database,
            "elt.iso_date_value(elt.day_first_as_iso(value))",
            dates
        ),
        "2024-12-31 | - | 2024-01-05 | 2024-01-05 | 2069-01-01 | 1970-01-01 | - | - | - | - | - | \
         - | - | -"
    );
    assert_eq!(
        read(
            &database,
            "elt.date_value(elt.month_first_as_iso(value))",
            dates
        ),
        "- | - | 2024-05-01 | 2024-05-01 | 2069-01-01 | 1970-01-01 | - | - | - | - | - | - | - | -"
    );
    let dates = "'2024/1/5', '2024.01.05', '2024-1-5', '2024/01/05 09:30', '2024/1/5T9:30:00.5', \
        '24/1/5', '2024/1-5', '5/1/2024'";
    assert_eq!(
        read(&database, "elt.year_first_as_iso(value)", dates),
        "2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-01-05 09:30 | 2024-01-05 09:30:00.5 | - | - | -"
    );
    let dates = "'5-Jan-24', '05 Jan 2024', '5 January 2024', 'Jan 5, 2024', 'JANUARY 5 2024', \
        '5. jan. 2024', '5/Sept/2024', 'Sep-5-70', 'Jan  5 2024', 'May 5, 2024 9:05 PM', \
        '5Jan2024', '5 Janu 2024', 'Jan 2024', '5 6 2024', '5 Jan 024', 'Mai 5, 2024', \
        'Jan Feb 2024', ''";
    assert_eq!(
        read(&database, "elt.month_name_as_iso(value)", dates),
        "2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-09-05 | \
         1970-09-05 | 2024-01-05 | 2024-05-05 21:05 | - | - | - | - | - | - | - | -"
    );
    let dates = "'20240105', '20240105093000', '20240105T093000', ' 20240105 093000 ', '20240230', \
        '202401050930', '2024010', '2024-01-05', '20240105 9:30'";
    assert_eq!(
        read(&database, "elt.compact_as_iso(value)", dates),
        "2024-01-05 | 2024-01-05 09:30:00 | 2024-01-05 09:30:00 | 2024-01-05 09:30:00 | 2024-02-30 | \
         - | - | - | -"
    );
    // Two digits of a year are read as PostgreSQL's to_date reads YY.
    let differences = database.number(
        "select count(*) \
         from generate_series(date '1970-01-01', '2069-12-31', interval '5 days') as day, \
         lateral (values \
         (elt.day_first_as_iso(to_char(day, 'DD.MM.YYYY'))), \
         (elt.day_first_as_iso(to_char(day, 'FMDD/FMMM/YY'))), \
         (elt.month_first_as_iso(to_char(day, 'MM-DD-YYYY'))), \
         (elt.month_first_as_iso(to_char(day, 'FMMM/FMDD/YY'))), \
         (elt.year_first_as_iso(to_char(day, 'YYYY/FMMM/FMDD'))), \
         (elt.month_name_as_iso(to_char(day, 'DD-Mon-YY'))), \
         (elt.month_name_as_iso(to_char(day, 'FMMonth FMDD, YYYY'))), \
         (elt.compact_as_iso(to_char(day, 'YYYYMMDD')))) as made (iso) \
         where elt.date_value(made.iso) is distinct from day::date \
         or elt.date_value(made.iso) <> to_date(to_char(day, 'YYMMDD'), 'YYMMDD')",
    );
    assert_eq!(differences, 0);
}

#[test]
fn a_time_behind_a_date_may_have_am_or_pm() {
    let database = Database::new();
    let times = "'5.1.2024 9:05', '05.01.2024 09:05:30', '5/1/2024, 9:05:30.25 PM', \
        '5/1/2024 12:05 am', '5/1/2024T12:05PM', E'5/1/2024, 3:05:00\\u202fPM', \
        '5/1/2024 13:05 PM', '5/1/2024 0:05 AM', '5/1/2024 9', '5/1/2024 9:5', '5/1/2024 9:05 XM', \
        '5/1/2024,', '5/1/2024 9:05Z', '5/1/2024 25:05'";
    assert_eq!(
        read(&database, "elt.day_first_as_iso(value)", times),
        "2024-01-05 09:05 | 2024-01-05 09:05:30 | 2024-01-05 21:05:30.25 | 2024-01-05 00:05 | \
         2024-01-05 12:05 | 2024-01-05 15:05:00 | - | - | - | - | - | - | - | 2024-01-05 25:05"
    );
    let differences = database.number(
        "select count(*) \
         from generate_series(timestamp '2024-05-01', '2024-05-02', interval '1 minute') as moment, \
         unnest(array['FMHH12:MI AM', 'HH12:MI:SSpm', 'FMHH24:MI', 'HH24:MI:SS.MS']) as pattern, \
         lateral (select to_char(moment, 'FMMM/FMDD/YYYY, ' || pattern) as value) as written \
         where elt.iso_timestamp_value(elt.month_first_as_iso(value)) is distinct from moment",
    );
    assert_eq!(differences, 0);
}

#[test]
fn a_local_timestamp_has_no_zone_and_an_instant_has_one() {
    let database = Database::new();
    let times = "'2024-01-05T10:00', ' 2024-01-05 10:00:59.999999 ', '2024-01-05 10:00:00.123456000', \
        '2024-01-05 10:00:00.1234567', '2024-02-29 00:00', '2023-02-29 00:00', '2024-04-31 00:00', \
        '0001-01-01 00:00', '0000-01-01 00:00', '2024-01-05 24:00', '2024-01-05 10:00:60', \
        '2024-01-05', '2024-01-05T10:00Z', '2024-01-05 10:00+01', '2024-1-5 10:00', 'now', '', null";
    assert_eq!(
        read(&database, "elt.local_timestamp_value(value)", times),
        "2024-01-05 10:00:00 | 2024-01-05 10:00:59.999999 | 2024-01-05 10:00:00.123456 | - | \
         2024-02-29 00:00:00 | - | - | 0001-01-01 00:00:00 | - | - | - | - | - | - | - | - | - | -"
    );
    let instants = "'2024-01-05T10:00Z', '2024-01-05 10:00:00.5z', '2024-01-05 10:00 UTC', \
        '2024-01-05T10:00+01:00', '2024-01-05T10:00+0130', '2024-01-05 10:00:00 -05', \
        '2024-01-05T10:00-00:30', '2024-01-05T10:00:00.123456000Z', '2024-01-05T10:00:00.1234567Z', \
        '2024-02-30T10:00Z', '2024-01-05T10:00', '2024-01-05T10:00+1', '2024-01-05T10:00+01:60', \
        '2024-01-05T10:00+16', '2024-01-05T10:00ZZ', '2024-01-05T10:00 CET', '2024-01-05Z', \
        '2024-01-05 -05', 'Z', '', null";
    assert_eq!(
        read(
            &database,
            "elt.instant_value(value) at time zone 'UTC'",
            instants
        ),
        "2024-01-05 10:00:00 | 2024-01-05 10:00:00.5 | 2024-01-05 10:00:00 | 2024-01-05 09:00:00 | \
         2024-01-05 08:30:00 | 2024-01-05 15:00:00 | 2024-01-05 10:30:00 | \
         2024-01-05 10:00:00.123456 | - | - | - | - | - | - | - | - | - | - | - | - | -"
    );
    // Days that exist and that do not.
    let differences = database.number(
        "select count(*) from unnest(array[0, 1, 4, 1900, 2000, 2023, 2024, 9999]) as year, \
         generate_series(0, 13) as month, generate_series(0, 32) as day, \
         lateral (select format('%s-%s-%s', lpad(year::text, 4, '0'), lpad(month::text, 2, '0'), \
         lpad(day::text, 2, '0')) as value) as written \
         where elt.local_timestamp_value(value || ' 12:30') \
         is distinct from elt.date_value(value) + time '12:30'",
    );
    assert_eq!(differences, 0);
}

#[test]
fn an_epoch_counts_from_1970_to_the_microsecond() {
    let database = Database::new();
    let seconds = "'0', '-1', '+1704448800', '1704448800.123456', '-1704448800.999999', \
        '253402300799.999999', '253402300800', '-62135596800', '-62135596800.000001', \
        '1704448800.1234567', '1704448800.', '.5', '1e9', repeat('9', 200000), '', null";
    assert_eq!(
        read(
            &database,
            "elt.epoch_seconds_value(value) at time zone 'UTC'",
            seconds
        ),
        "1970-01-01 00:00:00 | 1969-12-31 23:59:59 | 2024-01-05 10:00:00 | \
         2024-01-05 10:00:00.123456 | 1915-12-28 13:59:59.000001 | 9999-12-31 23:59:59.999999 | - | \
         0001-01-01 00:00:00 | - | - | - | - | - | - | - | -"
    );
    let milliseconds = "'0', '1704448800123', '1704448800123.456', '-1', '253402300799999.999', \
        '253402300800000', '-62135596800000', '-62135596800000.001', '1704448800123.4567', '', null";
    assert_eq!(
        read(
            &database,
            "elt.epoch_milliseconds_value(value) at time zone 'UTC'",
            milliseconds
        ),
        "1970-01-01 00:00:00 | 2024-01-05 10:00:00.123 | 2024-01-05 10:00:00.123456 | \
         1969-12-31 23:59:59.999 | 9999-12-31 23:59:59.999999 | - | 0001-01-01 00:00:00 | - | - | - | \
         -"
    );
}

/// Texts that look like values. They are read from a column, where the functions are inlined into the
/// query, and as literals, which are computed while it is planned.
#[test]
fn no_text_is_an_error() {
    let database = Database::new();
    database.run(
        r"select setseed(0.5);
        create table public.odd_text as
        with made as (
            select string_agg(pieces[1 + floor(random() * cardinality(pieces))::integer], '') as value
            from
                (
                    select array[
                        '0', '1', '2', '9', '00', '12', '24', '29', '31', '69', '1970', '2024', '.', ',',
                        '-', '+', '/', ':', '(', ')', '%', '$', '€', 'e', 'E', ' ', '  ', 'Jan', 'feb',
                        'SEPT', 'May', 'December', 'AM', 'pm', 'T', 'Z', 'UTC', 'inf', 'nan', '''', '\',
                        'x', E'\u00a0', E'\u202f', E'\u2212', E'\u2019', E'\u0001', E'\t', E'\n', '１',
                        '2024-01-05', '-02-30', '/2/30', '10:00', ':00', '.5', ',234', 'e999'
                    ] as pieces
                ) as piece,
                generate_series(1, 5000) as number,
                generate_series(0, number % 8) as place
            group by number
        ),

        long as (
            select before || repeat(digit, length) || after as value
            from
                unnest(array['', '-', '0.', '$', '(', '1e', '1/2/', '5 Jan ', '2024-01-05 10:00:00.'])
                    as before,
                unnest(array['0', '9', ',999', ' ']) as digit,
                unnest(array[16, 18, 19, 20, 100, 309]) as length,
                unnest(array['', '.5', 'e-999', ' €']) as after
        ),

        longer as (
            select before || repeat('9', 140000) as value
            from unnest(array['', '0.', '1e', '-0', '5 Jan ']) as before
        )

        select value from made
        union all
        select value from long
        union all
        select value from longer",
    );
    let names = database.text(
        "select string_agg(format('elt.%I(VALUE)', proname), ', ' order by proname) from pg_proc \
         where pronamespace = 'elt'::regnamespace and pronargs = 1 \
         and proargtypes[0] = 'text'::regtype and proname ~ '(_value|_as_iso)$|^is_missing$'",
    );
    assert_eq!(names.matches("elt.").count(), 22, "{names}");
    let moments = "elt.iso_date_value(elt.day_first_as_iso(VALUE)), \
        elt.iso_timestamp_value(elt.month_first_as_iso(VALUE)), \
        elt.iso_timestamp_value(elt.month_name_as_iso(VALUE))";
    let amounts = "(select count(row(elt.amount_value(VALUE, unit), \
        elt.comma_amount_value(VALUE, unit), elt.amount_value(unit, VALUE))::text) \
        from unnest(array['', '$', '%', '.', '(']) as unit)";
    let all = format!("row({names}, {moments}, {amounts})::text");
    let from_column = all.replace("VALUE", "odd_text.value");
    let count = database.number(&format!("select count({from_column}) from public.odd_text"));
    assert_eq!(count, 5000 + 9 * 4 * 6 * 4 + 5);
    database.run(&format!(
        "do $do$ declare odd text; begin \
         for odd in select value from public.odd_text where length(value) < 1000 \
         order by md5(value) limit 100 loop \
         execute replace($query$select {all}$query$, 'VALUE', quote_literal(odd)); \
         end loop; end $do$"
    ));
}
