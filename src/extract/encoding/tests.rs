use super::*;

fn read(bytes: &[u8], name: &str) -> Result<(Vec<u8>, Encoding)> {
    let (mut input, encoding, _) = as_utf8(Box::new(bytes), name)?;
    let mut read = Vec::new();
    input.read_to_end(&mut read)?;
    Ok((read, encoding))
}

#[test]
fn decodes_every_encoding_to_the_same_text() -> Result<()> {
    let text = "a,é€\n𝄞,\"x\"";
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&utf_16, "utf-16")?.0, text.as_bytes());
    let mut marked = vec![0xfe, 0xff];
    marked.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    let (decoded, encoding) = read(&marked, "utf-8")?;
    assert_eq!(decoded, format!("\u{feff}{text}").as_bytes());
    assert_eq!(encoding.original(&decoded), marked);
    assert_eq!(read(b"\xe9\x80", "latin1")?.0, "é\u{80}".as_bytes());
    assert_eq!(read(b"\xe9\x80", "windows-1252")?.0, "é€".as_bytes());
    Ok(())
}

#[test]
fn restores_the_original_of_any_bytes() -> Result<()> {
    let mut state: u32 = 7;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    for length in 0..600 {
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
        for name in ["latin1", "windows-1252", "utf-16le", "utf-16be"] {
            let (decoded, encoding) = read(&bytes, name)?;
            assert_eq!(encoding.original(&decoded), bytes, "{name}");
            assert_eq!(encoding.length(&decoded), bytes.len() as u64, "{name}");
        }
    }
    Ok(())
}

#[test]
fn half_a_pair_is_not_text() -> Result<()> {
    let (decoded, _) = read(b"x\x00\x00\xd8\n\x00", "utf-16")?;
    assert!(std::str::from_utf8(&decoded).is_err());
    assert!(decoded.ends_with(b"\n"));
    let (decoded, _) = read(b"x\x00\n", "utf-16")?;
    assert!(std::str::from_utf8(&decoded).is_err());
    Ok(())
}
