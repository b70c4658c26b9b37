//! Proposals for invented pages, and that they extract what is there.

use super::*;
use crate::crawl::reading::{Role, read};
use crate::crawl::source::Source;

fn page(path: &str, body: &str) -> Page {
    let url = format!("http://pasar.example{path}");
    Page::for_test(&url, "text/html", body.as_bytes())
}

/// A listing of eight advertisements among furniture that repeats as well.
fn listing_page(next: &str) -> String {
    let menu: String = (0..12)
        .map(|n| format!("<li class=menu><a href='/k{n}'>Kategori nomor {n}</a></li>"))
        .collect();
    let ads: String = (0..8)
        .map(|n| {
            let photo = if n % 2 == 0 { "<div class=foto><a href='/iklan/10{n}.html'></a></div>" } else { "" };
            let photo = photo.replace("{n}", &n.to_string());
            format!(
                "<article class='kartu kartu-{n}'>{photo}<h3><a class=judul href='/iklan/10{n}.html'>Motor bekas nomor {n}</a></h3>
                 <span class=harga>Rp {n}.500.000</span><p>Surat lengkap, pajak hidup, boleh nego di tempat.</p>
                 <a href='/penjual/{n}'>p{n}</a></article>"
            )
        })
        .collect();
    format!(
        "<nav><ul>{menu}</ul></nav><ul>{menu}</ul><div class=daftar>{ads}</div>{next}<footer>{menu}</footer>"
    )
}

const DETAIL: &str = "<header><h1>Pasar</h1></header><main><h1 class=judul-iklan>Motor bekas</h1>
    <div class=meta><span class=lokasi>Depok</span> <span class=penjual>bu_ani</span>
    <time datetime='2026-11-03T09:12:00+07:00'>kemarin</time></div><b class=harga>Rp 5.500.000</b>
    <div class=isi><p>Surat lengkap, pajak hidup sampai tahun depan.</p><p>Mesin halus, ban baru, boleh nego di tempat.</p></div>
    </main><aside><div class=isi2><a href=/iklan/9>Motor lain yang panjang sekali judulnya</a></div></aside>";

#[test]
fn records_of_a_listing_are_found_among_menus() {
    let page = page(
        "/barang/",
        &listing_page("<a class=lanjut href='?hal=2'>Berikutnya</a>"),
    );
    let found = listing(&page).unwrap();
    assert_eq!((found.item.as_str(), found.count), ("article.kartu", 8));
    assert_eq!(found.link, "article.kartu a.judul");
    assert_eq!(found.leads.len(), 8);
    assert_eq!(found.paging.as_deref(), Some("next = \"a.lanjut\""));
    assert_eq!(found.id_from_url.as_deref(), Some(r"/iklan/(\d+)"));
}

#[test]
fn ways_to_the_next_page_are_found() {
    for (next, paging) in [
        (
            "<a rel='nofollow next' href=/p2>2</a>",
            r#"next = 'a[rel~="next"]'"#,
        ),
        (
            "<div class=hal><a href='?hal=2'>2</a></div>",
            r#"page_param = "hal""#,
        ),
        (
            "<div><a href='/barang/hal-2/'>2</a></div>",
            r#"page_pattern = "/barang/hal-{page}/""#,
        ),
    ] {
        let found = listing(&page("/barang/", &listing_page(next))).unwrap();
        assert_eq!(found.paging.as_deref(), Some(paging));
    }
    assert_eq!(
        listing(&page("/barang/", &listing_page("")))
            .unwrap()
            .paging,
        None
    );
}

#[test]
fn the_proposal_is_a_source_that_extracts_what_is_there() {
    let first = page(
        "/barang/",
        &listing_page("<a class=lanjut href='?hal=2'>Berikutnya</a>"),
    );
    let found = listing(&first).unwrap();
    let detail = page("/iklan/100.html", DETAIL);
    let text = to_toml(&first.url, &found, &post(&detail, None).unwrap());
    let source: Source = toml::from_str(&text.replace("[[source]]\n", "").replace("[source.", "["))
        .unwrap_or_else(|error| panic!("{text}\n{error}"));
    assert_eq!(
        read(&source, &first, &first.url, Role::Listing)
            .unwrap()
            .details
            .len(),
        8
    );
    let reading = read(&source, &detail, &detail.url, Role::Detail).unwrap();
    let ad = reading.posts[0].as_ref().unwrap();
    assert_eq!(ad.native_id, "100");
    assert_eq!(ad.title.as_deref(), Some("Motor bekas"));
    assert!(
        ad.text.starts_with("Surat lengkap") && ad.text.ends_with("tempat."),
        "{}",
        ad.text
    );
    assert_eq!(ad.author.as_deref(), Some("bu_ani"));
    assert_eq!(ad.place.as_deref(), Some("Depok"));
    assert_eq!(ad.published.as_deref(), Some("2026-11-03T09:12:00+07:00"));
    assert_eq!(ad.extra["price"], "Rp 5.500.000");
}

#[test]
fn posts_that_lead_nowhere_are_items() {
    let items: String = (0..6)
        .map(|n| format!("<li class=pesan><h4>Kos putri {n}</h4><div class=isi>Kamar mandi dalam, dekat pasar.</div></li>"))
        .collect();
    let page = page("/", &format!("<ul class=papan>{items}</ul>"));
    let found = listing(&page).unwrap();
    assert_eq!((found.item.as_str(), found.link.as_str()), ("li.pesan", ""));
    let fields = post(&page, Some(&found.item)).unwrap();
    let text = to_toml(&page.url, &found, &fields);
    let source: Source =
        toml::from_str(&text.replace("[[source]]\n", "").replace("[source.", "[")).unwrap();
    let reading = read(&source, &page, &page.url, Role::Listing).unwrap();
    assert_eq!(reading.posts.len(), 6);
    assert_eq!(
        reading.posts[5].as_ref().unwrap().title.as_deref(),
        Some("Kos putri 5")
    );
}

#[test]
fn pages_without_records_and_hostile_ones_end() {
    for body in [
        "",
        "<p>Satu halaman saja.</p>",
        "<nav><a href=/1>a</a><a href=/2>b</a><a href=/3>c</a></nav>",
    ] {
        assert!(listing(&page("/", body)).is_err(), "{body}");
    }
    let many = "<a href=/x>tautan panjang sekali</a>".repeat(30_000);
    let _ = listing(&page("/", &many));
    let nested = "<div class=a><div class=b><p>kata kata kata</p>".repeat(200);
    let _ = listing(&page("/", &nested));
    let _ = post(&page("/", &nested), None);
}
