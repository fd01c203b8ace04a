-- what:   create the schemas staging, core, quality and elt
-- why:    the schema of a relation says its layer (sql/README.md)
-- locks:  none on existing tables
-- time:   instant
-- undo:   drop the four schemas (loses everything in them; load the sources again)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create schema if not exists elt;
comment on schema elt is
    'Bookkeeping of elt: sources, loads, rejected rows, versions of views. Start with elt.source_status.';

create schema if not exists staging;
comment on schema staging is
    'Rows as they came from the sources, one partition a load, every value as text or as a JSON document. May hold personal data: not for readers.';

create schema if not exists core;
comment on schema core is
    'Typed tables that each publish brings to what the live loads say, and the core queries (incoming_...) that say it.';

create schema if not exists quality;
comment on schema quality is
    'One view per rule; its rows are violations. elt check runs them all.';
