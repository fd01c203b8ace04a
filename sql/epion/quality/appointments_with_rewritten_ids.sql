-- grain:    one row per staged row
-- level:    warning
-- reads:    core.appointment_records
-- careful:  an integer written differently from its printed form begins with white space, a sign or a zero, all of
--           which are bytes below 1. This cheap test comes first, because most values begin with another digit
create or replace view quality.appointments_with_rewritten_ids as
select
    records._load_id,
    records._row,
    elt.text_value(records.emr_practice_id) as emr_practice_text,
    elt.text_value(records.emr_appointment_id) as emr_appointment_text,
    elt.text_value(records.emr_provider_id) as emr_provider_text,
    elt.text_value(records.emr_department_id) as emr_department_text
from core.appointment_records as records
where
    not (
        select
            elt.column_is('appointments', 'emr_practice_id', 'integer')
            and elt.column_is('appointments', 'emr_appointment_id', 'integer')
            and elt.column_is('appointments', 'emr_provider_id', 'integer')
            and elt.column_is('appointments', 'emr_department_id', 'integer')
    )
    and (
        (
            text_pattern_lt(records.emr_practice_id, '1')
            and elt.bigint_value(records.emr_practice_id)::text
            <> elt.text_value(records.emr_practice_id)
        )
        or (
            text_pattern_lt(records.emr_appointment_id, '1')
            and elt.bigint_value(records.emr_appointment_id)::text
            <> elt.text_value(records.emr_appointment_id)
        )
        or (
            text_pattern_lt(records.emr_provider_id, '1')
            and elt.bigint_value(records.emr_provider_id)::text
            <> elt.text_value(records.emr_provider_id)
        )
        or (
            text_pattern_lt(records.emr_department_id, '1')
            and elt.bigint_value(records.emr_department_id)::text
            <> elt.text_value(records.emr_department_id)
        )
    );

comment on view quality.appointments_with_rewritten_ids is
    'Rows with an id that is written with leading zeros or a plus sign, such as 007. It is read, compared and printed as the integer.';
