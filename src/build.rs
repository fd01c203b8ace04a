//! `include_dir!` does not notice a file that is added, so that cargo is told to look at the folders.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=sql");
    println!("cargo::rerun-if-changed=src/build.rs");
}
