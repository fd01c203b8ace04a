-- reads:    nothing
-- used by:  elt.compare_rows, elt.count_preview
-- careful:  programs read numbers of JSON as binary floating point, which keeps neither all digits nor 1.00
create or replace function elt.exact_numbers(content jsonb)
returns jsonb
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case
        when content is null then null
        else (
            select jsonb_object_agg(
                part.key,
                case
                    when
                        jsonb_typeof(part.value) = 'number'
                        and (part.value::text ~ '[.eE]' or length(part.value::text) > 15)
                        then to_jsonb(part.value::text)
                    else part.value
                end
            )
            from jsonb_each(content) as part
        )
    end
$$;

comment on function elt.exact_numbers(jsonb) is
    'Writes the numbers of an object that have decimals or more than 15 digits as texts, so that no reader rounds them.';
