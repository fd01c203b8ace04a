use super::*;

/// The decoded text, its encoding, and the bytes that were kept beside it.
fn read(bytes: &[u8], name: &str) -> Result<(Vec<u8>, Encoding, Vec<u8>)> {
    let mut decoded = decode(Box::new(bytes), name)?;
    let mut read = Vec::new();
    decoded.text.read_to_end(&mut read)?;
    let originals = decoded.originals.map(|originals| {
        let bytes = originals.first(read.len());
        assert_eq!(originals.discard(read.len()), bytes.len());
        bytes
    });
    let bytes = originals.unwrap_or_else(|| read.clone());
    Ok((read, decoded.encoding, bytes))
}

fn text(bytes: &[u8], name: &str) -> String {
    String::from_utf8(read(bytes, name).unwrap().0).unwrap()
}

#[test]
fn decodes_every_encoding_to_the_same_text() -> Result<()> {
    let written = "a,é€\n𝄞,\"x\"";
    let utf_16: Vec<u8> = written.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(text(&utf_16, "utf-16"), written);
    let big: Vec<u8> = written.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(text(&big, "utf-16"), written, "the zeros show the order");
    let marked = [&[0xfe, 0xff], big.as_slice()].concat();
    let (decoded, _, originals) = read(&marked, "utf-8")?;
    assert_eq!(decoded, format!("\u{feff}{written}").as_bytes());
    assert_eq!(originals, marked);
    assert_eq!(text(b"\xe9\x80", "latin1"), "é\u{80}");
    assert_eq!(text(b"\xe9\x80", "windows-1252"), "é€");
    assert_eq!(text(b"\xa3\xf3d\x9f", "windows-1250"), "Łódź");
    assert_eq!(text(b"M\x81ller", "cp437"), "Müller");
    assert_eq!(
        text(b"\x93\x8c\x8b\x9e,\x83\x5c|\xb1", "shift_jis"),
        "東京,ソ|ｱ"
    );
    assert_eq!(text(b"\xb1\xb1\xbe\xa9\x80", "gbk"), "北京€");
    assert_eq!(text(b"\x81\x30\x81\x30\xb1\xb1", "gb18030"), "\u{80}北");
    assert_eq!(text(b"\xa5\x78\xa5\x5f", "big5"), "台北");
    assert_eq!(text(b"\x8f\xb0\xa1\xc5\xec", "euc-jp"), "丂東");
    assert_eq!(text(b"\xbc\xad\xbf\xef", "euc-kr"), "서울");
    Ok(())
}

#[test]
fn keeps_the_original_of_any_bytes() -> Result<()> {
    let mut state: u32 = 7;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    for length in 0..300 {
        let mut bytes: Vec<u8> = (0..length).map(|_| random()).collect();
        // Avoid a byte order mark, which would override the name. Every third file has many surrogates.
        bytes.iter_mut().take(1).for_each(|first| *first = b'x');
        if length % 3 == 0 {
            bytes
                .iter_mut()
                .skip(1)
                .step_by(2)
                .for_each(|byte| *byte = 0xd8 | *byte & 7);
        }
        for name in KNOWN {
            assert_eq!(read(&bytes, name)?.2, bytes, "{name}");
        }
    }
    Ok(())
}

#[test]
fn bytes_that_are_no_character_are_not_text() -> Result<()> {
    for (bytes, name) in [
        (b"x\x00\x00\xd8\n\x00".as_slice(), "utf-16"),
        (b"x\xd2\n", "windows-1253"),
        // A first byte must not hide the line end.
        (b"x\x81\n", "shift_jis"),
        (b"x\x81\x30\x81\n", "gb18030"),
    ] {
        let (decoded, _, _) = read(bytes, name)?;
        assert!(std::str::from_utf8(&decoded).is_err(), "{name}");
        assert!(decoded.ends_with(b"\n"), "{name}");
    }
    let (decoded, _, _) = read(b"x\x00\n", "utf-16")?;
    assert!(std::str::from_utf8(&decoded).is_err());
    Ok(())
}

#[test]
fn usual_labels_are_understood() {
    for (label, name) in [
        ("UTF8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "windows-1252"),
        ("Latin-1", "latin1"),
        ("ISO-8859-1", "latin1"),
        ("iso_8859-2", "iso-8859-2"),
        ("latin2", "iso-8859-2"),
        ("shift-jis", "shift_jis"),
        ("SJIS", "shift_jis"),
        ("cp932", "shift_jis"),
        ("GB2312", "gbk"),
        ("euckr", "euc-kr"),
        ("mac_roman", "macintosh"),
        ("KOI8R", "koi8-r"),
        ("IBM850", "cp850"),
        ("CP437", "cp437"),
        ("cp866", "ibm866"),
        ("UTF-16 LE", "utf-16le"),
        ("utf_16", "utf-16"),
    ] {
        assert_eq!(canonical_name(label), Some(name), "{label}");
    }
    for name in KNOWN {
        assert_eq!(canonical_name(name), Some(name));
    }
    assert_eq!(canonical_name("ebcdic"), None);
    assert_eq!(canonical_name(""), None);
}

/// The detected name, which the reason must explain unless it is UTF-8.
fn detected(bytes: &[u8]) -> (&'static str, String) {
    let detected = detect_encoding(bytes).unwrap();
    (detected.name, detected.reason.unwrap_or_default())
}

#[test]
fn the_encoding_is_detected_from_the_whole_file() {
    assert_eq!(detected(b"id,name\n1,a\n"), ("utf-8", String::new()));
    assert_eq!(detected("id\né\n".as_bytes()), ("utf-8", String::new()));
    assert_eq!(detected(b""), ("utf-8", String::new()));
    let (name, reason) = detected("ë,ö\nMu\u{fffd}oz,ś\n日本".as_bytes());
    assert_eq!((name, reason.as_str()), ("utf-8", ""));
    let mut mixed = "ë,ö\nMuz,ś\n".as_bytes().to_vec();
    mixed.insert(8, 0xf1);
    let (name, reason) = detected(&mixed);
    assert_eq!(name, "utf-8");
    assert!(
        reason.contains("1 byte is not, the first on line 2"),
        "{reason}"
    );
    let (name, reason) = detected(b"Pr\xe9nom;Prix\ninvit\xe9;10 \x80\n");
    assert_eq!(name, "windows-1252");
    assert!(
        reason.contains("line 1") && reason.contains("\"Prénom\""),
        "{reason}"
    );
    // A byte at the end of the file counts, too.
    assert_eq!(detected(b"id,name\n1,caf\xe9").0, "windows-1252");
    assert_eq!(detected(b"id,name\n1,\xa35\n2,\xa36\n").0, "windows-1252");
    assert_eq!(detected(b"id,name\n1,5 \xa4\n2,caf\xe9\n").0, "iso-8859-15");
    assert_eq!(
        detected(b"id,name\n1,M\x9fller\n2,Fran\x8dois\n").0,
        "macintosh"
    );
    let (name, reason) = detected(b"id,name\n1,M\x81ller\n2,Wei\xe1enb\x94ck\n");
    assert_eq!(name, "cp850");
    assert!(reason.contains("Müller"), "{reason}");
    let text: String = "id,Größe\n1,ä\n".into();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(detected(&little).0, "utf-16le");
    assert_eq!(
        detected(&[b"\xff\xfe", little.as_slice()].concat()).0,
        "utf-16"
    );
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(detected(&big).0, "utf-16be");
    // Few of these bytes are NUL, but the line feeds are wide.
    let chinese = "号,名\n1,上海市浦东新区世纪大道\n2,北京市海淀区中关村大街\n".encode_utf16();
    let chinese: Vec<u8> = chinese.flat_map(u16::to_le_bytes).collect();
    assert_eq!(detected(&chinese).0, "utf-16le");
    assert_eq!(detected(b"a,b,c\n\0,2,3").0, "utf-8", "one bad record");
}

#[test]
fn the_language_decides_between_encodings() {
    for (name, text) in [
        (
            "windows-1250",
            "id,t\n1,Łódź\n2,Gdańsk\n3,Wrocław\n4,Świdnica\n",
        ),
        ("windows-1251", "id,t\n1,Москва\n2,Казань\n"),
        ("windows-1253", "id,t\n1,Αθήνα\n2,Πάτρα\n"),
        (
            "windows-1254",
            "id,t\n1,İstanbul\n2,Diyarbakır\n3,Eskişehir\n",
        ),
        ("ibm866", "id,t\n1,Москва\n2,Казань\n"),
        ("shift_jis", "id,t\n1,東京\n2,大阪市\n3,トヨタ自動車\n"),
        ("euc-jp", "id,t\n1,東京\n2,大阪市\n3,トヨタ自動車\n"),
        ("gbk", "id,t\n1,北京\n2,上海市\n3,广州\n"),
        ("big5", "id,t\n1,台北\n2,高雄市\n3,新竹\n"),
        ("euc-kr", "id,t\n1,서울\n2,부산광역시\n"),
    ] {
        let bytes = names::table(name).unwrap().encode(text).0;
        assert_eq!(detected(&bytes).0, name, "{text}");
    }
}
