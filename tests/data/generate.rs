//! Writes the input files of `data/`: made up, the same bytes each time, with every kind of trouble
//! that real files have. `cargo run --example generate_data`.

use std::fmt::Write as _;
use std::path::Path;

const ROWS: u64 = 3_000;
/// Ids of one practice mean nothing in another: appointments and departments have the same ones.
const PRACTICES: [u64; 4] = [1, 2, 3, 70];
const DEPARTMENTS: [u64; 8] = [11, 12, 13, 14, 15, 16, 17, 18];
const STATUSES: [&str; 8] = ["2", "3", "4", "x", "f", "", "X", "F"];
const STATES: [&str; 6] = ["", "CLOSED", "OPEN", "DELETED", "Deleted", "REVIEW"];
const ENCOUNTERS: [&str; 6] = [
    "",
    "CLOSED",
    "\"CLOSED, LATE\"",
    "\"two\nlines \"\"so\"\"\"",
    "v visit v",
    "\x0b padded \x0c",
];

/// The files: name and bytes.
pub(crate) fn files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("lab1_appointments.csv", appointments()),
        ("lab1_epion_office_settings.json", office_settings()),
        ("offices.json", offices()),
        ("practices.json", practices()),
    ]
}

/// Numbers that look random and are the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'a>(&mut self, values: &[&'a str]) -> &'a str {
        values[self.roll(values.len() as u64) as usize]
    }
}

fn appointments() -> Vec<u8> {
    let mut dice = Dice(2023);
    let mut out: Vec<u8> = b"\xef\xbb\xbfemr_practice_id,emr_appointment_id,emr_provider_id,\
        emr_department_id,appointment_status,encounter_state,encounter_status,appointment_date\r\n"
        .to_vec();
    let mut repeated = String::new();
    for number in 0..ROWS {
        let line = appointment(&mut dice, number);
        // Line ends of two kinds in one file.
        let end = if number % 3 == 0 { "\r\n" } else { "\n" };
        out.extend_from_slice(format!("{line}{end}").as_bytes());
        if number % 25 == 0 {
            repeated = line;
        } else if number % 25 == 7 {
            out.extend_from_slice(format!("{repeated}{end}").as_bytes());
        }
        if number % 500 == 250 {
            out.extend_from_slice(trouble(number / 500));
        }
    }
    out
}

fn appointment(dice: &mut Dice, number: u64) -> String {
    let practice = PRACTICES[dice.roll(4) as usize];
    // Numbers repeat across practices, and now and then within one, with other values.
    let id = 5_000 + dice.roll(ROWS * 4);
    let provider = 300 + dice.roll(40);
    let department = DEPARTMENTS[dice.roll(8) as usize];
    let (status, state) = (dice.pick(&STATUSES), dice.pick(&STATES));
    let encounter = dice.pick(&ENCOUNTERS);
    let (month, day) = (1 + dice.roll(5), 1 + dice.roll(28));
    let date = match number % 97 {
        // A month before any office was launched.
        0 => format!("2022-12-{day:02}"),
        _ => format!("2023-{month:02}-{day:02}"),
    };
    // Values that cannot be read, and values that only look as if they could not.
    let text = |value: u64| value.to_string();
    let (practice, id, provider, department, date) = match number % 60 {
        3 => (
            text(practice),
            text(id),
            "n/a".into(),
            text(department),
            date,
        ),
        9 => (text(practice), text(id), text(provider), "".into(), date),
        14 => (
            text(practice),
            text(id),
            text(provider),
            "ward 3".into(),
            date,
        ),
        19 => (
            text(practice),
            text(id),
            text(provider),
            text(department),
            "2023-02-30".into(),
        ),
        24 => (
            text(practice),
            text(id),
            text(provider),
            text(department),
            "".into(),
        ),
        29 => (
            text(practice),
            text(id),
            text(provider),
            text(department),
            "20230105".into(),
        ),
        34 => ("".into(), text(id), text(provider), text(department), date),
        39 => (
            text(practice),
            "A17".into(),
            text(provider),
            text(department),
            date,
        ),
        44 => (
            format!(" {practice}\t"),
            format!("+{id}"),
            format!("00{provider}"),
            format!("  {department} "),
            format!("{date} \x0b"),
        ),
        49 => (
            text(practice),
            text(id),
            "12345678901234567890".into(),
            text(department),
            "infinity".into(),
        ),
        54 => (
            format!("0{practice}"),
            text(id),
            "-7".into(),
            format!("\"{department}\""),
            date,
        ),
        _ => (
            text(practice),
            text(id),
            text(provider),
            text(department),
            date,
        ),
    };
    format!("{practice},{id},{provider},{department},{status},{state},{encounter},{date}")
}

/// Lines that are no record.
fn trouble(kind: u64) -> &'static [u8] {
    match kind {
        0 => b"1,9001,300,11,4,CLOSED\n",
        1 => b"1,9002,300,11,4,CLOSED,CLOSED,2023-01-05,and,more\n",
        2 => b"2,9003,300,12,4,\"never closed,CLOSED,2023-01-05\n",
        3 => b"2,9004,300,12,4,CLOSED,caf\xe9,2023-01-05\n",
        4 => b"3,9005,300,13,4,CL\"OSED,CLOSED,2023-01-05\n",
        _ => b"3,9006,300,13,4,CLOSED,a\0b,2023-01-05\n\n",
    }
}

/// One office: practice, office, departments as JSON, launched and disabled as JSON.
type Office = (u64, u64, &'static str, &'static str, &'static str);

const OFFICES: [Office; 30] = [
    (1, 100, "[11]", "\"2023-01-10\"", "null"),
    // One day, both ends included.
    (1, 101, "[12]", "\"2023-02-05\"", "\"2023-02-05\""),
    // Overlapping, adjacent, and with a gap: one department, several offices.
    (1, 102, "[13]", "\"2023-01-01\"", "\"2023-01-20\""),
    (1, 103, "[13]", "\"2023-01-15\"", "\"2023-02-10\""),
    (1, 104, "[13, 14]", "\"2023-02-11\"", "\"2023-02-28\""),
    (1, 105, "[13]", "\"2023-04-01\"", "null"),
    // A duplicate that was never launched changes nothing.
    (1, 106, "[11, 14]", "null", "null"),
    (1, 107, "15", "\"2023-01-01\"", "null"),
    (1, 108, "\" 16 \"", "\"2023-03-01\"", "null"),
    (1, 109, "[]", "\"2023-01-01\"", "null"),
    (1, 110, "null", "\"2023-01-01\"", "null"),
    (
        1,
        111,
        "[17, null, \"x\", \"18\", 18.5, true]",
        "\"2023-01-01\"",
        "null",
    ),
    // Disabled before it was launched.
    (1, 112, "[14]", "\"2023-05-01\"", "\"2023-04-01\""),
    (2, 200, "[11, 12]", "\"2023-03-01\"", "\"2023-04-30\""),
    (2, 201, "[13]", "\"soon\"", "null"),
    (2, 202, "[14]", "\"2023-01-01\"", "\"2023-02-30\""),
    (2, 203, "[15]", "\" 2023-01-01 \"", "\"\""),
    (2, 204, "[16]", "\"2023-1-5\"", "null"),
    (2, 205, "[16, 16, 17]", "\"2023-02-01\"", "null"),
    (2, 206, "[17]", "\"2023-02-01\"", "\"2023-02-14\""),
    (2, 207, "[18]", "20230101", "null"),
    (
        3,
        300,
        "[11, 13, 15, 17]",
        "\"2023-01-01\"",
        "\"2023-01-31\"",
    ),
    (3, 301, "[11]", "\"2023-02-01\"", "\"2023-02-28\""),
    (3, 302, "[12]", "\"\"", "\"2023-02-01\""),
    (3, 303, "\"\"", "\"2023-01-01\"", "null"),
    (3, 304, "[14]", "\"2023-01-31\"", "\"2023-03-01\""),
    (3, 305, "\"none\"", "\"2023-01-01\"", "null"),
    (3, 306, "[16]", "\"2023-02-10\"", "\"2023-02-20\""),
    (3, 307, "[16]", "\"2023-02-15\"", "\"2023-03-31\""),
    (70, 700, "[18]", "\"2023-02-15\"", "\"2023-03-31\""),
];

fn office_settings() -> Vec<u8> {
    let mut documents: Vec<String> = OFFICES
        .iter()
        .map(|(practice, office, departments, launched, disabled)| {
            // Two practices write their number as text.
            let emr = if *practice == 3 { "\"3\"".to_string() } else { practice.to_string() };
            format!(
                "{{\n    \"practice_name\": \"P{practice}\",\n    \"emr_practice_id\": {emr},\n    \
                 \"epion_practice_id\": {},\n    \"epion_office_id\": {office},\n    \
                 \"office_name\": \"Office {office} \\u00e9\",\n    \"emr_department_ids\": {departments},\n    \
                 \"launched_date\": {launched},\n    \"disabled_date\": {disabled}\n  }}",
                practice * 10
            )
        })
        .collect();
    let odd = |departments: &str, practice: &str| {
        format!(
            "{{\"practice_name\": null, \"emr_practice_id\": {practice}, \"emr_department_ids\": {departments}, \
             \"launched_date\": \"2023-01-01\", \"disabled_date\": null}}"
        )
    };
    // Departments without a valid practice, and documents that jsonb cannot hold.
    documents.push(odd("[11]", "\"unknown\""));
    documents.push(odd("[12]", "null"));
    documents.push("{\"office_name\": \"a\\u0000b\", \"emr_practice_id\": 1}".into());
    documents.push("{\"emr_practice_id\": 1e131072}".into());
    documents.push(odd(
        &format!("{}12{}", "[".repeat(300), "]".repeat(300)),
        "1",
    ));
    format!("[\n  {}\n]\n", documents.join(",\n  ")).into_bytes()
}

fn offices() -> Vec<u8> {
    // One object a line.
    let mut out = String::new();
    for (practice, office, departments, launched, disabled) in OFFICES {
        writeln!(
            out,
            "{{\"epion_practice_id\": {}, \"launched_date\": {launched}, \"disabled_date\": {disabled}, \
             \"emr_department_ids\": {departments}, \"office_name\": \"Office {office}\"}}",
            practice * 10
        )
        .expect("writing to a string cannot fail");
    }
    out.into_bytes()
}

fn practices() -> Vec<u8> {
    let mut documents: Vec<String> = PRACTICES
        .iter()
        .map(|practice| {
            format!(
                "{{\"practice_name\": \" P{practice} \", \"emr_practice_id\": {practice}, \"epion_practice_id\": {}}}",
                practice * 10
            )
        })
        .collect();
    // The same practice twice, and one whose numbers do not fit.
    documents.push(documents[0].clone());
    documents.push(
        "{\"practice_name\": \"\", \"emr_practice_id\": 3000000000, \"epion_practice_id\": \"x\"}"
            .into(),
    );
    format!("[\n{}\n]\n", documents.join(",\n")).into_bytes()
}

#[allow(dead_code)]
fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in files() {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
