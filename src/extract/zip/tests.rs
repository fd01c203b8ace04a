use super::*;
use std::io::Write;

/// An archive of deflated files. With `is_streamed`, checksums and sizes follow the files.
fn archive(files: &[(&str, &str)], is_streamed: bool) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, text) in files {
        let fast = flate2::Compression::fast();
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), fast);
        encoder.write_all(text.as_bytes()).unwrap();
        let packed = encoder.finish().unwrap();
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let facts = [crc.sum(), packed.len() as u32, text.len() as u32];
        let facts: Vec<u8> = facts.iter().flat_map(|fact| fact.to_le_bytes()).collect();
        archive.extend(b"PK\x03\x04\x14\0");
        archive.extend([if is_streamed { 8 } else { 0 }, 0, 8, 0, 0, 0, 0, 0]);
        archive.extend(if is_streamed {
            vec![0; 12]
        } else {
            facts.clone()
        });
        archive.extend((name.len() as u32).to_le_bytes());
        archive.extend(name.as_bytes());
        archive.extend(packed);
        if is_streamed {
            archive.extend(b"PK\x07\x08");
            archive.extend(facts);
        }
    }
    // The directory's content is not read.
    archive.extend(b"PK\x01\x02...PK\x05\x06");
    archive.extend([0; 18]);
    archive
}

fn read(archive: &[u8], member: Option<&str>) -> Result<(String, String)> {
    let mut file = ZipMember::open(Box::new(archive), member)?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok((file.name().to_string(), text))
}

fn problem(archive: &[u8], member: Option<&str>) -> String {
    let error = read(archive, member).unwrap_err();
    match error.downcast::<Failure>() {
        Ok(failure) => format!("{failure} {failure:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_only_file_is_read() -> Result<()> {
    let text = "a,b\n".repeat(50_000);
    for is_streamed in [false, true] {
        let files = [
            ("dir/", ""),
            ("__MACOSX/._a.csv", "x"),
            ("dir/a.csv", text.as_str()),
            (".DS_Store", "x"),
        ];
        let found = read(&archive(&files, is_streamed), None)?;
        assert!(found == ("dir/a.csv".into(), text.clone()));
    }
    Ok(())
}

#[test]
fn one_of_several_files_must_be_named() -> Result<()> {
    let several = archive(&[("a.csv", "1"), ("b.csv", "2"), ("c.csv", "3")], false);
    assert_eq!(read(&several, Some("b.csv"))?.1, "2");
    let problem_of_all = problem(&several, None);
    assert!(
        problem_of_all.contains("a.csv, b.csv, c.csv"),
        "{problem_of_all}"
    );
    assert!(problem(&several, Some("x")).contains("no file \"x\""));
    assert!(problem(&archive(&[], false), None).contains("no file"));
    Ok(())
}

#[test]
fn documents_of_office_are_named() {
    let parts = [
        ("[Content_Types].xml", "<x/>"),
        ("_rels/.rels", ""),
        ("xl/a.xml", ""),
    ];
    assert!(problem(&archive(&parts, false), None).contains("Excel workbook"));
}

#[test]
fn damaged_archives_are_errors() {
    for is_streamed in [false, true] {
        let whole = archive(&[("a.csv", "1,2,3\n4,5,6\n7,8,9")], is_streamed);
        assert!(read(&whole, None).is_ok());
        for length in 0..whole.len() - 18 {
            assert!(read(&whole[..length], None).is_err(), "{length}");
        }
        for at in 40..whole.len() - 40 {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            if let Ok((_, text)) = read(&damaged, None) {
                assert_eq!(text, "1,2,3\n4,5,6\n7,8,9", "{at}");
            }
        }
    }
}
