-- grain:    one row per row that the file and the API do not contain equally often. A row of the file and a row of the
--           API for the same appointment are one difference
-- reads:    core.appointment_rows, core.rest_appointment_rows, elt.live_load
-- used by:  public.rest_agreement, quality.appointments_unlike_rest
-- careful:  nothing is compared, and no row is read, until both sources have been loaded. Values are equal if they are
--           read as the same value: 007 is 7, and white space at the edges is ignored
create or replace view core.appointment_differences as
-- The rows of both sides with the same columns.
with all_rows as (
    select
        'file' as side,
        appointment_rows._load_id,
        appointment_rows._row,
        coalesce(
            appointment_rows.emr_practice_id::text, appointment_rows.emr_practice_text
        ) as emr_practice_id,
        coalesce(
            appointment_rows.emr_appointment_id::text, appointment_rows.emr_appointment_text
        ) as emr_appointment_id,
        coalesce(
            appointment_rows.emr_provider_id::text, appointment_rows.emr_provider_text
        ) as emr_provider_id,
        coalesce(
            appointment_rows.emr_department_id::text, appointment_rows.emr_department_text
        ) as emr_department_id,
        appointment_rows.appointment_status,
        appointment_rows.encounter_state,
        appointment_rows.encounter_status,
        appointment_rows.appointment_date_text as appointment_date
    from core.appointment_rows
    where exists (
        select 1 from elt.live_load
        where live_load.source = 'rest_appointments'
    )
    union all
    select
        'rest' as side,
        rest_appointment_rows._load_id,
        rest_appointment_rows._row,
        coalesce(
            elt.bigint_value(rest_appointment_rows.emr_practice_id)::text,
            elt.text_value(rest_appointment_rows.emr_practice_id)
        ) as emr_practice_id,
        coalesce(
            elt.bigint_value(rest_appointment_rows.emr_appointment_id)::text,
            elt.text_value(rest_appointment_rows.emr_appointment_id)
        ) as emr_appointment_id,
        coalesce(
            elt.bigint_value(rest_appointment_rows.emr_provider_id)::text,
            elt.text_value(rest_appointment_rows.emr_provider_id)
        ) as emr_provider_id,
        coalesce(
            elt.bigint_value(rest_appointment_rows.emr_department_id)::text,
            elt.text_value(rest_appointment_rows.emr_department_id)
        ) as emr_department_id,
        elt.text_value(rest_appointment_rows.appointment_status) as appointment_status,
        elt.text_value(rest_appointment_rows.encounter_state) as encounter_state,
        elt.text_value(rest_appointment_rows.encounter_status) as encounter_status,
        elt.text_value(rest_appointment_rows.appointment_date) as appointment_date
    from core.rest_appointment_rows
    where exists (
        select 1 from elt.live_load
        where live_load.source = 'appointments'
    )
),

-- Rows that both contain equally often agree, in any order.
unequal as (
    select
        all_rows.emr_practice_id,
        all_rows.emr_appointment_id,
        all_rows.emr_provider_id,
        all_rows.emr_department_id,
        all_rows.appointment_status,
        all_rows.encounter_state,
        all_rows.encounter_status,
        all_rows.appointment_date,
        count(*) filter (where all_rows.side = 'file') as file_count,
        count(*) filter (where all_rows.side = 'rest') as rest_count,
        max(all_rows._load_id) filter (where all_rows.side = 'file') as file_load_id,
        min(all_rows._row) filter (where all_rows.side = 'file') as file_row,
        max(all_rows._load_id) filter (where all_rows.side = 'rest') as rest_load_id,
        min(all_rows._row) filter (where all_rows.side = 'rest') as rest_row
    from all_rows
    group by
        all_rows.emr_practice_id,
        all_rows.emr_appointment_id,
        all_rows.emr_provider_id,
        all_rows.emr_department_id,
        all_rows.appointment_status,
        all_rows.encounter_state,
        all_rows.encounter_status,
        all_rows.appointment_date
    having
        count(*) filter (where all_rows.side = 'file')
        <> count(*) filter (where all_rows.side = 'rest')
),

-- The first row of an appointment on one side is compared with its first row on the other, and so on.
numbered as (
    select
        unequal.*,
        unequal.file_count > unequal.rest_count as is_of_file,
        row_number() over (
            partition by
                unequal.file_count > unequal.rest_count,
                unequal.emr_practice_id,
                unequal.emr_appointment_id
            order by
                case
                    when unequal.file_count > unequal.rest_count then unequal.file_row
                    else unequal.rest_row
                end
        ) as place
    from unequal
),

of_file as (
    select numbered.* from numbered
    where numbered.is_of_file
),

of_rest as (
    select numbered.* from numbered
    where not numbered.is_of_file
)

select
    coalesce(of_file.emr_practice_id, of_rest.emr_practice_id) as emr_practice_id,
    coalesce(of_file.emr_appointment_id, of_rest.emr_appointment_id) as emr_appointment_id,
    case
        when of_file.place is not null and of_rest.place is not null then (
            select
                string_agg(
                    format(
                        '%s: %s in the file, %s from the API',
                        compared.name,
                        coalesce(compared.file_value, 'nothing'),
                        coalesce(compared.rest_value, 'nothing')
                    ),
                    '; ' order by compared.place
                )
            from (
                values
                (1, 'emr_provider_id', of_file.emr_provider_id, of_rest.emr_provider_id),
                (2, 'emr_department_id', of_file.emr_department_id, of_rest.emr_department_id),
                (3, 'appointment_status', of_file.appointment_status, of_rest.appointment_status),
                (4, 'encounter_state', of_file.encounter_state, of_rest.encounter_state),
                (5, 'encounter_status', of_file.encounter_status, of_rest.encounter_status),
                (6, 'appointment_date', of_file.appointment_date, of_rest.appointment_date)
            ) as compared (place, name, file_value, rest_value)
            where compared.file_value is distinct from compared.rest_value
        )
        when coalesce(of_file.rest_count, of_rest.rest_count) = 0 then 'only in the file'
        when coalesce(of_file.file_count, of_rest.file_count) = 0 then 'only from the API'
        else format(
            '%s times in the file, %s times from the API',
            coalesce(of_file.file_count, of_rest.file_count),
            coalesce(of_file.rest_count, of_rest.rest_count)
        )
    end as difference,
    coalesce(of_file.file_count - of_file.rest_count, 0) as file_surplus_count,
    coalesce(of_rest.rest_count - of_rest.file_count, 0) as rest_surplus_count,
    coalesce(of_file.file_load_id, of_rest.file_load_id) as file_load_id,
    coalesce(of_file.file_row, of_rest.file_row) as file_row,
    coalesce(of_rest.rest_load_id, of_file.rest_load_id) as rest_load_id,
    coalesce(of_rest.rest_row, of_file.rest_row) as rest_row
from of_file
full join of_rest
    on
        of_file.emr_practice_id = of_rest.emr_practice_id
        and of_file.emr_appointment_id = of_rest.emr_appointment_id
        and of_file.place = of_rest.place;

comment on view core.appointment_differences is
    'Differences between the file of appointments and the REST API: the appointment, what differs, and the first such row on each side. Empty if all rows agree, in any order, or if one source was never loaded.';
comment on column core.appointment_differences.difference is
    'What differs: values of columns, or the number of times that the row appears.';
comment on column core.appointment_differences.file_surplus_count is
    'How many more times the row appears in the file than in the API.';
comment on column core.appointment_differences.rest_surplus_count is
    'How many more times the row appears in the API than in the file.';
comment on column core.appointment_differences.file_row is
    'First such row of the file. Null if it has none. elt.origin(file_load_id, file_row) returns its line.';
comment on column core.appointment_differences.rest_row is
    'First such record of the API, counted over all pages. Null if it has none.';
