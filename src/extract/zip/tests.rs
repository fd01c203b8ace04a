use super::*;
use flate2::Crc;
use std::io::Write;

/// How the archives of a program are written.
#[derive(Clone, Copy, Default)]
struct Style {
    is_stored: bool,
    /// Checksums and sizes follow the files.
    is_streamed: bool,
    has_long_sizes: bool,
    /// The first file is encrypted.
    is_encrypted: bool,
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let fast = flate2::Compression::fast();
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), fast);
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn archive(files: &[(&str, &str)], is_streamed: bool) -> Vec<u8> {
    let style = Style {
        is_streamed,
        ..Style::default()
    };
    styled(files, style)
}

fn styled(files: &[(&str, &str)], style: Style) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (index, (name, text)) in files.iter().enumerate() {
        let packed = match style.is_stored {
            true => text.as_bytes().to_vec(),
            false => deflated(text.as_bytes()),
        };
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let sizes = [packed.len(), text.len()].map(|size| size as u64);
        let width = if style.has_long_sizes { 8 } else { 4 };
        let mut facts = crc.sum().to_le_bytes().to_vec();
        facts.extend(
            sizes
                .iter()
                .flat_map(|size| size.to_le_bytes()[..width].to_vec()),
        );
        let is_encrypted = style.is_encrypted && index == 0;
        let flags = 8 * u8::from(style.is_streamed) + u8::from(is_encrypted);
        let method = if style.is_stored { 0 } else { 8 };
        let mut head = vec![20, 0, flags, 0, method, 0, 0, 0, 0, 0];
        head.extend(match style.is_streamed || style.has_long_sizes {
            true => vec![0; 12],
            false => facts.clone(),
        });
        if style.has_long_sizes && !style.is_streamed {
            head[10..14].copy_from_slice(&crc.sum().to_le_bytes());
            head[14..22].fill(0xff);
        }
        head.extend((name.len() as u16).to_le_bytes());
        let extra: Vec<u8> = match style.has_long_sizes {
            true => [1, 0, 16, 0]
                .into_iter()
                .chain(sizes.iter().rev().flat_map(|size| size.to_le_bytes()))
                .collect(),
            false => Vec::new(),
        };
        head.extend((extra.len() as u16).to_le_bytes());
        archive.extend(b"PK\x03\x04");
        archive.extend(&head);
        archive.extend(name.as_bytes());
        archive.extend(&extra);
        archive.extend(packed);
        if style.is_streamed {
            archive.extend(b"PK\x07\x08");
            archive.extend(facts);
        }
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(head);
        directory.extend([0; 14]);
        directory.extend(name.as_bytes());
        directory.extend(extra);
    }
    archive.extend(directory);
    archive.extend(b"PK\x05\x06");
    archive.extend([0; 16]);
    archive.extend(b"\x07\0comment");
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
fn archives_of_each_style_are_read() -> Result<()> {
    // The text has the signature of a description, and spans several buffers.
    let text = "a,PK\x07\x08,b\n".repeat(20_000);
    for bits in 0..8 {
        let style = Style {
            is_stored: bits & 1 > 0,
            is_streamed: bits & 2 > 0,
            has_long_sizes: bits & 4 > 0,
            is_encrypted: false,
        };
        let files = [
            ("x/", ""),
            ("x/a.csv", text.as_str()),
            ("__MACOSX/._a.csv", "PK\x07\x08"),
        ];
        let found = read(&styled(&files, style), None)?;
        assert!(found == ("x/a.csv".into(), text.clone()), "{bits}");
        let several = styled(&[("a", "1"), ("b", &text)], style);
        assert!(read(&several, Some("a"))?.1 == "1", "{bits}");
        assert!(read(&several, Some("b"))?.1 == text, "{bits}");
        let cut = &several[..several.len() - 60];
        assert!(read(cut, Some("a")).is_err(), "{bits}");
    }
    Ok(())
}

#[test]
fn an_encrypted_file_is_refused_unless_another_one_is_named() -> Result<()> {
    let style = Style {
        is_encrypted: true,
        ..Style::default()
    };
    let mixed = styled(&[("secret.csv", "1"), ("b.csv", "2")], style);
    assert!(problem(&mixed, Some("secret.csv")).contains("is encrypted"));
    assert_eq!(read(&mixed, Some("b.csv"))?.1, "2");
    Ok(())
}

#[test]
fn other_data_behind_an_archive_is_refused() {
    let whole = archive(&[("a.csv", "1")], false);
    let padded = [whole.as_slice(), b"\r\n\0\0"].concat();
    assert!(read(&padded, None).is_ok());
    let two = [whole.as_slice(), &whole].concat();
    assert!(problem(&two, None).contains("followed by other data"));
    // The file was deleted from the directory alone.
    let directory = memchr::memmem::find(&whole, b"PK\x01\x02").unwrap();
    let end = memchr::memmem::find(&whole, b"PK\x05\x06").unwrap();
    let hidden = [&whole[..directory], &whole[end..]].concat();
    assert!(problem(&hidden, None).contains("lists 0 files"));
}

#[test]
fn names_may_be_those_of_dos() -> Result<()> {
    let mut whole = archive(&[("Mxller.csv", "1")], false);
    for at in 0..whole.len() - 10 {
        if whole[at..].starts_with(b"Mxller") {
            whole[at + 1] = 0x81;
        }
    }
    assert_eq!(read(&whole, Some("Müller.csv"))?.1, "1");
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
        for length in 0..whole.len() {
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
