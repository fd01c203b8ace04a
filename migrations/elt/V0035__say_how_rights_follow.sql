-- what:   say in the comment of elt.admin_table which function grants what is registered
-- why:    elt.grant_roles() took the place of elt.grant_web(): there are more roles than the pages' own
-- locks:  SHARE UPDATE EXCLUSIVE on elt.admin_table, for an instant: no reader and no writer waits
-- time:   instant
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '30s';

comment on table elt.admin_table is
    'Tables of the web application''s admin; the API changes the same ones. What the columns are, hold and mean is read from PostgreSQL''s catalogue. Rows of a table without a primary key are only listed. Rights follow with elt.grant_roles(), at the end of elt migrate.';
