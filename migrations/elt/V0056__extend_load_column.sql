-- what:   add to elt.load_column whether the letters of a column have one case, and whether it is empty
-- why:    rules about the case of values and about unknown columns need not read a load that cannot violate them
-- locks:  ACCESS EXCLUSIVE on elt.load_column, for an instant
-- time:   instant; constant defaults
-- undo:   drop the three columns (rules get slower, and find the same)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

alter table elt.load_column
add column is_lowercase boolean not null default false,
add column is_uppercase boolean not null default false,
add column is_empty boolean not null default false;

comment on column elt.load_column.is_lowercase is
    'No value contains a letter in upper case or a character outside ASCII. False if this is not known.';
comment on column elt.load_column.is_uppercase is
    'No value contains a letter in lower case or a character outside ASCII. False if this is not known.';
comment on column elt.load_column.is_empty is
    'The column has no values. False if this is not known.';

-- The function has more parameters now, and only elt calls it.
-- squawk-ignore ban-drop-function
drop function if exists elt.describe_columns(bigint, text[], boolean[], boolean[], boolean[], boolean[]);
