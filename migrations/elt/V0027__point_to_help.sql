-- what:   let the comment of schema elt name elt.help, and that of schema public say what is there
-- why:    \dn+ is what people type first
-- locks:  none on tables
-- time:   instant
-- undo:   put the old comment back
set local lock_timeout = '2s';
set local statement_timeout = '30s';

comment on schema elt is
    'Bookkeeping of elt: sources, loads, rejected rows, versions of views. Start with: table elt.help;';
