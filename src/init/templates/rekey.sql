-- what:   identify the rows of core.{{ t.source }} by ({{ t.primary_key_list() }})
-- why:    the former key did not fit the files
-- locks:  ACCESS EXCLUSIVE on core.{{ t.source }} while its new index is built
-- time:   as long as the index takes
-- undo:   elt init --rekey with the old key
set local lock_timeout = '2s';
set local statement_timeout = '10min';

-- squawk-ignore ban-drop-constraint
alter table core.{{ t.source }} drop constraint {{ t.source }}_pkey;
{%- for name in t.old_key %}
-- squawk-ignore ban-drop-not-null
alter table core.{{ t.source }} alter column {{ name }} drop not null;
{%- endfor %}

-- The rows of core may violate the new key. If so, delete the rows of a source of mode replace: elt migrate
-- fills core again from staging.
do $$
begin
    alter table core.{{ t.source }}
    add constraint {{ t.source }}_pkey primary key ({{ t.primary_key_list() }});
exception
    when unique_violation or not_null_violation then
        if not exists (
            select 1
            from elt.source
            where source.source = '{{ t.source }}' and source.mode = 'replace'
        ) then
            raise;
        end if;
        delete from core.{{ t.source }};
        alter table core.{{ t.source }}
        add constraint {{ t.source }}_pkey primary key ({{ t.primary_key_list() }});
end
$$;
{%- if t.has_key() %}

update elt.source
set key = {{ t.key_array() }}
where source.source = '{{ t.source }}' and source.mode = 'merge';
{%- endif %}
