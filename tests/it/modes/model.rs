//! The expected content of core, computed without SQL: every state is computed from the live files.

use std::collections::BTreeMap;

/// A source of `tests/projects/bikes`: its name, its two columns, and how its loads reach core.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Source {
    pub(super) name: &'static str,
    pub(super) key: &'static str,
    pub(super) value: &'static str,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Replace,
    /// Merge, and append to a table with a primary key.
    Keyed,
    /// Append to a table without one.
    Plain,
}

pub(super) const SOURCES: [Source; 4] = [
    source("stations", "station_id", "name", Kind::Replace),
    source("bikes", "bike_id", "station", Kind::Keyed),
    source("trips", "trip_id", "bike", Kind::Keyed),
    source("pings", "bike_id", "place", Kind::Plain),
];

const fn source(name: &'static str, key: &'static str, value: &'static str, kind: Kind) -> Source {
    Source {
        name,
        key,
        value,
        kind,
    }
}

pub(super) type Row = (u8, u8);

/// A published load.
#[derive(Clone, Debug)]
struct Load {
    number: u64,
    rows: Vec<Row>,
    is_staged: bool,
}

/// One source.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) source: Source,
    /// For mode replace all published loads, for the other modes the live ones.
    loads: Vec<Load>,
    /// Only for mode replace.
    live: Option<u64>,
    published: u64,
    pub(super) keep: usize,
}

impl Model {
    pub(super) fn new(source: Source) -> Model {
        Model {
            source,
            loads: Vec::new(),
            live: None,
            published: 0,
            keep: 3,
        }
    }

    fn live_loads(&self) -> Vec<&Load> {
        let is_live = |load: &&Load| match self.source.kind {
            Kind::Replace => Some(load.number) == self.live,
            Kind::Keyed | Kind::Plain => true,
        };
        self.loads.iter().filter(is_live).collect()
    }

    pub(super) fn live_count(&self) -> usize {
        self.live_loads().len()
    }

    /// Whether loading this file is a no-op.
    pub(super) fn is_live(&self, rows: &[Row]) -> bool {
        self.live_loads().iter().any(|load| load.rows == rows)
    }

    pub(super) fn publish(&mut self, rows: &[Row]) {
        self.published += 1;
        self.live = Some(self.published);
        self.loads.push(Load {
            number: self.published,
            rows: rows.to_vec(),
            is_staged: true,
        });
        self.sweep();
    }

    /// Retention.
    pub(super) fn sweep(&mut self) {
        let latest = self.latest();
        let mut kept = 0;
        for load in self.loads.iter_mut().rev().filter(|load| load.is_staged) {
            kept += 1;
            load.is_staged = kept <= self.keep || Some(load.number) == latest;
        }
    }

    fn latest(&self) -> Option<u64> {
        match self.source.kind {
            Kind::Replace => self.live,
            Kind::Keyed | Kind::Plain => self.loads.last().map(|load| load.number),
        }
    }

    /// Goes back to the previous load; returns false if there is none.
    pub(super) fn roll_back(&mut self) -> bool {
        let latest = self.latest();
        let earlier = self.loads.iter().rev();
        let mut earlier = earlier.filter(|load| load.is_staged && Some(load.number) < latest);
        let Some(number) = earlier.next().map(|load| load.number) else {
            return false;
        };
        match self.source.kind {
            Kind::Replace => self.live = Some(number),
            Kind::Keyed | Kind::Plain => self.loads.retain(|load| load.number <= number),
        }
        true
    }

    pub(super) fn staged_count(&self) -> usize {
        self.loads.iter().filter(|load| load.is_staged).count()
    }

    /// Lines of key and value, sorted.
    pub(super) fn core(&self) -> Vec<String> {
        let rows = self.live_loads();
        let rows = rows.iter().flat_map(|load| load.rows.iter().copied());
        let mut lines: Vec<String> = match self.source.kind {
            Kind::Plain => rows.map(line).collect(),
            Kind::Replace | Kind::Keyed => {
                let latest: BTreeMap<u8, u8> = rows.collect();
                latest.into_iter().map(line).collect()
            }
        };
        lines.sort();
        lines
    }
}

fn line((key, value): Row) -> String {
    format!("{key} v{value}")
}

/// The rows as a file of the source.
pub(super) fn file(source: Source, rows: &[Row], last: &str) -> String {
    let mut text = format!("{},{}\n", source.key, source.value);
    for (key, value) in rows {
        text += &format!("{key},v{value}\n");
    }
    text + last
}
