//! What the invented sites answer.

use super::*;

fn site(text: &str) -> Result<FixtureSite, String> {
    let files = [
        ("index.html", "<p>hai"),
        ("api/1.json", "{}"),
        ("a.txt", "a"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), Cow::from(text.as_bytes())));
    FixtureSite::new(&format!("host = 'a.example'\n{text}"), files.into())
}

fn shown(site: &FixtureSite, target: &str) -> (u16, String, Option<String>) {
    let response = site.answer(target);
    let header = |name| {
        let value = response.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    let content_type = header(header::CONTENT_TYPE).unwrap();
    (
        response.status().as_u16(),
        content_type,
        header(header::LOCATION),
    )
}

#[test]
fn paths_are_files_and_exceptions_are_said() {
    let site = site(
        "[[response]]\npath = '/api?page=1'\nfile = 'api/1.json'\n\
         [[response]]\npath = '/lama'\nlocation = '/'\nstatus = 301\n\
         [[response]]\npath = '/rusak'\nstatus = 503\n\
         [[response]]\npath = '/foto'\nfile = 'a.txt'\ncontent_type = 'image/png'",
    )
    .unwrap();
    assert_eq!(
        shown(&site, "/"),
        (200, "text/html; charset=utf-8".into(), None)
    );
    assert_eq!(shown(&site, "/a.txt?x=1").0, 200);
    assert_eq!(shown(&site, "/tidak-ada").0, 404);
    assert_eq!(shown(&site, "/../site.toml").0, 404);
    assert_eq!(
        shown(&site, "/api?page=1"),
        (200, "application/json".into(), None)
    );
    assert_eq!(shown(&site, "/lama").2.as_deref(), Some("/"));
    assert_eq!(shown(&site, "/rusak").0, 503);
    assert_eq!(shown(&site, "/foto").1, "image/png");
}

#[test]
fn a_site_that_could_be_real_or_names_a_missing_file_is_refused() {
    assert!(FixtureSite::new("host = 'pasar.com'", BTreeMap::new()).is_err());
    assert!(site("[[response]]\npath = '/x'\nfile = 'y.html'").is_err());
}

#[test]
fn every_embedded_site_is_well_formed() {
    for site in FixtureSite::all().unwrap() {
        assert!(
            site.files.contains_key("robots.txt") || !site.files.is_empty(),
            "{}",
            site.host
        );
    }
}
