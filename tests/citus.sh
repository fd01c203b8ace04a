#!/bin/sh
# The program on a real cluster of Citus. Not part of `cargo test`:
#
#     ELT_CITUS_URLS="postgresql://postgres@coordinator/postgres postgresql://postgres@worker/postgres ..." \
#     cargo test --test it citus::cluster -- --ignored --nocapture
#
# The first URL is the coordinator's. The roles are superusers. The script creates the databases elt_citus and
# elt_plain, and drops them first if they exist. It prints the seconds of each step, and what `explain` says the workers
# do. ELT_CITUS_ROWS is the number of rows of the large file (1000000).
#
# ELT_CITUS_START is a command that starts all servers that do not run. With it, and if the servers run on this machine,
# the script also kills a worker and the coordinator during loads.
set -eu
: "${ELT_CITUS_URLS:?}"
ELT=${ELT:-elt}
rows=${ELT_CITUS_ROWS:-1000000}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=
trap 'rm -rf "$work"; test -z "$server" || kill "$server"' EXIT
unset DATABASE_URL ELT_PROJECT

coordinator=${ELT_CITUS_URLS%% *}
workers=${ELT_CITUS_URLS#* }
on() { printf '%s/%s' "${1%/*}" "$2"; }
sql() { psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }
citus=$(on "$coordinator" elt_citus)
plain=$(on "$coordinator" elt_plain)

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# step NAME COMMAND...: runs it quietly and prints its seconds.
step() {
    name=$1
    shift
    began=$(date +%s%N)
    "$@" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        fail "$name: $*"
    }
    ended=$(date +%s%N)
    echo "$name $(((ended - began) / 1000000))" | awk '{ ms = $NF; $NF = ""; printf "%8.2f s  %s\n", ms / 1000, $0 }'
}

# both NAME ARGUMENTS...: the same command on Citus and on plain PostgreSQL.
both() {
    what=$1
    shift
    step "$what, Citus" "$ELT" --database-url "$citus" "$@"
    step "$what, plain" "$ELT" --database-url "$plain" "$@"
}

# same QUERY: both databases give the same answer.
same() {
    one=$(sql "$citus" "$1")
    other=$(sql "$plain" "$1")
    [ "$one" = "$other" ] || fail "$1: $one on Citus, $other on plain PostgreSQL"
}

create() {
    for url in $workers "$coordinator"; do
        sql "$url" "drop database if exists elt_citus with (force)"
        sql "$url" "create database elt_citus"
        sql "$(on "$url" elt_citus)" "create extension citus"
    done
    sql "$coordinator" "drop database if exists elt_plain with (force)"
    sql "$coordinator" "create database elt_plain"
    place="select format('%L, %s', host(coalesce(inet_server_addr(), '127.0.0.1')), current_setting('port'))"
    sql "$citus" "select citus_set_coordinator_host($(sql "$citus" "$place"))"
    for url in $workers; do
        sql "$citus" "select citus_add_node($(sql "$url" "$place"))"
    done
}

core="select md5(string_agg(concat_ws(',', emr_practice_id, emr_appointment_id, emr_provider_id, emr_department_id,
      appointment_status, encounter_state, encounter_status, appointment_date, row_count), ';'
      order by emr_practice_id, emr_appointment_id)) from core.appointments"

lab() {
    both "migrate" migrate
    both "load the lab's files" load
    "$ELT" --database-url "$citus" distribute --dry-run >/dev/null
    step "distribute" "$ELT" --database-url "$citus" distribute
    [ -z "$("$ELT" --database-url "$citus" distribute -q)" ] || fail "distribute twice"
    both "load again" load --force
    both "export" export --out "$work/out"
    "$ELT" --database-url "$citus" export --out "$work/out" >/dev/null
    for file in valid_appts epion_appts epion_utilization; do
        cmp "$work/out/$file.csv" "$root/tests/expected/$file.csv" || fail "$file.csv"
    done
    both "check" check
    for rule in $(sql "$citus" "select rule from elt.rule_status"); do
        "$ELT" --database-url "$citus" check "$rule" >/dev/null || fail "check $rule"
    done
    step "views diff --rows" "$ELT" --database-url "$citus" views diff valid_appointments --rows
    step "docs" "$ELT" --database-url "$citus" docs --out "$work/docs"
    step "migrate --verify" "$ELT" --database-url "$citus" migrate --verify
    step "status" "$ELT" --database-url "$citus" status
    both "rollback" rollback appointments
    both "purge key" purge key --yes emr_practice_id=1
    same "$core"
    "$ELT" --database-url "$citus" doctor | grep ' cluster ' && fail "doctor has findings" || true
}

pages() {
    site=http://127.0.0.1:${ELT_CITUS_PORT:-8999}
    password=a-password-of-the-script
    echo "$password" | "$ELT" --database-url "$citus" user add script --role admin --password-stdin >/dev/null
    "$ELT" --database-url "$citus" serve --no-worker --bind "${site#http://}" >"$work/serve" 2>&1 &
    server=$!
    until curl -fs -o /dev/null "$site/healthz"; do
        kill -0 "$server" || fail "serve: $(cat "$work/serve")"
    done
    page() { curl -fs -b "$work/cookies" -c "$work/cookies" -o "$work/page" "$@" || fail "page $*"; }
    page -d name=script -d "password=$password" -d next= "$site/sign-in"
    for relation in $(sql "$citus" "select schema_name || '.' || relation_name from elt.relation"); do
        page "$site/explore/$relation"
    done
    for path in / /explore /loads /lineage "/explore/core.appointments?emr_appointment_id=8632" \
        "/explore/core.appointments?sort=-appointment_date&page=2" /explore/public.valid_appointments/rows.csv; do
        page "$site$path"
    done
    kill "$server"
    wait "$server" || true
    server=
    echo "           pages answer"
}

# Rows like the lab's: each hundredth appointment is repeated, and shift moves the status of one row in a hundred.
large() {
    awk -v rows="$rows" -v shift="$1" 'BEGIN {
        print "emr_practice_id,emr_appointment_id,emr_provider_id,emr_department_id,appointment_status,encounter_state,encounter_status,appointment_date"
        for (row = 1; row <= rows; row++) {
            id = row % 100 ? row : row - 1
            status = substr("2345x", 1 + (id % 100 == 7 ? id + shift : id) % 5, 1)
            printf "%d,%d,%d,%d,%s,,,2023-%02d-%02d\n", id % 80, id, id % 1000, id % 30, status, 1 + id % 12, 1 + id % 28
        }
    }' >"$work/data/lab1_appointments.csv"
}

million() {
    mkdir -p "$work/data"
    cp "$root"/data/* "$work/data/"
    large 0
    both "load $rows rows" load appointments --data "$work/data" --allow-shrink
    large 1
    both "reload, 1 % changed" load appointments --data "$work/data" --allow-shrink
    same "$core"
    both "export" export --out "$work/large"
    both "check" check
    for query in "select count(*) from public.valid_appointments" "table public.epion_utilization"; do
        echo "explain $query:"
        sql "$citus" "explain (costs off) $query" | sed 's/^/    /' | head -20
    done
    sql "$citus" "select format('%8s s  %s (publish %s)', round(seconds::numeric, 2), table_name, publish_id) from elt.publish_change
                  where publish_id >= (select max(publish_id) - 1 from elt.publish_change) order by publish_id"
    sql "$citus" "select format('%8s s  rule %s', round(seconds::numeric, 2), rule) from elt.rule_status
                  where seconds > 0.5 order by seconds desc"
}

# All modes, over the distributed tables of another project.
modes() {
    create_bikes
    for day in 1 2 3; do
        mkdir -p "$work/day$day"
        printf 'bike_id,station\n%s,Mill\n%s,Quay\n' "$day" $((day + 1)) >"$work/day$day/bikes.csv"
        printf 'trip_id,bike\n%s,1\n%s,%s\n' "$day" $((day + 10)) "$day" >"$work/day$day/trips.csv"
        printf 'bike_id,place\n%s,Quay\n%s,Quay\n' "$day" "$day" >"$work/day$day/pings.csv"
        printf 'station_id,name\n1,Quay\n%s,Mill\n' "$day" >"$work/day$day/stations.csv"
        both "modes, day $day" load --data "$work/day$day" --allow-shrink
    done
    for source in bikes trips pings stations; do
        both "roll back $source" rollback "$source"
    done
    both "purge a key" purge key --yes bike_id=2
    for table in bikes trips pings stations; do
        same "select string_agg(rows::text, ' ' order by rows::text) from core.$table as rows"
    done
    unset ELT_PROJECT
}

create_bikes() {
    export ELT_PROJECT="$root/tests/projects/bikes"
    for url in $workers "$coordinator"; do
        sql "$url" "drop database if exists elt_citus with (force)"
    done
    create
    both "migrate bikes" migrate
    step "distribute bikes" "$ELT" --database-url "$citus" distribute
}

# Kills the server of a URL while a command runs, and starts it again.
kill_during() {
    victim=$1
    delay=$2
    shift 2
    pid=$(sql "$victim" "select pg_read_file('postmaster.pid')" | head -1)
    "$@" >"$work/killed" 2>&1 &
    command=$!
    sleep "$delay"
    kill -9 "$pid"
    wait "$command" && outcome=done || outcome=failed
    # The server does not start while processes of the killed one end. After a commit that was interrupted, Citus
    # finishes the transaction within citus.recover_2pc_interval.
    until sh -c "$ELT_CITUS_START" >/dev/null 2>&1; sql "$citus" "select count(*) from core.appointments" >/dev/null 2>&1; do
        sleep 0.2
    done
    echo "           killed after $delay s: the load $outcome"
}

kills() {
    shift_by=2
    for victim in ${workers%% *} "$coordinator"; do
        for delay in 0.3 1 1.5 2 3; do
            large $shift_by
            shift_by=$((shift_by + 1))
            before=$(sql "$citus" "$core")
            kill_during "$victim" $delay "$ELT" --database-url "$citus" load appointments --data "$work/data"
            now=$(sql "$citus" "$core")
            step "the same load again" "$ELT" --database-url "$citus" load appointments --data "$work/data"
            "$ELT" --database-url "$plain" load appointments --data "$work/data" >/dev/null 2>&1
            same "$core"
            [ "$now" = "$before" ] || [ "$now" = "$one" ] || fail "after the kill, core was neither old nor new"
        done
    done
}

create
lab
pages
million
if [ -n "${ELT_CITUS_START:-}" ]; then kills; else echo "no kills: ELT_CITUS_START is not set"; fi
modes
echo "everything works"
