use super::*;

fn settings(pagination: Pagination) -> Settings {
    let mut settings = Settings::for_tests();
    settings.pagination = pagination;
    settings
}

fn pages(settings: &Settings) -> Pages {
    let base = Url::parse("http://h/v1").unwrap();
    Pages::new(settings, &base, Arc::new(Tokens::none()), None)
}

/// A page of these records.
fn page(settings: &Settings, count: u64, next: &str, records: &[u64]) -> Page {
    let body = format!("{{\"count\":{count},\"next\":{next},\"results\":{records:?}}}");
    Page::read(body.into(), settings, None).unwrap()
}

fn texts(requests: &[PageRequest]) -> Vec<&str> {
    requests
        .iter()
        .map(|request| request.url.as_str())
        .collect()
}

#[test]
fn follows_links_to_the_end() -> Result<(), Failure> {
    let settings = settings(Pagination::Next);
    let mut pages = pages(&settings);
    let first = pages.first().clone();
    assert_eq!(first.url.as_str(), "http://h/v1/things/");
    let next = page(&settings, 3, "\"?page=2\"", &[1, 2]);
    let second = pages.accept(&first, &next)?.unwrap();
    assert_eq!(second.url.as_str(), "http://h/v1/things/?page=2");
    assert_eq!(pages.total(), Some(2));
    assert_eq!(
        pages.accept(&second, &page(&settings, 3, "null", &[3]))?,
        None
    );
    Ok(())
}

#[test]
fn computes_the_addresses_of_numbered_pages() -> Result<(), Failure> {
    let settings = settings(Pagination::Next);
    let ahead = |count, next: &str, records: &[u64], limit| {
        let mut pages = pages(&settings);
        let first = pages.first().clone();
        let next = pages
            .accept(&first, &page(&settings, count, next, records))?
            .unwrap();
        Ok::<_, Failure>(pages.requests_ahead(&next, limit))
    };
    let urls = ahead(7, "\"/?a=%2c&page=2&b=1\"", &[1, 2], 9)?;
    let expected = [2, 3, 4].map(|page| format!("http://h/?a=%2c&page={page}&b=1"));
    assert_eq!(texts(&urls), expected);
    assert_eq!(ahead(7, "\"/?page=2\"", &[1, 2], 2)?.len(), 2);
    assert_eq!(ahead(7, "\"/?cursor=x\"", &[1, 2], 9)?.len(), 1);
    // An offset.
    let urls = ahead(7, "\"/?page=3\"", &[1, 2, 3], 9)?;
    assert_eq!(texts(&urls), ["http://h/?page=3", "http://h/?page=6"]);
    // An offset with a name of the server.
    let urls = ahead(7, "\"/?limit=3&offset=3\"", &[1, 2, 3], 9)?;
    let expected = [3, 6].map(|offset| format!("http://h/?limit=3&offset={offset}"));
    assert_eq!(texts(&urls), expected);
    let urls = ahead(7, "\"/?a=3&b=3\"", &[1, 2, 3], 9)?;
    assert_eq!(urls.len(), 1, "the number may be either");
    // The server may report any number.
    let urls = ahead(u64::MAX, &format!("\"/?page={}\"", u64::MAX), &[1], 3)?;
    assert_eq!(urls.len(), 3);
    Ok(())
}

#[test]
fn counts_pages_without_links() -> Result<(), Failure> {
    let mut settings = settings(Pagination::Page);
    settings.first_page = 0;
    settings.page_size = Some(2);
    let mut pages = pages(&settings);
    let mut url = Some(pages.first().clone());
    assert_eq!(
        url.as_ref().unwrap().url.query(),
        Some("page_size=2&page=0")
    );
    let mut count = 0;
    while let Some(here) = url {
        let records = [10 * count, 10 * count + 1];
        url = pages.accept(&here, &page(&settings, 6, "null", &records))?;
        count += 1;
    }
    assert_eq!((count, pages.records), (3, 6));
    Ok(())
}

#[test]
fn an_offset_is_a_number_of_records() -> Result<(), Failure> {
    let mut settings = settings(Pagination::Offset);
    settings.page_parameter = "offset".into();
    settings.first_page = 0;
    let mut pages = pages(&settings);
    let first = pages.first().clone();
    let next = pages
        .accept(&first, &page(&settings, 7, "null", &[1, 2, 3]))?
        .unwrap();
    let queries: Vec<_> = pages
        .requests_ahead(&next, 9)
        .iter()
        .map(|request| request.url.query().map(String::from))
        .collect();
    assert_eq!(queries, [Some("offset=3".into()), Some("offset=6".into())]);
    let next = pages
        .accept(&next, &page(&settings, 7, "null", &[4, 5]))?
        .unwrap();
    assert_eq!(next.url.query(), Some("offset=5"), "a page may be shorter");
    Ok(())
}

#[test]
fn the_last_page_may_omit_the_next_address() -> Result<(), Failure> {
    let mut settings = settings(Pagination::Next);
    let bare = |settings: &Settings, body: &str| Page::read(body.into(), settings, None).unwrap();
    let mut counted = pages(&settings);
    let first = counted.first().clone();
    let last = bare(&settings, "{\"count\":1,\"results\":[1]}");
    assert_eq!(counted.accept(&first, &last)?, None);
    settings.count_at = None;
    let only = pages(&settings).accept(&first, &bare(&settings, "{\"results\":[1]}"));
    assert!(only.unwrap_err().to_string().contains("has no \"next\""));
    Ok(())
}

#[test]
fn refuses_endless_pages() {
    let mut settings = settings(Pagination::Next);
    let endless = |settings: &Settings, records: &[u64]| {
        let mut pages = pages(settings);
        let mut url = pages.first().clone();
        for number in 2..100 {
            let next = format!("\"?page={number}\"");
            match pages.accept(&url, &page(settings, 0, &next, records)) {
                Ok(next) => url = next.unwrap(),
                Err(failure) => return failure.to_string(),
            }
        }
        "none".into()
    };
    assert!(endless(&settings, &[]).contains("but name a next page"));
    settings.count_at = None;
    assert!(endless(&settings, &[7]).contains("the same records as page 1"));
}

#[test]
fn accepts_equal_pages_of_one_record() -> Result<(), Failure> {
    let settings = settings(Pagination::Next);
    let mut pages = pages(&settings);
    let first = pages.first().clone();
    let second = pages
        .accept(&first, &page(&settings, 2, "\"?page=2\"", &[7]))?
        .unwrap();
    assert_eq!(
        pages.accept(&second, &page(&settings, 2, "null", &[7]))?,
        None
    );
    Ok(())
}

#[test]
fn refuses_more_records_than_the_server_counts() {
    let settings = settings(Pagination::Next);
    let mut pages = pages(&settings);
    let first = pages.first().clone();
    let refused = pages.accept(&first, &page(&settings, 1, "null", &[1, 2]));
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("2 records up to ")
    );
}

#[test]
fn a_cursor_is_a_parameter_of_the_first_request() -> Result<(), Failure> {
    let mut settings = settings(Pagination::Cursor);
    settings.count_at = None;
    settings.page_size = Some(1);
    settings.cursor_at = Some("after".into());
    let mut pages = pages(&settings);
    let first = pages.first().clone();
    let read = |body: &str| Page::read(body.into(), &settings, None).unwrap();
    // It looks like an address on another host.
    let one = read("{\"after\":\"http://other/?a=1\",\"results\":[1]}");
    let second = pages.accept(&first, &one)?.unwrap();
    assert_eq!(
        second.url.as_str(),
        "http://h/v1/things/?page_size=1&cursor=http%3A%2F%2Fother%2F%3Fa%3D1"
    );
    let again = read("{\"after\":\"http://other/?a=1\",\"results\":[2]}");
    let refused = pages.accept(&second, &again).unwrap_err().to_string();
    assert!(
        refused.contains("names page 2 as the next one"),
        "{refused}"
    );
    Ok(())
}

#[test]
fn the_number_of_pages_must_be_reached() -> Result<(), Failure> {
    let mut settings = settings(Pagination::Page);
    settings.count_at = None;
    settings.pages_at = Some("pages".into());
    let read = |pages: u64, record: u64| {
        let body = format!("{{\"pages\":{pages},\"results\":[{record}]}}");
        Page::read(body.into(), &settings, None).unwrap()
    };
    let mut whole = pages(&settings);
    let first = whole.first().clone();
    let second = whole.accept(&first, &read(2, 1))?.unwrap();
    assert_eq!(whole.total(), Some(2));
    assert_eq!(whole.accept(&second, &read(2, 2))?, None);
    let mut cut = pages(&settings);
    cut.accept(&first, &read(2, 1))?;
    let missing = cut.accept_missing(&second).unwrap_err().to_string();
    assert!(missing.contains("counts 2 pages"), "{missing}");
    Ok(())
}

#[test]
fn a_missing_page_is_the_end_unless_the_count_is_not_reached() -> Result<(), Failure> {
    let settings = settings(Pagination::Page);
    let missing = |count: u64| -> Result<(), Failure> {
        let mut pages = pages(&settings);
        let first = pages.first().clone();
        let second = pages.accept(&first, &page(&settings, count, "null", &[1]))?;
        pages.accept_missing(&second.unwrap_or(first))
    };
    assert!(missing(1).is_ok());
    let error = missing(3).unwrap_err().to_string();
    assert!(error.contains("the server counts 3"), "{error}");
    Ok(())
}

#[test]
fn the_first_request_has_the_value_of_since_parameter() {
    let mut settings = settings(Pagination::Page);
    settings.since_parameter = Some("since".into());
    let base = Url::parse("http://h").unwrap();
    let tokens = Arc::new(Tokens::none());
    let pages = |since| Pages::new(&settings, &base, Arc::clone(&tokens), since);
    let first = |since| pages(since).first().url.to_string();
    assert_eq!(first(Some("x:1")), "http://h/things/?since=x%3A1&page=1");
    assert_eq!(first(None), "http://h/things/?page=1");
}

#[test]
fn a_change_of_the_count_is_an_error_or_accepted() -> Result<(), Failure> {
    let settings = settings(Pagination::Page);
    for accepts_changes in [false, true] {
        let mut pages = pages(&settings);
        pages.accepts_changes = accepts_changes;
        let first = pages.first().clone();
        let second = pages.accept(&first, &page(&settings, 4, "null", &[1, 2]))?;
        let second = second.unwrap();
        let accepted = pages.accept(&second, &page(&settings, 3, "null", &[3]));
        if accepts_changes {
            assert_eq!(accepted?, None, "the new count is reached");
            let change = pages.change.unwrap();
            assert!(change.contains("counts 3 records, and page 1 counted 4"));
        } else {
            let error = anyhow::Error::new(accepted.unwrap_err());
            let change = crate::extract::rest::what_changed(&error).unwrap();
            assert_eq!(change, error.to_string());
        }
    }
    Ok(())
}
