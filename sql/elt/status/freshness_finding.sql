-- grain:    one row per source that is late or has an unexpected number of rows
-- reads:    elt.source_freshness
-- used by:  elt.finding
create or replace view elt.freshness_finding as
select
    'source' as area,
    format('source %s: %s', source_freshness.source, source_freshness.state_in_words) as what,
    case when source_freshness.is_late then 'problem' else 'advice' end as level,
    format(
        'Expected: %s (elt.source). %s', source_freshness.expectation,
        case
            when source_freshness.is_late
                then 'Load it when the new data is there; if less is right, change elt.source.expected_every.'
            else 'Check whether the file is complete; if it is, change elt.source.expected_rows.'
        end
    ) as why,
    null::text as statement,
    case when source_freshness.is_late then array['load', source_freshness.source] end as command
from elt.source_freshness
where source_freshness.is_late or source_freshness.is_outside;

comment on view elt.freshness_finding is
    'Sources that are late, or whose load has an unexpected number of rows. Empty if there are none.';
comment on column elt.freshness_finding.area is 'source.';
comment on column elt.freshness_finding.what is 'What was found.';
comment on column elt.freshness_finding.level is 'problem (late) or advice.';
comment on column elt.freshness_finding.why is 'What is expected, and what to do.';
comment on column elt.freshness_finding.statement is 'Null: only new data corrects it.';
comment on column elt.freshness_finding.command is 'Arguments of the elt command that loads the source. Null if it is not late.';
