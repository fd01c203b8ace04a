-- what:   reword comments of the engine's tables, schemas and trigger functions
-- why:    elt docs, the web application and psql show them; they now use the words of the manual
-- locks:  SHARE UPDATE EXCLUSIVE on each table, for an instant: no reader and no writer waits
-- time:   instant
-- undo:   nothing to undo
set local lock_timeout = '2s';
set local statement_timeout = '30s';

comment on table elt.account is
    'User accounts of the web application. Accounts are disabled, not deleted, so that the history keeps their names.';
comment on column elt.account.created_at is 'When the account was created.';
comment on column elt.account.disabled_at is
    'When the account was disabled. Null if it may sign in.';
comment on column elt.account.last_signed_in_at is 'When the account last signed in.';
comment on column elt.account.password_hash is
    'Argon2id hash of the password. Null if the account has no password and only its tokens work.';
comment on column elt.account.role is
    'viewer: sees everything except accounts. operator: also changes rows of registered tables, and starts, cancels and retries jobs. admin: everything, including accounts.';
comment on table elt.admin_table is
    'Tables that users can edit in the web application and through the API. Columns, types and descriptions come from PostgreSQL''s catalogue. Rows of a table without a primary key are only listed. elt.grant_roles(), at the end of elt migrate, grants the rights.';
comment on column elt.admin_table.date_column is
    'Column for browsing by year, month and day. Null if there is none.';
comment on column elt.admin_table.is_descending is 'Whether the first sort order is descending.';
comment on column elt.admin_table.job_argument is
    'Job argument that contains the key of the row that a job is for. Such jobs are shown beside the row. Null if there is none.';
comment on column elt.admin_table.list_columns is
    'Columns of the list, in order. Empty for all columns.';
comment on column elt.admin_table.may_add is 'Whether users may add rows.';
comment on column elt.admin_table.may_change is 'Whether users may change rows.';
comment on column elt.admin_table.may_delete is 'Whether users may delete rows.';
comment on column elt.admin_table.order_by is
    'Column by which the list is sorted at first. Null for the key.';
comment on column elt.admin_table.place is 'Position among the tables, lower numbers first.';
comment on column elt.admin_table.read_only_columns is
    'Columns that the form shows but does not change, besides those that PostgreSQL computes.';
comment on column elt.admin_table.role is
    'Role that may make these changes: operator (and admin), or admin only.';
comment on column elt.admin_table.search_columns is
    'Columns that a search looks at. Empty for all columns of type text.';
comment on column elt.admin_table.table_name is 'Schema and name of the table.';
comment on column elt.admin_table.title_column is
    'Column that names a row in headings. Null for the key.';
comment on table elt.api_endpoint is
    'Views that the API serves at /PATH/ as {count, next, prev, results}, page by page, to clients that sign in at /api-token-auth.';
comment on column elt.api_endpoint.columns is
    'Columns of a record, in order. Empty for all columns.';
comment on column elt.api_endpoint.description is 'Description of the endpoint.';
comment on column elt.api_endpoint.largest_page_size is 'Largest number of records per page.';
comment on column elt.api_endpoint.order_by is
    'Column that orders the records. Its values must be unique.';
comment on column elt.api_endpoint.page_size is
    'Number of records per page if the parameter page_size is not given.';
comment on table elt.api_token is
    'Tokens for programs that use the API. A token is shown once; only its SHA-256 is stored.';
comment on column elt.api_token.account_id is 'Account whose rights the token has.';
comment on column elt.api_token.created_at is 'When the token was created.';
comment on column elt.api_token.expires_at is 'When the token expires.';
comment on column elt.api_token.is_from_sign_in is
    'Whether a program obtained the token with name and password. A new password revokes such tokens. False for tokens created by command.';
comment on column elt.api_token.last_used_at is 'When the token was last used, approximately.';
comment on column elt.api_token.may_change is
    'Whether the token may change what its account may change. False if it may only read.';
comment on column elt.api_token.name is 'Purpose of the token.';
comment on column elt.api_token.revoked_at is 'When the token was revoked. Null if it is valid.';
comment on table elt.change is
    'Change history: one row per inserted, updated or deleted row of a table that has the trigger elt.note_change().';
comment on column elt.change.account_name is
    'Account of the web application that made the change (setting elt.account). Null for changes made in another way.';
comment on column elt.change.changed_at is 'When the change was made.';
comment on column elt.change.new_values is
    'Values after the change: for an update only the changed columns, for an insert the row. Null for a delete.';
comment on column elt.change.old_values is
    'Values before the change: for an update only the changed columns, for a delete the row. Null for an insert.';
comment on column elt.change.program is 'application_name of the connection.';
comment on column elt.change.row_key is
    'Primary key of the row, as an object of columns and values.';
comment on table elt.chart is
    'Charts on the first page of the web application. Each one draws a small view, one mark per row, in the order of the view.';
comment on column elt.chart.chart is 'Name of the chart.';
comment on column elt.chart.kind is
    'columns: vertical, for months. bars: horizontal, for steps with names.';
comment on column elt.chart.label_column is
    'Column that labels a row: text, or the first day of a month.';
comment on column elt.chart.part_column is
    'Column with a part of that number, drawn inside the mark. Null if there is none.';
comment on column elt.chart.part_name is 'Name of the part.';
comment on column elt.chart.place is 'Position among the charts, lower numbers first.';
comment on column elt.chart.rate_column is
    'Column with a share from 0 to 1, written above the mark. Null if there is none.';
comment on column elt.chart.relation is
    'Schema and name of the view. Its comment is shown with the chart.';
comment on column elt.chart.unit is 'Unit of the numbers.';
comment on table elt.device is
    'Browsers that have signed in, each for one account. Failed attempts from elsewhere do not lock them out. Only the SHA-256 of the cookie''s token is stored; each sign-in creates a new token.';
comment on column elt.device.account_id is 'Account that signed in with the browser.';
comment on column elt.device.created_at is
    'When the browser last signed in. It is remembered for half a year.';
comment on table elt.earlier_row is
    'Rows of core as they were before a load of an append or merge source changed them, kept while the load is in staging. May contain personal data: not for readers.';
comment on column elt.earlier_row.earlier is
    'The earlier row, as an object of column names and values as text or null.';
comment on column elt.earlier_row.place is 'Number of the row within its load and table.';
comment on table elt.engine_migration is
    'Applied migrations of the engine. elt migrate --status shows them.';
comment on column elt.engine_migration.applied_text is
    'Text of the file when it was applied. Null if an earlier version of elt, which did not keep it, applied it.';
comment on table elt.job is
    'Queued, running and finished jobs. Enqueue with elt.enqueue(), never by insert; change with elt.cancel_job() and elt.retry_job(). elt.prune_jobs() removes finished jobs.';
comment on column elt.job.args is 'Arguments of the job, as an object.';
comment on column elt.job.attempt_count is
    'Number of attempts. Attempts that a worker released do not count.';
comment on column elt.job.cancel_requested_at is
    'When a user asked the running job to stop. Null if there was no request.';
comment on column elt.job.claim_count is
    'Number of times that a worker claimed the job. The number of a claim fences it: a worker that lost the job cannot finish it.';
comment on column elt.job.created_by is
    'Account of the web application that enqueued the job, or else the database role.';
comment on column elt.job.dedup_key is
    'Only one job with this key is queued at a time. Null for no limit. Running jobs do not count. A job that is queued again while a newer job has its key loses the key.';
comment on column elt.job.finished_at is 'When the job finished. Null before that.';
comment on column elt.job.kind is 'Kind of the job (elt.job_kind).';
comment on column elt.job.lease_until is
    'End of the worker''s lease. Heartbeats extend it. Afterwards, another worker may claim the job.';
comment on column elt.job.max_attempts is 'Maximum number of attempts.';
comment on column elt.job.priority is 'Priority, higher numbers first.';
comment on column elt.job.progress is 'Progress, as reported by the job.';
comment on column elt.job.queue is
    'Queue. A worker takes jobs from the queues that it was started for.';
comment on column elt.job.result is 'Result of the job.';
comment on column elt.job.run_at is 'Earliest time at which the job may run.';
comment on column elt.job.started_at is 'When the latest attempt began.';
comment on column elt.job.state is
    'queued: waits for run_at and a free worker. running: a worker has it until lease_until. succeeded, dead, cancelled: finished. A job is dead if its last attempt failed, or if the error was permanent.';
comment on column elt.job.time_limit is 'Time limit of an attempt.';
comment on column elt.job.worker_id is 'Worker that runs the job. Null if it is not running.';
comment on table elt.job_attempt is 'Attempts: one row for each time that a worker claimed a job.';
comment on column elt.job_attempt.claim_number is 'Number of the attempt within the job, from 1.';
comment on column elt.job_attempt.error is 'Why the attempt failed.';
comment on column elt.job_attempt.finished_at is
    'When the attempt ended. Null while it is running.';
comment on column elt.job_attempt.outcome is
    'succeeded, failed or cancelled; released: the worker stopped and returned it; lost: the worker died.';
comment on column elt.job_attempt.sqlstate is 'SQLSTATE of the failure, if it has one.';
comment on column elt.job_attempt.started_at is 'When the worker claimed the job.';
comment on column elt.job_attempt.worker_id is 'Worker that claimed the job.';
comment on table elt.job_kind is 'Kinds of jobs. A project adds its own kinds in a migration.';
comment on column elt.job_kind.description is 'Description of the jobs of this kind.';
comment on column elt.job_kind.function_name is
    'Schema and name of the function (args jsonb) returns jsonb that does the work, in one transaction with the success of the job. Null if the worker program does the work.';
comment on column elt.job_kind.max_attempts is
    'Maximum number of attempts if the caller does not set it.';
comment on column elt.job_kind.time_limit is
    'Time limit of an attempt if the caller does not set it.';
comment on table elt.live_load is
    'The load of each source that its core queries read: the live load, or for append and merge sources the latest live load (elt.load.live_publish_id marks all of them). One row per source that was ever published. Only a publish changes it.';
comment on column elt.live_load.load_id is
    'Live load of the source; for append and merge sources the latest one.';
comment on column elt.live_load.publish_id is
    'Latest publish that updated core from this load. Later than the load''s own publish if core queries have changed since.';
comment on table elt.load is
    'Loads: one row per load of one file of a source. Kept permanently; the staged rows exist until their partition is dropped.';
comment on column elt.load.allows_shrink is
    'Whether it may delete more rows than elt.source.max_shrink allows, because it was loaded with --allow-shrink.';
comment on column elt.load.core_sha256 is
    'Fingerprint of the core queries that read the load when it was published (elt.source_core). Null before that.';
comment on column elt.load.error is 'Why the load failed or was refused. Null otherwise.';
comment on column elt.load.finished_at is 'When the load finished.';
comment on column elt.load.has_byte_order_mark is
    'Whether the file begins with a byte order mark. Null for an API.';
comment on column elt.load.header is
    'First record of a CSV file, as the original bytes. elt rejects --out begins with it. Null for files without a header.';
comment on column elt.load.header_columns is
    'Column names of the header, trimmed, in the order of the file. Null for files without a header.';
comment on column elt.load.lane_count is
    'Number of connections over which the rows were copied. If there are several and wal_level is minimal, each has a table of its own below the load''s partition.';
comment on column elt.load.line_ends is
    'Line ends of the file: lf, crlf or mixed. Null for an API, and for a file without line ends.';
comment on column elt.load.live_publish_id is
    'Latest publish that updated core from this load, if the load is live. Null otherwise. A replace source has one live load; of other sources, all published loads are live that were not rolled back or purged.';
comment on column elt.load.load_id is 'Number of the load: _load_id of its rows in staging.';
comment on column elt.load.loaded_by is 'Database role that loaded it.';
comment on column elt.load.location is
    'Absolute path of the file, or address of the API without secrets.';
comment on column elt.load.publish_id is
    'Publish that made the load live or refused it. Null before that.';
comment on column elt.load.rejects_purged is 'Number of the rejected rows that elt purge removed.';
comment on column elt.load.replay_after_row is
    'Last _row of the load that was replayed. Higher numbers belong to the file with the corrected records, counted from here. Null for other loads.';
comment on column elt.load.replay_location is
    'Absolute path of the file with the corrected records. Null for other loads.';
comment on column elt.load.replayed_load_id is
    'Load whose rows this load also contains, because it adds corrected records to them (elt load --replay). Null for other loads.';
comment on column elt.load.rolled_back_at is
    'When elt rollback ended its being live. Null otherwise.';
comment on column elt.load.rows_purged is 'Number of the staged rows that elt purge removed.';
comment on column elt.load.rows_read is 'Number of records in the file, or on all pages.';
comment on column elt.load.rows_rejected is
    'Number of rows of this load in elt.reject, as counted by PostgreSQL.';
comment on column elt.load.rows_staged is
    'Number of rows copied into staging, as counted by PostgreSQL.';
comment on column elt.load.sha256 is
    'SHA-256 of the bytes read, in hexadecimal; for an API, of the records only, one per line.';
comment on column elt.load.size_bytes is
    'Size of the file, or of all responses after decompression.';
comment on column elt.load.staged_at is 'When the last row was staged.';
comment on column elt.load.staging_dropped_at is
    'When the partition of the staging table was dropped. Null while it exists.';
comment on column elt.load.state is
    'copying: rows are being copied. staged: all rows are in staging. published: made live. refused: a rule of level error found rows. failed: see error. interrupted: the program died. purged: its rows and rejects were removed.';
comment on table elt.load_column is
    'Properties of the columns of a CSV load, noted while the values were copied. They hold for every value, also after a purge. If a property is not known to hold, each value must be tested.';
comment on column elt.load_column.has_edge_space is
    'Whether a value may have white space at an edge. False if no value has.';
comment on column elt.load_column.has_null is
    'Whether a value may be missing. False if no value is missing.';
comment on column elt.load_column.is_date is
    'Whether all values that are not missing are dates (YYYY-MM-DD) that can be cast.';
comment on column elt.load_column.is_integer is
    'Whether all values that are not missing are integers of at most 18 digits, without a sign or leading zeros, that can be cast.';
comment on table elt.project_migration is
    'Applied migrations of the project. elt migrate --status shows them.';
comment on column elt.project_migration.applied_text is
    'Text of the file when it was applied. Null if an earlier version of elt, which did not keep it, applied it.';
comment on table elt.publish is
    'Publishes: one row per transaction that makes loads live, updates core and runs the rules.';
comment on column elt.publish.cause is
    'load: new loads. migrate: core queries changed, and the live loads were published again. rollback: an earlier load was published again. purge: rows were removed, and the live loads were published without them.';
comment on column elt.publish.core_sha256 is
    'Fingerprint of the core queries and functions of the publish (elt.core_sha256()). Null if it was refused.';
comment on column elt.publish_change.finished_at is
    'When the table was finished. Null for publishes of earlier versions.';
comment on column elt.publish_change.rows_before is
    'Number of rows of the table before the publish. Counted only if rows were deleted and elt.source.max_shrink limits this. Null otherwise.';
comment on column elt.publish_change.rows_deleted is
    'Number of rows deleted, because their keys were missing.';
comment on column elt.publish_change.rows_inserted is 'Number of rows inserted.';
comment on column elt.publish_change.rows_updated is 'Number of rows updated.';
comment on column elt.publish_change.seconds is
    'Time since the previous table was finished, or for the first table since the publish began. Null for publishes of earlier versions.';
comment on table elt.reject is
    'Records that could not be staged, with their original bytes. May contain personal data: not for readers.';
comment on column elt.reject.byte_offset is
    'Byte of the file or page where the record begins, from 0.';
comment on column elt.reject.line_number is
    'Line of the file or page where the record begins, from 1.';
comment on column elt.reject.load_id is 'Load that rejected the record.';
comment on column elt.reject.page_number is
    'Page of the REST API that contains the record, from 1. Line and byte are then those within the page. Null for files.';
comment on column elt.reject.raw is
    'Original bytes of the record, without the line end. If they are UTF-8, read them with convert_from(raw, ''UTF8'').';
comment on column elt.reject.reason is 'Why the record was rejected.';
comment on column elt.reject.reject_number is 'Number of the reject within the load, from 1.';
comment on column elt.reject.replaced_by_load_id is
    'Load that contains a corrected record instead (elt load --replay). Null if there is none.';
comment on column elt.reject.row_number is
    '_row that the record would have in staging: the first line of a CSV record, or the position of a JSON document in the file or over all pages.';
comment on table elt.rest_source is
    'How elt load reads a source of format rest: sign-in, pages, retries and limits. One row per such source. Secrets are in the environment, not here: ELT_<SOURCE>_USERNAME, _PASSWORD or _PASSWORD_FILE, _TOKEN or _TOKEN_FILE.';
comment on column elt.rest_source.base_url is
    'Scheme and host, and a path before all others if there is one: https://api.example.org/v1. ELT_<SOURCE>_URL takes precedence. Without either, the source is loaded only if it is named, and then fails.';
comment on column elt.rest_source.connect_timeout is 'Time limit for a connection.';
comment on column elt.rest_source.count_at is
    'Key of the number of all records. It must be the same on every page, and so many records must be read. Null if the API does not report it.';
comment on column elt.rest_source.headers is
    'Further headers of every request, as an object of texts. They must not be secret. Content-type: application/json is always sent.';
comment on column elt.rest_source.max_attempts is
    'Maximum number of requests for a page if the connection or the server fails (429, 5xx, timeouts, truncated pages). At most three for a host that has never answered.';
comment on column elt.rest_source.max_response_bytes is
    'Maximum size of a response after decompression.';
comment on column elt.rest_source.max_retry_delay is
    'Longest delay before a retry. If the server asks for a longer one, the load fails.';
comment on column elt.rest_source.next_at is
    'Key of the next page''s address, for pagination next. A page without it is the last one, if count_at or an earlier page confirms this.';
comment on column elt.rest_source.page_parameter is
    'Parameter of the address for the page: its number, or the offset. Several numbered pages are fetched at once (elt load --requests).';
comment on column elt.rest_source.page_size is
    'Number of records to request per page. Null for the API''s default.';
comment on column elt.rest_source.page_size_parameter is
    'Parameter of the address for the number of records per page.';
comment on column elt.rest_source.pagination is
    'next: each page contains the address of the next one, or null. page: pages are numbered. offset: pages are identified by the number of records before them. Both end when the number of count_at is reached, or with an empty page. none: there is one page.';
comment on column elt.rest_source.path is
    'Path of the first page, below base_url. It may contain a query: /appointments/?ordering=id.';
comment on column elt.rest_source.records_at is
    'Key of the array of records in a page; a.b is b inside a. Empty if the page itself is the array.';
comment on column elt.rest_source.requests_per_second is
    'Maximum number of requests per second. Null for no limit.';
comment on column elt.rest_source.response_timeout is 'Time limit for a whole response.';
comment on column elt.rest_source.retry_delay is
    'Delay before the second attempt. It doubles with each further attempt and varies randomly. Retry-After of the server takes precedence.';
comment on column elt.rest_source.sign_in_path is
    'Path that returns a token for username and password, posted as an object. Null for no sign-in; a token is then sent only if ELT_<SOURCE>_TOKEN has one.';
comment on column elt.rest_source.tls_roots is
    'Root certificates (PEM) for the server, for a private authority. ELT_<SOURCE>_TLS_ROOTS, a file, takes precedence. Null for the certificates that the system trusts.';
comment on column elt.rest_source.token_at is
    'Key of the token in the response; a.b is b inside a.';
comment on column elt.rest_source.token_prefix is
    'Word before the token in that header, such as Token or Bearer. Empty for the token alone.';
comment on table elt.rule_result is
    'Result of each rule at each publish: one row per publish and rule.';
comment on column elt.rule_result.publish_id is 'Publish that the result belongs to.';
comment on column elt.rule_result.level is
    'warning: reported. error: the publish is refused if the rule finds rows.';
comment on column elt.rule_result.run_publish_id is
    'Earlier publish that ran the rule, if nothing that the rule reads has changed since. Null if this publish ran it.';
comment on column elt.rule_result.sample is 'The first violations, as a JSON array.';
comment on column elt.rule_result.seconds is
    'How long the rule ran. Null if the result of an earlier publish was kept, and for publishes of earlier versions.';
comment on column elt.rule_result.violation_count is 'Number of violations.';
comment on table elt.schedule is
    'Recurring jobs: one row per schedule. Any worker enqueues the jobs that are due, each time of a schedule once.';
comment on column elt.schedule.args is 'Arguments of the job.';
comment on column elt.schedule.cron is
    'Times: minute, hour, day of the month, month (JAN is 1), day of the week (0, 7 and SUN are Sunday); each *, a number, a range, a list or a step (*/15). If both days are restricted, either is enough. Or @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually.';
comment on column elt.schedule.description is 'Description of the schedule.';
comment on column elt.schedule.error is
    'Why the job could not be enqueued when it was last due. It is tried again an hour later. Null if it was enqueued.';
comment on column elt.schedule.is_enabled is 'Whether jobs are enqueued.';
comment on column elt.schedule.kind is 'Kind of the job.';
comment on column elt.schedule.last_job_id is 'Latest job. It may have been pruned.';
comment on column elt.schedule.last_run_at is 'Time for which the latest job was enqueued.';
comment on column elt.schedule.missed_runs is
    'What happens to times that passed while no worker was running: one: one run for all of them. none: no run before the next time.';
comment on column elt.schedule.next_run_at is
    'When the schedule is due next. Null if the next worker must compute it.';
comment on column elt.schedule.priority is 'Priority of the job.';
comment on column elt.schedule.queue is 'Queue of the job.';
comment on column elt.schedule.time_zone is
    'Time zone of the times. With * for hours or minutes, a schedule runs whenever the local time matches, also in the hour that is repeated when clocks go back. A fixed time that is skipped when clocks go forward runs right after the change; one that is repeated runs the first time only.';
comment on table elt.sent_form is
    'Submitted forms of the web application, kept for a week. Each is inserted in the transaction that does what the form asks for.';
comment on column elt.sent_form.content_sha256 is
    'SHA-256 of address and fields, to distinguish a repeated submission from a changed form.';
comment on column elt.sent_form.row_key is
    'Key of the inserted row, or number of the job that was started. Null for other forms.';
comment on column elt.sent_form.said is
    'Message that was shown. Empty if it can be made from the key.';
comment on column elt.sent_form.sent_at is 'When the form was processed.';
comment on table elt.session is
    'Browser sessions. Only the SHA-256 of the cookie''s token is stored.';
comment on column elt.session.account_id is 'Account that is signed in.';
comment on column elt.session.created_at is
    'When the session began. It ends after a week at the latest.';
comment on column elt.session.seen_at is
    'When the session was last used, approximately. It ends twelve hours later.';
comment on column elt.session.user_agent is 'User agent of the browser.';
comment on table elt.sign_in is
    'Sign-in attempts of the last month. After too many failures, a name or an address must wait.';
comment on column elt.sign_in.address is
    'Network of the client: an IPv4 address, or the /64 network of an IPv6 address.';
comment on column elt.sign_in.attempted_at is 'When the attempt was made.';
comment on column elt.sign_in.device_id is
    'Browser, if it has signed in to this account before. Null otherwise.';
comment on column elt.sign_in.finished_at is
    'When the password was checked. Null if it was not checked yet, or the program ended before.';
comment on column elt.sign_in.is_success is 'Whether name and password were correct.';
comment on column elt.sign_in.name is 'Name that was entered, cut off after 150 characters.';
comment on table elt.source is
    'Sources that elt load reads. The rows of a source are staged in the table staging.<source>. Add a source in a migration.';
comment on column elt.source.delimiter is
    'csv: delimiter of fields, one ASCII character. A tab is E''\t''.';
comment on column elt.source.description is 'Description of the source.';
comment on column elt.source.file is 'File name in the data folder (--data). Null for format rest.';
comment on column elt.source.format is
    'csv: a header, then records (RFC 4180). json: an array of objects, or one object per line (NDJSON). rest: pages of a REST API (elt.rest_source).';
comment on column elt.source.keep_loads is
    'Number of published loads that stay in staging, including the live one. Older ones are dropped after a publish.';
comment on column elt.source.key is
    'merge: the columns that identify a row of the core table, which are its primary key. Null for other modes.';
comment on column elt.source.max_shrink is
    'Largest share of the rows of a core table that one load of a replace source may delete: 0.5 is half of them. A load that deletes more is refused (quality.loads_that_shrink). Null for no limit.';
comment on column elt.source.mode is
    'replace: a load contains all rows, and rows that it lacks are deleted from core. merge: a load contains new and changed rows; the row of the latest load wins for each key. append: the rows of a load are added; if the core table has a primary key, as for merge. merge and append never delete.';
comment on column elt.source.null_text is
    'csv: text that stands for null, such as NULL or \N, besides the empty value. Null if there is none.';
comment on column elt.source.quote is
    'csv: quote around fields that contain a delimiter, a line end or a quote, which is then doubled. Null if fields are never quoted.';
comment on column elt.source.source is
    'Name of the source on the command line, and of its staging table.';
comment on table elt.task_job is
    'Jobs that new tasks start: one row per task name that starts one.';
comment on column elt.task_job.args is
    'Arguments of the job. The number of the task is added as task_id.';
comment on column elt.task_job.description is 'Description of the job.';
comment on column elt.task_job.kind is 'Kind of job that is enqueued when the task is created.';
comment on column elt.task_job.task_name is 'Exact name of the task.';
comment on table elt.view_version is
    'All definitions of views, functions, rules and export queries that elt migrate has applied. The highest version of a name is the current one, unless it was removed.';
comment on column elt.view_version.header is
    'Keys of the comment at the head of the file: grain, reads, fills (core), level and holds if (rules), and others.';
comment on column elt.view_version.layer is
    'Folder of sql/ that contains the file: elt, core, mart, quality or export.';
comment on column elt.view_version.name is
    'Schema and name, such as public.orders; export.<file> for exports, which are no database objects.';
comment on column elt.view_version.removed_at is
    'When the object was dropped because its file was deleted. Null while it exists.';
comment on column elt.view_version.version is
    'Version number of the name, from 1. Each new text is a new version.';
comment on table elt.worker is
    'Workers: one row per start of a worker. A running worker renews last_seen_at and holds the advisory lock (6646903, worker_id).';
comment on column elt.worker.concurrency is 'Number of jobs that it runs at once.';
comment on column elt.worker.holds_lock is
    'Whether it holds its advisory lock while it runs, so that its death is noticed at once. False behind a pooler, where only its leases show this.';
comment on column elt.worker.host is 'Host name.';
comment on column elt.worker.process_id is 'Process number on that host.';
comment on column elt.worker.stopped_at is
    'When it stopped, or was found dead. Null while it runs.';
comment on constraint schedule_missed_runs_known on elt.schedule is 'Must be one or none.';
comment on function elt.check_job_state() is
    'Trigger of elt.job: refuses a state that cannot follow the earlier one.';
comment on function elt.enqueue_task_job() is
    'Trigger, after insert, of a table with task_id and name: enqueues the job of elt.task_job in the same transaction.';
comment on function elt.keep_next_run() is
    'Trigger of elt.schedule: refuses invalid times, and computes the next one.';
comment on function elt.keep_times() is
    'Trigger, before insert or update, of a table with created_at and updated_at: sets them, whatever the client sends.';
comment on function elt.note_change() is
    'Trigger, after insert, update or delete of each row, with the names of the primary key''s columns as arguments: records the change in elt.change.';
comment on function elt.notify_job() is
    'Trigger of elt.job: wakes workers for new jobs, including those for a later time.';
comment on function elt.notify_job_again() is
    'Trigger of elt.job: wakes workers for jobs that are queued again, or for another time.';
comment on function elt.notify_job_change() is
    'Trigger of elt.job: notifies sessions that watch jobs and hold the advisory lock (6646905, 0).';
comment on schema core is
    'Typed tables that each publish updates from the live loads, and the core queries (incoming_...) that define their rows.';
comment on schema elt is
    'Records of elt: sources, loads, rejected rows, versions of views. Start with: table elt.help;';
comment on schema quality is
    'One view per rule; its rows are violations. elt check runs all rules.';
comment on schema staging is
    'Rows as loaded from the sources, one partition per load, each value as text or as a JSON document. May contain personal data: not for readers.';
