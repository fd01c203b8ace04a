-- what:   insert the four file sources
-- why:    elt load reads what stands in elt.source
-- locks:  none on existing tables
-- time:   instant; four rows
-- undo:   delete from elt.source where source in (...), once their loads are purged
set local lock_timeout = '2s';
set local statement_timeout = '30s';

insert into elt.source (source, format, file, mode, description)
values
(
    'appointments', 'csv', 'lab1_appointments.csv', 'replace',
    'Appointments of all departments, from the EMRs.'
),
(
    'office_settings', 'json', 'lab1_epion_office_settings.json', 'replace',
    'Offices, their departments, and since when and until when they use Epion.'
),
(
    'practices', 'json', 'practices.json', 'replace',
    'Child practices, for table epion_practices.'
),
(
    'offices', 'json', 'offices.json', 'replace',
    'Offices, for table epion_offices.'
);
