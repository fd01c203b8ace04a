-- what:   create the tables of bikes for hire, and a source of each mode
-- why:    a project of another domain, whose files are days: what is new, and what came to it
-- locks:  none on existing tables
-- time:   instant; new tables
-- undo:   drop the tables (loses loaded rows; load the files again, the oldest first)
set local lock_timeout = '2s';
set local statement_timeout = '30s';

create table staging.stations (
    _load_id bigint not null,
    _row bigint not null,
    station_id text,
    name text,
    _extra jsonb
) partition by list (_load_id);

create table core.stations (
    station_id bigint not null,
    name text,
    _load_id bigint not null,
    _row bigint not null,
    constraint stations_pkey primary key (station_id)
);

create table staging.bikes (
    _load_id bigint not null,
    _row bigint not null,
    bike_id text,
    station text,
    _extra jsonb
) partition by list (_load_id);

create table core.bikes (
    bike_id bigint not null,
    station text,
    _load_id bigint not null,
    _row bigint not null,
    constraint bikes_pkey primary key (bike_id)
);

create table staging.trips (
    _load_id bigint not null,
    _row bigint not null,
    trip_id text,
    bike text,
    _extra jsonb
) partition by list (_load_id);

create table core.trips (
    trip_id bigint not null,
    bike text,
    _load_id bigint not null,
    _row bigint not null,
    constraint trips_pkey primary key (trip_id)
);

create table staging.pings (
    _load_id bigint not null,
    _row bigint not null,
    bike_id text,
    place text,
    _extra jsonb
) partition by list (_load_id);

create table core.pings (
    bike_id bigint not null,
    place text,
    _load_id bigint not null,
    _row bigint not null
);

insert into elt.source (source, format, file, mode, key, keep_loads, description)
values
('stations', 'csv', 'stations.csv', 'replace', null, 3, 'All stations that there are.'),
('bikes', 'csv', 'bikes.csv', 'merge', '{bike_id}', 3, 'Where bikes are that were moved since.'),
('trips', 'csv', 'trips.csv', 'append', null, 3, 'Trips of a day; one that is named again was corrected.'),
('pings', 'csv', 'pings.csv', 'append', null, 3, 'What bikes sent in a day, repeats included.');
