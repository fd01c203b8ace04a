-- reads:    elt.date_as_iso, elt.month_as_iso
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query.
--           The first digits are the day and the first letters the month, whichever comes first
create or replace function elt.month_name_as_iso(value text)
returns text
language sql
immutable
parallel safe
as $$
    select case
        when
            lower(btrim(value, E' \t\n\r\f\x0B') collate "C") ~ (
                '^([0-9]{1,2}[-/., ]+[a-z]+|[a-z]+[-/., ]+[0-9]{1,2})'
                || '[-/., ]+([0-9]{4}|[0-9]{2})([t ,]+[0-9].*)?$'
            )
            then elt.date_as_iso(
                substring(
                    regexp_replace(
                        lower(btrim(value, E' \t\n\r\f\x0B') collate "C"),
                        '^[0-9a-z]+[-/., ]+[0-9a-z]+[-/., ]+',
                        ''
                    ),
                    '^[0-9]+'
                ),
                elt.month_as_iso(
                    substring(lower(btrim(value, E' \t\n\r\f\x0B') collate "C"), '[a-z]+')
                ),
                substring(btrim(value, E' \t\n\r\f\x0B'), '[0-9]+'),
                regexp_replace(
                    lower(btrim(value, E' \t\n\r\f\x0B') collate "C"),
                    '^[0-9a-z]+[-/., ]+[0-9a-z]+[-/., ]+[0-9]+[t ,]*',
                    ''
                )
            )
    end
$$;

comment on function elt.month_name_as_iso(text) is
    'Converts a date with an English month name, in full or as three letters, such as 5-Jan-24, 5 January 2024 or Jan 5, 2024, to ISO text. A time may follow (9:05, 9:05:30 PM). Null for any other text. Does not check that the day and the time exist.';
