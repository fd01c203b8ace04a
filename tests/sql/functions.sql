-- What holds for all functions of the engine, and when schedules are due.
begin;
select plan(36);

-- These stand in core queries, and PostgreSQL inlines only functions without settings (sql/README.md).
select is_empty(
    $$select oid::regprocedure from pg_catalog.pg_proc
    where
        pronamespace = 'elt'::regnamespace and prokind = 'f'
        and not coalesce('search_path=pg_catalog, pg_temp' = any(proconfig), false)
        and proname !~ '_(value|as_iso)$' and proname not in ('is_same', 'is_missing')$$,
    'in all others names are what they mean there, whoever calls (sql/README.md)'
);
select is_empty(
    $$select oid::regprocedure from pg_catalog.pg_proc
    where pronamespace = 'elt'::regnamespace and prosecdef
        and has_function_privilege('public', oid, 'execute')$$,
    'no function that has its owner''s rights is everybody''s'
);
select is_empty(
    $$select relation_name from elt.relation
    where schema_name = 'elt' and relation_name in ('account', 'session', 'api_token', 'sign_in', 'sent_form', 'audit')$$,
    'what is secret is no relation to look at'
);
select is(
    has_table_privilege('elt_web', 'elt.account', 'select'), false, 'pages do not read accounts'
);
select is_empty(
    $$select role_name from elt.role_right
    where
        schema_name = 'elt' and privilege <> 'execute' and privilege <> 'usage'
        and case when only_names = '{}' then 'audit' <> all(but_names) else 'audit' = any(only_names) end$$,
    'only the owner reads and writes the audit'
);
select set_eq(
    $$select distinct role_name from elt.role_right where 'note_audit' = any(only_names)$$,
    array['elt_load', 'elt_web'], 'loads and pages record what they do'
);
select is_empty(
    $$select oid::regprocedure from pg_catalog.pg_proc
    where
        pronamespace = 'elt'::regnamespace and prosecdef and has_function_privilege('elt_web', oid, 'execute')
        and proname ~ '^(admin|list|end|new)_' and proargnames[1] <> 'token_sha256'$$,
    'who manages accounts names a session'
);
select is(
    has_table_privilege('elt_web', 'elt.job', 'insert'), false, 'pages enqueue by the function only'
);
select has_view('elt'::name, 'metric'::name, 'there is something to measure');
select is_empty(
    $$select metric from elt.metric where metric !~ '^elt_[a-z_]+$' or description !~ '\.$'$$,
    'metrics are named and described alike'
);

select is(elt.violation_limit('20', 31, 5), 20::bigint, 'a limit may be a number');
select is(elt.violation_limit('110% of before', 31, 15), 16::bigint, 'a share is rounded down, so that no violation more is allowed');
select is(elt.violation_limit('110% of before', 31, null), null, 'a share of no publish limits nothing');
select is(elt.violation_limit('99.5% of elt.dictionary', 0, 5), null, 'a relation is not counted without violations');
select is(
    elt.violation_limit('200% of elt.source', 1, null),
    (
        select 2 * count(*)
        from elt.source
    ),
    'a share of a relation is one of all its rows'
);
select is(
    elt.violation_limit('999999999999999% of before', 1, 9223372036854775807), 9223372036854775807,
    'a share larger than all numbers is the largest'
);
select throws_like(
    $$select elt.violation_limit('1% of core.nowhere', 1, null)$$, '%no table or view "core.nowhere"%',
    'a relation that was dropped is an error'
);
select is(
    array[
        elt.effective_level(null, 21, 20), elt.effective_level(null, 20, 20), elt.effective_level(null, 21, null)
    ],
    array['error', 'warning', 'warning'], 'more violations than the limit are an error'
);
select is(
    array[elt.effective_level('error', 0, null), elt.effective_level('warning', 9, null)],
    array['error', 'warning'], 'without a limit, the header decides'
);

select is(
    elt.next_run('30 2 * * *', 'America/New_York', '2026-03-07 12:00Z'), '2026-03-08 07:00Z'::timestamptz,
    'a time that summer time skips comes right after the change'
);
select is(
    elt.next_run('30 1 * * *', 'America/New_York', '2026-11-01 05:00Z'), '2026-11-01 05:30Z'::timestamptz,
    'a time that comes twice comes the first time'
);
select is(
    elt.next_run('30 1 * * *', 'America/New_York', '2026-11-01 05:30Z'), '2026-11-02 06:30Z'::timestamptz,
    'and not the second time'
);
select is(
    elt.next_run('30 * * * *', 'America/New_York', '2026-11-01 05:30Z'), '2026-11-01 06:30Z'::timestamptz,
    'an interval runs in both of the hours'
);
select is(
    elt.next_run('0 9 * jan,DEC Mon-fri', 'UTC', '2026-11-14'), '2026-12-01 09:00Z'::timestamptz,
    'months and days have names'
);
select is(elt.next_run('@weekly', 'UTC', '2026-11-14'), '2026-11-15 00:00Z'::timestamptz, 'some schedules have one');
select throws_like(
    $$select elt.next_run('@reboot', 'UTC', now())$$, 'schedule "@reboot" has no time', 'a start is no time'
);
select is(
    elt.next_run('0 0 29 2 *', 'UTC', '2026-01-01'), '2028-02-29 00:00Z'::timestamptz, 'leap years are waited for'
);
select is(elt.next_run('0 0 31 2 *', 'UTC', '2026-01-01'), null, 'what never comes never comes');
select is(
    elt.next_run('*/15 9-17 * * 1-5', 'UTC', '2026-11-27 17:45Z'), '2026-11-30 09:00Z'::timestamptz,
    'steps, ranges and days of the week'
);
select is(
    elt.next_run('0 0 13 * 5', 'UTC', '2026-11-14'), '2026-11-20 00:00Z'::timestamptz,
    'of two kinds of days either is enough'
);
select throws_ok($$select elt.next_run('* * * *', 'UTC', now())$$, '22023', null, 'five fields');
select throws_ok($$select elt.next_run('* * * * *', 'Nowhere/At_All', now())$$, '22023', null, 'zones are known');
select set_eq(
    $$select elt.upstream('quality.rows_rejected'::regclass)::text$$, array['elt.load', 'elt.reject'],
    'what a view reads is known'
);

select ok(not elt.condition_holds(null), 'a rule without a condition runs');
select ok(not elt.condition_holds('orders.id'), 'a condition that cannot be read does not hold');
select ok(
    not elt.condition_holds('orders.id is integer and orders.id is complete'),
    'a condition on a source without a load does not hold'
);

select * from finish();
rollback;
