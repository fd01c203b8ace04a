//! Makes cargo rebuild after changes in the folders of SQL, because `include_dir!` does not notice new files.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=sql");
    println!("cargo::rerun-if-changed=src/build.rs");
}
