-- what:   partition core.appointments by hash of its key
-- why:    the sessions of a large load fill and compare its partitions side by side
-- locks:  ACCESS EXCLUSIVE on core.appointments and on each view that reads it, while the rows are scanned once
-- time:   2 seconds for 4.5 million rows; instant if the table is empty
-- undo:   create a plain table of the same columns, insert the rows, rename it, and create the views again (loses
--         nothing); or drop the table, create it as in V0002 and load the source with --force
set local lock_timeout = '2s';
set local statement_timeout = '5min';

select elt.partition_table('core.appointments');
