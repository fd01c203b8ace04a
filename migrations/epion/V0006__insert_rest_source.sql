-- what:   insert the REST source
-- why:    elt load rest_appointments reads what stands in elt.source and elt.rest_source
-- locks:  none on existing tables
-- time:   instant; two rows
-- undo:   delete both rows, once the source's loads are purged
set local lock_timeout = '2s';
set local statement_timeout = '30s';

insert into elt.source (source, format, mode, description)
values (
    'rest_appointments', 'rest', 'replace',
    'The same appointments from the REST API, to hold against the file.'
);

insert into elt.rest_source (source, path, sign_in_path)
values ('rest_appointments', '/appointments/', '/api-token-auth');
