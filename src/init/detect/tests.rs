//! Random tables in random dialects: the detected layout gives the same records, or the file is refused.

use super::*;

const TABLES: u64 = 3_000;

/// A random number generator with a fixed seed, so that failures can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // Knuth's MMIX constants. The high bits are more random than the low ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    fn is_one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len())]
    }
}

const NAMES: [&str; 8] = [
    "id",
    "name",
    "city",
    "amount",
    "due date",
    "Größe (cm)",
    "note",
    "2024",
];

fn cell(dice: &mut Dice, kind: usize, row: usize) -> String {
    if row > 1 && dice.is_one_in(15) {
        return dice.pick(&["", "NA", "n/a"]).to_string();
    }
    match kind {
        0 => (row + 1).to_string(),
        1 => dice.pick(&["Ann", "Ben Bo", "Zoë", "O'Neil"]).to_string(),
        2 => dice
            .pick(&[
                "Oslo",
                "Rome, Italy",
                "a;b",
                "say \"hi\"",
                "two\nlines",
                "x|y",
                "C:\\",
            ])
            .to_string(),
        3 => format!("{}.{:02}", dice.roll(1_000), dice.roll(100)),
        4 => format!("2024-{:02}-{:02}", dice.roll(12) + 1, dice.roll(28) + 1),
        5 => format!("{},{}", dice.roll(100), dice.roll(10)),
        _ => dice
            .pick(&["yes", "no", "maybe", "# 1", "10:30"])
            .to_string(),
    }
}

/// The table as text.
struct Written {
    text: String,
    rows: Vec<Vec<String>>,
    context: String,
}

fn write(dice: &mut Dice) -> Written {
    let width = dice.roll(6) + 2;
    let kinds: Vec<usize> = (0..width).map(|_| dice.roll(7)).collect();
    let count = dice.roll(30) + 4;
    let rows: Vec<Vec<String>> = (0..count)
        .map(|row| kinds.iter().map(|kind| cell(dice, *kind, row)).collect())
        .collect();
    let delimiter = dice.pick(&[',', ';', '\t', '|']);
    let style = dice.roll(4);
    let quote = if style == 0 { '\'' } else { '"' };
    let needs = |text: &str| text.contains([delimiter, quote, '\n', '"', '\\']);
    let line = |cells: &[String]| {
        let cells = cells.iter().map(|text| match style {
            2 if needs(text) => {
                let text = text.replace('\\', "\\\\").replace('"', "\\\"");
                format!("\"{text}\"")
            }
            0 | 3 => format!(
                "{quote}{}{quote}",
                text.replace(quote, &format!("{quote}{quote}"))
            ),
            _ if needs(text) => format!("\"{}\"", text.replace('"', "\"\"")),
            _ => text.clone(),
        });
        cells.collect::<Vec<_>>().join(&delimiter.to_string())
    };
    let mut lines = Vec::new();
    let preamble = dice.roll(5);
    match preamble {
        0 => lines.extend([
            "Report".to_string(),
            format!("made{delimiter}today"),
            String::new(),
        ]),
        1 => lines.extend(["# made by us".to_string(), "# today at noon".to_string()]),
        _ => {}
    }
    let names: Vec<String> = NAMES
        .iter()
        .take(width)
        .map(|name| (*name).to_string())
        .collect();
    lines.push(line(&names));
    lines.extend(rows.iter().map(|row| line(row)));
    let footer = dice.roll(4);
    match footer {
        0 => lines.extend([String::new(), "Source: our office".to_string()]),
        1 => lines.push(format!("Total{}", delimiter.to_string().repeat(width - 1))),
        _ => {}
    }
    let context =
        format!("{kinds:?} {delimiter:?} style {style} preamble {preamble} footer {footer}");
    let end = dice.pick(&["\n", "\r\n"]);
    Written {
        text: lines.join(end) + end,
        rows,
        context,
    }
}

#[test]
fn random_tables_are_found_or_refused() {
    let (mut refused, mut wrong) = (0, Vec::new());
    for seed in 1..=TABLES {
        let mut dice = Dice(seed * 7_919);
        let written = write(&mut dice);
        let sample = Sample {
            start: written.text.clone().into_bytes(),
            end: None,
        };
        let found = find(&sample, &LayoutOptions::default());
        if refusal::require_table(&InputPath::of_file("x".into()), &found).is_err() {
            refused += 1;
            continue;
        }
        let body = found.table.body(&found.candidate.records);
        let cells = |record: &SampleRecord| {
            let texts = record
                .cells
                .iter()
                .map(|cell| cell.text.replace("\r\n", "\n").replace("\\\\", "\\"));
            texts.collect::<Vec<_>>()
        };
        let fitting = body.iter().filter(|record| found.table.fits(record));
        let rows: Vec<Vec<String>> = fitting.map(cells).collect();
        // Records that do not fit are rejected, which is reported.
        let has_rejects = rows.len() < body.len();
        if rows != written.rows && !has_rejects {
            let table = &found.table;
            wrong.push(format!(
                "{}\n{table:?}\n{:?}\n{}",
                written.context, found.candidate.dialect, written.text
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong, {refused} refused; {}",
        wrong.len(),
        wrong[..wrong.len().min(12)].join("\n---\n")
    );
    assert!(refused < TABLES / 20, "{refused} refused");
}
