//! Each module of the program uses only modules below it, and files of the web application use each other in one
//! direction.

use crate::support::repository;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// From top to bottom. A new module gets its place here.
const LAYERS: [&str; 26] = [
    "main",
    "commands",
    "cli",
    "web",
    "jobs",
    "pipeline",
    "init",
    "docs",
    "accounts",
    "export",
    "schema",
    "load",
    "history",
    "quality",
    "difference",
    "extract",
    "copy",
    "database",
    "embedded",
    "db",
    "project",
    "whole_file",
    "terminal",
    "signals",
    "failure",
    "build",
];

type Edges = BTreeMap<String, BTreeSet<String>>;

/// Files of Rust below a folder: names of their modules, as `web/data/pool`, and texts without tests and comments.
fn modules(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let below = |name: &str| match prefix {
            "" => name.to_string(),
            prefix => format!("{prefix}/{name}"),
        };
        if path.is_dir() {
            modules(&path, &below(&name), found);
        } else if let Some(stem) = name.strip_suffix(".rs") {
            let module = if stem == "mod" {
                prefix.to_string()
            } else {
                below(stem)
            };
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let lines = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            found.insert(module, lines.collect::<Vec<_>>().join("\n"));
        }
    }
}

fn all() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    modules(&repository().join("src"), "", &mut found);
    found
}

/// What `use` declarations name, one path each; of those that are public if `is_public`.
fn used(text: &str, is_public: bool) -> Vec<String> {
    let mut paths = Vec::new();
    for declaration in text.split(';') {
        let Some(at) = declaration.rfind("use ") else {
            continue;
        };
        let before = declaration[..at]
            .lines()
            .next_back()
            .unwrap_or_default()
            .trim();
        let is_use = before.is_empty() || before.starts_with("pub");
        if is_use && before.starts_with("pub") == is_public {
            let tree: String = declaration[at + 4..]
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            expand("", &tree, &mut paths);
        }
    }
    paths
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((head, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree);
        if !path.is_empty() {
            paths.push(format!("{prefix}{path}"));
        }
        return;
    };
    let inside = &rest[..rest.rfind('}').unwrap_or(rest.len())];
    let (mut depth, mut from) = (0, 0);
    let prefix = format!("{prefix}{head}");
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&prefix, &inside[from..at], paths);
                from = at + 1;
            }
            _ => {}
        }
    }
    expand(&prefix, &inside[from..], paths);
}

/// The path from the root, if it is one of ours: its parts.
fn absolute(module: &str, path: &str, known: &BTreeMap<String, String>) -> Option<Vec<String>> {
    let mut base: Vec<&str> = module.split('/').filter(|part| !part.is_empty()).collect();
    let mut parts: Vec<&str> = path.split("::").collect();
    match parts[0] {
        "crate" => base.clear(),
        "self" => {}
        "super" => {
            while parts.first() == Some(&"super") {
                base.pop();
                parts.remove(0);
            }
            parts.insert(0, "super");
        }
        first => {
            base.push(first);
            if !known.contains_key(&base.join("/")) {
                return None;
            }
        }
    }
    let rest = parts.into_iter().skip(1).filter(|part| *part != "self");
    Some(base.into_iter().chain(rest).map(str::to_string).collect())
}

/// The module that defines what the path names: what another one only hands on is followed.
fn owner(
    path: Vec<String>,
    known: &BTreeMap<String, String>,
    handed_on: &HandedOn,
    depth: u32,
) -> String {
    let length = (0..=path.len())
        .rev()
        .find(|length| known.contains_key(&path[..*length].join("/")));
    let length = length.unwrap_or(0);
    let module = path[..length].join("/");
    let next = path
        .get(length)
        .and_then(|name| handed_on.get(&(module.clone(), name.clone())));
    match next {
        Some(target) if depth < 8 => {
            let rest = path[length + 1..].iter().cloned();
            let target = target.iter().cloned().chain(rest).collect();
            owner(target, known, handed_on, depth + 1)
        }
        _ => module,
    }
}

/// By module and name: where it is from.
type HandedOn = BTreeMap<(String, String), Vec<String>>;

fn edges(known: &BTreeMap<String, String>) -> Edges {
    let mut handed_on = HandedOn::new();
    for (module, text) in known {
        for path in used(text, true) {
            if let Some(target) = absolute(module, &path, known)
                && let Some(name) = target.last().cloned()
            {
                handed_on.insert((module.clone(), name), target);
            }
        }
    }
    let mut edges = Edges::new();
    for (module, text) in known {
        let inline = text
            .split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == ':'))
            .filter(|path| path.starts_with("crate::") || path.starts_with("super::"))
            .map(|path| path.trim_end_matches(':').to_string());
        for path in used(text, false).into_iter().chain(inline) {
            if let Some(target) = absolute(module, &path, known) {
                let target = owner(target, known, &handed_on, 0);
                if target != *module {
                    edges.entry(module.clone()).or_default().insert(target);
                }
            }
        }
    }
    edges
}

#[test]
fn modules_use_only_those_below_them() {
    let known = all();
    let layer = |module: &str| {
        let top = module.split('/').next().unwrap();
        let place = LAYERS.iter().position(|layer| *layer == top);
        place.unwrap_or_else(|| panic!("module {top} has no place in LAYERS"))
    };
    let mut upward = Vec::new();
    for (module, text) in &known {
        for part in text.split("crate::").skip(1) {
            let name: String = part
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect();
            if name.is_empty() || module.split('/').next() == Some(&name) {
                continue;
            }
            if layer(&name) < layer(module) {
                upward.push(format!("{module} uses {name}"));
            }
        }
    }
    assert!(upward.is_empty(), "{}", upward.join("\n"));
}

#[test]
fn the_readme_of_src_lists_the_layers_in_their_order() {
    let readme = fs::read_to_string(repository().join("src/README.md")).unwrap();
    let modules = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let names: Vec<&str> = modules
        .map(|module| module.trim_end_matches('/').trim_end_matches(".rs"))
        .collect();
    assert_eq!(names, LAYERS);
}

#[test]
fn files_of_the_web_application_form_no_cycle() {
    let mut known = all();
    known.retain(|module, _| module == "web" || module.starts_with("web/"));
    let edges = edges(&known);
    // What uses nothing that is left is below; where nothing is, there is a cycle.
    let mut left: BTreeSet<&String> = known.keys().collect();
    loop {
        let below: Vec<&String> = left
            .iter()
            .filter(|module| {
                let used = edges.get(**module).into_iter().flatten();
                !used.into_iter().any(|used| left.contains(used))
            })
            .copied()
            .collect();
        if below.is_empty() {
            break;
        }
        below.iter().for_each(|module| _ = left.remove(module));
    }
    let cycle = left.iter().map(|module| {
        let used = edges[*module].iter().filter(|used| left.contains(used));
        let used: Vec<&str> = used.map(String::as_str).collect();
        format!("{module} uses {}", used.join(", "))
    });
    let cycle: Vec<String> = cycle.collect();
    assert!(
        cycle.is_empty(),
        "these form a cycle:\n{}",
        cycle.join("\n")
    );
    assert!(edges.len() > 50, "it reads the files: {}", edges.len());
}
