-- reads:    elt.load, elt.reject
-- used by:  elt load
-- careful:  loads of the batch that are not named were not read, or are loaded alone afterwards: their records are
--           deleted. Runs with its owner's rights, because the role that loads may not delete records
create or replace function elt.close_batch(batch_load_id bigint, files jsonb)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update elt.load
    set
        state = case when file.error is null then 'staged' else 'failed' end,
        staged_at = case when file.error is null then now() end,
        finished_at = case when file.error is not null then now() end,
        error = file.error,
        rows_read = file.rows_read,
        rows_staged = file.rows_staged,
        rows_rejected = case
            when file.error is null
                then (
                    select count(*)
                    from elt.reject
                    where reject.load_id = file.load_id
                )
        end,
        size_bytes = file.size_bytes,
        sha256 = file.sha256,
        header = file.header,
        header_columns = file.header_columns,
        compression = file.compression,
        encoding = file.encoding,
        has_byte_order_mark = file.has_byte_order_mark,
        line_ends = file.line_ends,
        lines_skipped = file.lines_skipped,
        member = file.member,
        is_also_utf8 = file.is_also_utf8,
        new_columns = file.new_columns,
        missing_columns = file.missing_columns
    from jsonb_to_recordset(files) as file (
        load_id bigint,
        error text,
        rows_read bigint,
        rows_staged bigint,
        size_bytes bigint,
        sha256 text,
        header bytea,
        header_columns text[],
        compression text,
        encoding text,
        has_byte_order_mark boolean,
        line_ends text,
        lines_skipped bigint,
        member text,
        is_also_utf8 boolean,
        new_columns text[],
        missing_columns text[]
    )
    where
        load.load_id = file.load_id
        and load.batch_load_id = close_batch.batch_load_id
        and load.state = 'copying';

    -- A file with much text is loaded alone. If it was the first, its record stays, because the batch has its number.
    delete from elt.reject
    using elt.load
    where
        reject.load_id = load.load_id
        and load.batch_load_id = close_batch.batch_load_id
        and load.state = 'copying';
    update elt.load
    set
        state = 'failed',
        finished_at = now(),
        error = 'the file has much text: another load read it'
    where load.load_id = close_batch.batch_load_id and load.state = 'copying';
    delete from elt.load
    where
        load.batch_load_id = close_batch.batch_load_id
        and load.load_id <> close_batch.batch_load_id
        and load.state = 'copying';
end
$$;

comment on function elt.close_batch(bigint, jsonb) is
    'Records what was read of each file of a batch, or why it could not be read: a list of objects with the columns of elt.load. Deletes the records of files that were not read.';

revoke execute on function elt.close_batch(bigint, jsonb) from public;
