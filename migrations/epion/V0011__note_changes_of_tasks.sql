-- what:   note each change of public.tasks in elt.change
-- why:    who changed a task, when and how is kept, also where it was changed in psql
-- locks:  public.tasks, against writers, for an instant
-- time:   instant
-- undo:   drop trigger tasks_note_change on public.tasks
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create trigger tasks_note_change
after insert or update or delete on public.tasks
for each row
execute function elt.note_change('task_id');
