-- reads:    nothing
-- used by:  core queries
-- careful:  no `set search_path`, since that would keep it from being inlined into the query. PostgreSQL 15 cannot try
--           a cast, so the calendar is checked here. Most values are not on the last days of a month or on 29 February
--           and need no regular expression
create or replace function elt.date_value(value text)
returns date
language sql
immutable
parallel safe
as $$
    select case
        when
            octet_length(value) = 10
            and translate(value, '0123456789', '') = '--'
            and substr(value, 5, 1) = '-'
            and substr(value, 8, 1) = '-'
            and left(value, 4) <> '0000'
            and substr(value, 6, 2) between '01' and '12'
            and (
                right(value, 2) between '01' and '28'
                or (right(value, 2) in ('29', '30') and substr(value, 6, 2) <> '02')
                or (
                    right(value, 2) = '31'
                    and substr(value, 6, 2) in ('01', '03', '05', '07', '08', '10', '12')
                )
            )
            then make_date(
                left(value, 4)::integer, substr(value, 6, 2)::integer, right(value, 2)::integer
            )
        when
            btrim(value, E' \t\n\r\f\x0B')
            !~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
            then null
        when left(btrim(value, E' \t\n\r\f\x0B'), 4) = '0000'
            then null
        when
            right(btrim(value, E' \t\n\r\f\x0B'), 2)::integer
            <= case substr(btrim(value, E' \t\n\r\f\x0B'), 6, 2)
                when '02' then
                    case
                        when left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer % 400 = 0 then 29
                        when left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer % 100 = 0 then 28
                        when left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer % 4 = 0 then 29
                        else 28
                    end
                when '04' then 30
                when '06' then 30
                when '09' then 30
                when '11' then 30
                else 31
            end
            then make_date(
                left(btrim(value, E' \t\n\r\f\x0B'), 4)::integer,
                substr(btrim(value, E' \t\n\r\f\x0B'), 6, 2)::integer,
                right(btrim(value, E' \t\n\r\f\x0B'), 2)::integer
            )
    end
$$;

comment on function elt.date_value(text) is
    'Reads a date: YYYY-MM-DD of a day that exists. White space around it is allowed. Null for anything else.';
