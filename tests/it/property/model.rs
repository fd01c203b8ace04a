//! The expected exports and rule results for the two inputs, computed from the generated values.

use super::files::{SettingsFile, TableFile};
use super::reading::{self, Day};
use super::world::{COLUMNS, Json, KEYS, Office, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

pub(super) struct Expected {
    pub(super) valid_appts: String,
    pub(super) epion_appts: String,
    pub(super) epion_utilization: String,
    /// For each rule the query of its rows, and the expected answers in any order.
    pub(super) rules: BTreeMap<&'static str, (&'static str, Vec<String>)>,
}

/// An appointment as a row says it.
#[derive(Clone, PartialEq)]
struct Appointment {
    practice: Option<i64>,
    id: Option<i64>,
    provider: Option<i64>,
    department: Option<i64>,
    status: Option<String>,
    state: Option<String>,
    encounter: Option<String>,
    day: Option<Day>,
}

/// When an office was live: from the one day to the other, if that ended.
type Period = (Day, Option<Day>);

/// Periods of the departments, by practice and department.
type Live = BTreeMap<(i64, i64), Vec<Period>>;

const ROW: &str = "_row::text";
/// The rule names a row of the load that last changed the appointment, perhaps an earlier one.
const LAST_ROW_AND_COUNT: &str = "(select max(staged._row) from core.appointment_rows as staged \
     where staged.emr_practice_id = appointments_repeated.emr_practice_id \
     and staged.emr_appointment_id = appointments_repeated.emr_appointment_id) || ' ' || row_count";

impl Expected {
    pub(super) fn of(table: &TableFile, has_note: bool, settings: &SettingsFile) -> Expected {
        let mut expected = Expected {
            valid_appts: COLUMNS.join(",") + "\n",
            epion_appts: COLUMNS.join(",") + "\n",
            epion_utilization: "month,valid_epion_appointments,total_valid_appointments,\
                                utilization_rate\n"
                .to_string(),
            rules: BTreeMap::new(),
        };
        expected.say_none();
        let live = expected.read_settings(settings);
        let appointments = expected.read_table(table, has_note);
        expected.compute(appointments, &live);
        let rejected = [
            ("appointments", &table.rejected_lines),
            ("office_settings", &settings.rejected_lines),
        ];
        for (source, lines) in rejected {
            for line in lines {
                expected.find_as("rows_rejected", format!("{source} {line}"));
            }
        }
        expected
    }

    /// Each rule that is held, with nothing found yet.
    fn say_none(&mut self) {
        let rules = [
            ("appointments_conflicting", ROW),
            ("appointments_in_other_case", ROW),
            ("appointments_repeated", LAST_ROW_AND_COUNT),
            ("appointments_with_rewritten_ids", ROW),
            ("appointments_with_unknown_columns", ROW),
            ("appointments_with_unreadable_provider", ROW),
            (
                "appointments_with_white_space",
                "_row || ' ' || trimmed_columns",
            ),
            ("appointments_without_date", ROW),
            ("appointments_without_department", ROW),
            ("appointments_without_id", ROW),
            (
                "departments_in_several_offices",
                "concat_ws(' ', _row, emr_practice_id, emr_department_id, office_count)",
            ),
            ("documents_with_ids_as_text", "_row || ' ' || key"),
            (
                "documents_with_other_keys",
                "concat_ws(' ', _row, key, trouble)",
            ),
            ("documents_with_white_space", "_row || ' ' || key"),
            ("offices_disabled_before_launch", ROW),
            ("offices_not_launched", ROW),
            ("offices_with_odd_departments", "_row || ' ' || trouble"),
            ("offices_with_unreadable_disabled_date", ROW),
            ("offices_with_unreadable_ids", ROW),
            ("offices_with_unreadable_launched_date", ROW),
            ("offices_without_practice", ROW),
            ("rows_rejected", "source || ' ' || line_number"),
        ];
        for (rule, asked) in rules {
            self.rules.insert(rule, (asked, Vec::new()));
        }
    }

    fn find_as(&mut self, rule: &str, found: String) {
        self.rules.get_mut(rule).unwrap().1.push(found);
    }

    fn find_if(&mut self, is_found: bool, rule: &str, row: u64) {
        if is_found {
            self.find_as(rule, row.to_string());
        }
    }

    /// The last row of each practice and appointment.
    fn read_table(&mut self, table: &TableFile, has_note: bool) -> Vec<Appointment> {
        let mut by_key: BTreeMap<(i64, i64), Vec<(u64, Appointment)>> = BTreeMap::new();
        for (line, row) in &table.rows {
            self.judge_row(*line, row, has_note);
            let read = Appointment::of(row);
            if let (Some(practice), Some(id)) = (read.practice, read.id) {
                by_key
                    .entry((practice, id))
                    .or_default()
                    .push((*line, read));
            }
        }
        for rows in by_key.values() {
            let (last_line, last) = rows.last().unwrap();
            if rows.len() > 1 {
                self.find_as(
                    "appointments_repeated",
                    format!("{last_line} {}", rows.len()),
                );
            }
            for (line, row) in rows {
                self.find_if(row != last, "appointments_conflicting", *line);
            }
        }
        let last = |rows: Vec<(u64, Appointment)>| rows.last().unwrap().1.clone();
        by_key.into_values().map(last).collect()
    }

    fn judge_row(&mut self, line: u64, row: &Row, has_note: bool) {
        let read = Appointment::of(row);
        let is_unidentified = read.practice.is_none() || read.id.is_none();
        self.find_if(is_unidentified, "appointments_without_id", line);
        let is_odd = read.provider.is_none() && reading::text(&row.fields[2]).is_some();
        self.find_if(is_odd, "appointments_with_unreadable_provider", line);
        let is_nowhere = read.department.is_none();
        self.find_if(is_nowhere, "appointments_without_department", line);
        self.find_if(read.day.is_none(), "appointments_without_date", line);
        let is_other_case = matches!(read.status.as_deref(), Some("X" | "F"))
            || (!read.has_live_encounter() && read.state.as_deref() != Some("DELETED"));
        self.find_if(is_other_case, "appointments_in_other_case", line);
        let has_note = has_note && !row.note.is_empty();
        self.find_if(has_note, "appointments_with_unknown_columns", line);
        let is_rewritten = row.fields[..4].iter().any(|value| {
            reading::integer(value)
                .is_some_and(|id| reading::text(value) != Some(id.to_string().as_str()))
        });
        self.find_if(is_rewritten, "appointments_with_rewritten_ids", line);
        let trimmed: Vec<&str> = COLUMNS
            .into_iter()
            .zip(&row.fields)
            .filter(|(_, value)| !value.is_empty() && has_white_space(value))
            .map(|(column, _)| column)
            .collect();
        if !trimmed.is_empty() {
            let found = format!("{line} {}", trimmed.join(", "));
            self.find_as("appointments_with_white_space", found);
        }
    }

    fn read_settings(&mut self, settings: &SettingsFile) -> Live {
        let mut live = Live::new();
        let mut named: BTreeMap<(i64, i64), BTreeSet<u64>> = BTreeMap::new();
        for (place, office) in &settings.offices {
            self.judge_document(*place, office);
            let period = self.period(*place, office);
            for department in office.department_ids() {
                let Some(practice) = office.value("emr_practice_id").integer() else {
                    continue;
                };
                let key = (practice, department);
                named.entry(key).or_default().insert(*place);
                live.entry(key).or_default().extend(period);
            }
        }
        for ((practice, department), places) in named {
            for place in places.iter().filter(|_| places.len() > 1) {
                let found = format!("{place} {practice} {department} {}", places.len());
                self.find_as("departments_in_several_offices", found);
            }
        }
        live
    }

    fn period(&mut self, place: u64, office: &Office) -> Option<Period> {
        let launched = office.value("launched_date");
        self.find_if(launched.as_text().is_none(), "offices_not_launched", place);
        let is_odd = launched.as_text().is_some() && launched.day().is_none();
        self.find_if(is_odd, "offices_with_unreadable_launched_date", place);
        let disabled = office.value("disabled_date");
        let is_unknown = disabled.as_text().is_some() && disabled.day().is_none();
        self.find_if(is_unknown, "offices_with_unreadable_disabled_date", place);
        let from = launched.day();
        let to = disabled.day();
        let is_inverted = from.is_some() && to.is_some_and(|to| Some(to) < from);
        self.find_if(is_inverted, "offices_disabled_before_launch", place);
        if is_unknown || is_inverted {
            return None;
        }
        Some((from?, to))
    }

    fn judge_document(&mut self, place: u64, office: &Office) {
        let has_id = |key: &str| office.value(key).integer().is_some();
        self.find_if(
            !has_id("emr_practice_id"),
            "offices_without_practice",
            place,
        );
        let has_ids = has_id("epion_practice_id") && has_id("epion_office_id");
        self.find_if(!has_ids, "offices_with_unreadable_ids", place);
        for (key, value) in KEYS.into_iter().zip(&office.values) {
            if matches!(value, Json::Missing) {
                self.find_as(
                    "documents_with_other_keys",
                    format!("{place} {key} missing"),
                );
            }
            if matches!(value, Json::Text(_)) && key.ends_with("_id") && value.integer().is_some() {
                self.find_as("documents_with_ids_as_text", format!("{place} {key}"));
            }
            for value in value.as_list() {
                if matches!(value, Json::Text(text) if has_white_space(text)) {
                    self.find_as("documents_with_white_space", format!("{place} {key}"));
                }
            }
        }
        if office.has_note {
            self.find_as("documents_with_other_keys", format!("{place} note unknown"));
        }
        let trouble = office.trouble_with_departments();
        if !trouble.is_empty() {
            self.find_as("offices_with_odd_departments", format!("{place} {trouble}"));
        }
    }

    fn compute(&mut self, mut appointments: Vec<Appointment>, live: &Live) {
        // Without a date: behind all that have one.
        appointments.sort_by_key(|each| (each.day.is_none(), each.day, each.practice, each.id));
        let mut months: BTreeMap<(u32, u32), (u64, u64)> = BTreeMap::new();
        for each in appointments.iter().filter(|each| each.is_valid()) {
            let line = each.line();
            self.valid_appts.push_str(&line);
            let is_epion = each.is_live(live);
            if is_epion {
                self.epion_appts.push_str(&line);
            }
            if let Some((year, month, _)) = each.day {
                let sums = months.entry((year, month)).or_default();
                sums.0 += u64::from(is_epion);
                sums.1 += 1;
            }
        }
        for ((year, month), (epion, valid)) in months {
            // Ten thousandths, a half counting as one more.
            let rate = (2 * 10_000 * epion + valid) / (2 * valid);
            let (whole, part) = (rate / 10_000, rate % 10_000);
            let line = format!("{year:04}-{month:02},{epion},{valid},{whole}.{part:04}");
            writeln!(self.epion_utilization, "{line}").unwrap();
        }
    }
}

impl Appointment {
    fn of(row: &Row) -> Appointment {
        let integer = |column: usize| reading::integer(&row.fields[column]);
        let text = |column: usize| reading::text(&row.fields[column]).map(String::from);
        Appointment {
            practice: integer(0),
            id: integer(1),
            provider: integer(2),
            department: integer(3),
            status: text(4),
            state: text(5),
            encounter: text(6),
            day: reading::day(&row.fields[7]),
        }
    }

    fn has_live_encounter(&self) -> bool {
        let state = self.state.as_deref().unwrap_or_default();
        !state.eq_ignore_ascii_case("deleted")
    }

    fn is_valid(&self) -> bool {
        let is_cancelled = matches!(self.status.as_deref(), Some("x" | "X" | "f" | "F"));
        !is_cancelled && self.has_live_encounter()
    }

    fn is_live(&self, live: &Live) -> bool {
        let (Some(practice), Some(department)) = (self.practice, self.department) else {
            return false;
        };
        let periods = live.get(&(practice, department));
        self.day.is_some_and(|day| {
            periods.into_iter().flatten().any(|(from, to)| {
                let has_begun = *from <= day;
                let has_ended = to.is_some_and(|to| to < day);
                has_begun && !has_ended
            })
        })
    }

    /// A line of CSV, with quotes only where they are needed.
    fn line(&self) -> String {
        let number = |id: Option<i64>| id.map_or(String::new(), |id| id.to_string());
        let text = |value: &Option<String>| match value {
            Some(value) if value.contains([',', '"', '\n', '\r']) => {
                format!("\"{}\"", value.replace('"', "\"\""))
            }
            Some(value) => value.clone(),
            None => String::new(),
        };
        let day = self.day.map_or(String::new(), |(year, month, day)| {
            format!("{year:04}-{month:02}-{day:02}")
        });
        let fields = [
            number(self.practice),
            number(self.id),
            number(self.provider),
            number(self.department),
            text(&self.status),
            text(&self.state),
            text(&self.encounter),
            day,
        ];
        fields.join(",") + "\n"
    }
}

impl Office {
    fn value(&self, key: &str) -> &Json {
        let place = KEYS.iter().position(|each| *each == key).unwrap();
        &self.values[place]
    }

    fn department_ids(&self) -> BTreeSet<i64> {
        let listed = self.value("emr_department_ids").as_list();
        listed.iter().filter_map(Json::integer).collect()
    }

    fn trouble_with_departments(&self) -> String {
        let given = self.value("emr_department_ids");
        let mut troubles = BTreeSet::new();
        let mut ids = Vec::new();
        for value in given.as_list() {
            match (value, value.integer()) {
                (Json::Missing | Json::Null, _) => _ = troubles.insert("a null in the list"),
                (_, None) => _ = troubles.insert("not an integer"),
                (Json::Text(_), Some(_)) => _ = troubles.insert("text instead of a number"),
                _ => {}
            }
            ids.extend(value.integer());
        }
        let shape = match given {
            Json::Missing | Json::Null => Some("none at all"),
            Json::List(values) if values.is_empty() => Some("an empty list"),
            Json::List(_) => None,
            _ => Some("one value instead of a list"),
        };
        let is_twice = ids.len() > self.department_ids().len();
        let twice = is_twice.then_some("the same one twice");
        let all: Vec<&str> = shape.into_iter().chain(troubles).chain(twice).collect();
        all.join("; ")
    }
}

impl Json {
    /// A trimmed text; None if it is empty.
    fn as_text(&self) -> Option<&str> {
        match self {
            Json::Missing | Json::Null => None,
            Json::Number(_, read) => Some(read),
            Json::Text(text) => reading::text(text),
            Json::Bool(_) | Json::List(_) | Json::Object => Some("no text"),
        }
    }

    fn integer(&self) -> Option<i64> {
        self.as_text().and_then(reading::integer)
    }

    fn day(&self) -> Option<Day> {
        self.as_text().and_then(reading::day)
    }

    /// One value is a list of one, and none an empty one.
    fn as_list(&self) -> &[Json] {
        match self {
            Json::Missing | Json::Null => &[],
            Json::List(values) => values,
            value => std::slice::from_ref(value),
        }
    }
}

fn has_white_space(value: &str) -> bool {
    reading::text(value) != Some(value)
}
