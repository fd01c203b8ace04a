-- grain:    one row per row that a later one replaces
-- level:    warning
-- reads:    core.{{ t.source }}_rows, core.{{ t.source }}
create or replace view quality.{{ t.source }}_repeated as
select
    staged._load_id,
    staged._row,
    staged.{{ t.key_name() }}
from core.{{ t.source }}_rows as staged
inner join core.{{ t.source }} as kept
    on staged.{{ t.key_name() }} = kept.{{ t.key_name() }}
where exists (
    select 1
    from core.{{ t.source }}_rows as later
    where later.{{ t.key_name() }} = staged.{{ t.key_name() }} and later._row > staged._row
);

comment on view quality.{{ t.source }}_repeated is
    'Rows whose {{ t.key_name() }} stands in a later row too: the last row counts.';
