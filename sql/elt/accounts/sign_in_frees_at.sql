-- reads:    elt.sign_in
-- used by:  elt.begin_sign_in
-- careful:  within 15 minutes, 5 attempts may fail for one name from one network, 30 from one network, and 100 for one
--           name from all networks. The limit of 30 does not apply to a name that signed in from that network within a
--           month, so that an attacker does not lock out colleagues behind the same address
create or replace function elt.sign_in_frees_at(name text, network text)
returns timestamptz
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with failed as materialized (
        select
            sign_in.attempted_at,
            lower(sign_in.name) = lower(sign_in_frees_at.name) as is_name,
            sign_in.address = sign_in_frees_at.network as is_network
        from elt.sign_in
        where
            not sign_in.is_success
            and sign_in.device_id is null
            and sign_in.attempted_at > now() - interval '15 minutes'
            and (
                lower(sign_in.name) = lower(sign_in_frees_at.name)
                or sign_in.address = sign_in_frees_at.network
            )
    ),

    too_many as (
        (
            select failed.attempted_at
            from failed
            where failed.is_name and failed.is_network
            order by failed.attempted_at desc
            offset 4 limit 1
        )
        union all
        (
            select failed.attempted_at
            from failed
            where
                failed.is_network
                and not exists (
                    select
                    from elt.sign_in as before
                    where
                        lower(before.name) = lower(sign_in_frees_at.name)
                        and before.address = sign_in_frees_at.network
                        and before.is_success
                        and before.attempted_at > now() - interval '30 days'
                )
            order by failed.attempted_at desc
            offset 29 limit 1
        )
        union all
        (
            select failed.attempted_at
            from failed
            where failed.is_name
            order by failed.attempted_at desc
            offset 99 limit 1
        )
    )

    select max(too_many.attempted_at) + interval '15 minutes'
    from too_many
$$;

comment on function elt.sign_in_frees_at(text, text) is
    'Time until which an attempt from an unknown browser must wait after failures of its name and network. Null if it need not wait.';

revoke execute on function elt.sign_in_frees_at(text, text) from public;
