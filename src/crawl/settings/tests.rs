//! What may stand in `[crawl]`, and what is told when it may not.

use super::*;

fn read(text: &str) -> Result<Settings, String> {
    toml::from_str(text).map_err(|error: toml::de::Error| error.to_string())
}

#[test]
fn the_user_agent_names_the_project_and_cannot_be_broken_out_of() {
    let mut settings = Settings::default();
    let agent = settings.user_agent();
    assert!(agent.starts_with("lentera/"), "{agent}");
    assert!(
        agent.ends_with("(anti-trafficking research; text only)"),
        "{agent}"
    );
    settings.contact = Some("https://lsm.example/bot)\r\nCookie: a".to_owned());
    let agent = settings.user_agent();
    assert!(
        agent.contains("(+https://lsm.example/botCookie:a; anti"),
        "{agent}"
    );
}

#[test]
fn a_contact_leads_to_somebody() {
    for good in [
        "https://lsm.example/bot",
        "http://lsm.example",
        "bot@lsm.example",
    ] {
        let settings = read(&format!("contact = '{good}'")).unwrap();
        assert_eq!(settings.contact.as_deref(), Some(good));
        assert!(settings.may_ask("pasar.example"));
    }
    for bad in ["", "kami", "@lsm.example", "https://a b", "bot@lsm"] {
        let told = read(&format!("contact = '{bad}'")).unwrap_err();
        assert!(told.contains("a page about this crawl"), "{told}");
    }
}

#[test]
fn without_a_contact_only_ones_own_hosts_are_asked() {
    let settings = read("resolve = { 'own.example' = '127.0.0.1:80' }").unwrap();
    let source = |host: &str| {
        let text = format!("id = 'a'\nkind = 'feed'\nstart = ['http://{host}/']");
        toml::from_str::<Source>(&text).unwrap()
    };
    assert_eq!(settings.without_contact(&[source("own.example")]), None);
    assert_eq!(
        settings.without_contact(&[source("own.example"), source("pasar.example")]),
        Some("pasar.example")
    );
}

#[test]
fn only_hosts_at_fixed_addresses_may_be_asked_without_a_pause() {
    let settings = read("resolve = { 'pasar-kita.example' = '127.0.0.1:8080' }").unwrap();
    assert_eq!(
        settings.delay("pasar-kita.example", Some(0)),
        Duration::ZERO
    );
    assert_eq!(settings.delay("lain.example", Some(0)), LEAST_DELAY);
    assert_eq!(settings.delay("lain.example", None), Duration::from_secs(2));
}

#[test]
fn a_proxy_that_would_tell_names_is_refused() {
    for good in ["socks5h://127.0.0.1:9050", "http://proxy.example:3128"] {
        let settings = read(&format!("proxy = '{good}'")).unwrap();
        assert_eq!(settings.proxy.unwrap().to_string(), good);
    }
    for (bad, told) in [
        ("socks5://127.0.0.1:9050", "looked up in the open"),
        ("socks4://127.0.0.1:9050", "looked up in the open"),
        ("socks4a://127.0.0.1:9050", "only `http://`"),
        ("https://proxy.example", "only `http://`"),
        ("ftp://proxy.example", "only `http://`"),
        ("127.0.0.1:9050", "not an address"),
        ("", "not an address"),
        ("socks5://u:rahasia@127.0.0.1:9050", "looked up in the open"),
    ] {
        let fault = Proxy::try_from(bad.to_owned()).unwrap_err().to_string();
        assert!(fault.contains(told), "{bad}: {fault}");
        assert!(!fault.contains("rahasia"), "{fault}");
    }
    let secret = Proxy::try_from("http://u:rahasia@proxy.example:3128".to_owned()).unwrap();
    assert!(!format!("{secret:?} {secret}").contains("rahasia"));
}

#[test]
fn low_bandwidth_is_smaller_pages_one_after_the_other() {
    let settings = read("low_bandwidth = true").unwrap().worked_in();
    assert_eq!(settings.max_page_bytes, THRIFTY_PAGE_BYTES);
    assert_eq!(settings.sources_at_once, 1);
    let settings = read("low_bandwidth = true\nmax_page_bytes = 9").unwrap();
    assert_eq!(settings.worked_in().max_page_bytes, 9);
}
