-- what:   create public.epion_practices and public.epion_offices
-- why:    two plain tables that people and programs query, with exactly these columns
-- locks:  none on existing tables
-- time:   instant; new tables
-- undo:   drop the two tables (loses nothing: the next load or elt migrate fills them again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- Types are the ones that users of these two tables were promised: no bigint.
create table public.epion_practices (
    practice_name text,
    -- squawk-ignore prefer-bigint-over-int
    emr_practice_id integer,
    -- squawk-ignore prefer-bigint-over-int
    epion_practice_id integer
);

comment on table public.epion_practices is
    'Child practices, one row per document of practices.json. Filled by core.incoming_epion_practices.';
comment on column public.epion_practices.practice_name is 'Name of the child practice.';
comment on column public.epion_practices.emr_practice_id is 'EMR practice that it belongs to; null when not an integer.';
comment on column public.epion_practices.epion_practice_id is 'Child practice; null when not an integer.';

create table public.epion_offices (
    -- squawk-ignore prefer-bigint-over-int
    epion_practice_id integer,
    launched_date date,
    disabled_date date,
    -- squawk-ignore prefer-bigint-over-int
    emr_department_ids integer[],
    office_name text
);

comment on table public.epion_offices is
    'Offices, one row per document of offices.json. Filled by core.incoming_epion_offices.';
comment on column public.epion_offices.epion_practice_id is 'Child practice that it belongs to; null when not an integer.';
comment on column public.epion_offices.launched_date is 'First day with Epion; null when not launched or no date.';
comment on column public.epion_offices.disabled_date is 'Last day with Epion; null when still live or no date.';
comment on column public.epion_offices.emr_department_ids is
    'Departments in the document''s order, without what is no integer; null when the document names none at all.';
comment on column public.epion_offices.office_name is 'Name of the office.';
