-- reads:    elt.account, elt.sign_in
-- used by:  elt serve
-- careful:  the attempt is noted as failed before the password is looked at, so that many at once count
--           as well. Names that there are not wait and answer like others
create or replace function elt.begin_sign_in(name text, address text)
returns table (sign_in_id bigint, wait_seconds bigint, account_id bigint, password_hash text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    given constant text := left(begin_sign_in.name, 150);
    since constant timestamptz := now() - interval '15 minutes';
    frees_at timestamptz;
begin
    -- One at a time for each name.
    perform pg_advisory_xact_lock(6646904, hashtext(lower(given)));
    select max(too_many.attempted_at + interval '15 minutes') into frees_at
    from (
        select
            sign_in.attempted_at,
            row_number() over (
                partition by lower(sign_in.name) = lower(given), sign_in.address = begin_sign_in.address
                order by sign_in.attempted_at desc
            ) as place,
            lower(sign_in.name) = lower(given) as is_name,
            sign_in.address = begin_sign_in.address as is_address
        from elt.sign_in
        where
            not sign_in.is_success
            and sign_in.attempted_at > since
            and (lower(sign_in.name) = lower(given) or sign_in.address = begin_sign_in.address)
    ) as too_many
    where
        -- Of one name from one address 5, of one address with other names 30, of one name from
        -- elsewhere 100: nobody locks a stranger out with a few.
        too_many.place = case
            when too_many.is_name and too_many.is_address then 5
            when too_many.is_address then 30
            else 100
        end;
    if frees_at > now() then
        wait_seconds := ceil(extract(epoch from frees_at - now()));
        return next;
        return;
    end if;
    wait_seconds := 0;
    insert into elt.sign_in (name, address, is_success)
    values (given, begin_sign_in.address, false)
    returning sign_in.sign_in_id into begin_sign_in.sign_in_id;
    select
        account.account_id,
        account.password_hash
    into begin_sign_in.account_id, begin_sign_in.password_hash
    from elt.account
    where lower(account.name) = lower(given) and account.disabled_at is null;
    return next;
end
$$;

comment on function elt.begin_sign_in(text, text) is
    'An attempt to sign in: how many seconds it has to wait, or 0 and what the password is checked against. Null for both if there is no such account.';

revoke execute on function elt.begin_sign_in(text, text) from public;
