-- what:   add the kinds of jobs publish and discard, and their arguments
-- why:    people decide about held loads in the web application, and a worker does what they decided
-- locks:  none that others notice
-- time:   instant
-- undo:   delete the jobs of both kinds, and then the kinds
set local lock_timeout = '2s';
set local statement_timeout = '30s';

insert into elt.job_kind (kind, function_name, max_attempts, time_limit, description, web_role)
values
('publish', null, 5, '6 hours', 'Makes held loads live together, and runs the rules.', 'operator'),
('discard', null, 5, '1 hour', 'Gives up held loads.', 'operator');

insert into elt.job_argument (
    kind, argument, place, type, is_list, is_required, choice_table, choice_column, default_value, description
)
values
(
    'publish', 'load_ids', 1, 'integer', true, true, 'elt.held_load', 'load_id', null,
    'Numbers of the held loads. They become live together.'
),
(
    'publish', 'force', 2, 'boolean', false, false, null, null, 'false',
    'Whether a load is published although a newer one is live, whose rows it replaces.'
),
(
    'discard', 'load_ids', 1, 'integer', true, true, 'elt.held_load', 'load_id', null, 'Numbers of the held loads.'
);
