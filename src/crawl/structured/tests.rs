//! What pages say to machines, and what is made of it.

use super::*;
use crate::markup::depth;

fn found(page: &str) -> Found {
    let url = Url::parse("http://kerja.example/lowongan/7").unwrap();
    find(&depth::document(page).unwrap(), &url)
}

fn one(page: &str) -> Fields {
    found(page).one(&Url::parse("http://kerja.example/lowongan/7").unwrap())
}

#[test]
fn a_job_posting_in_json_ld_gives_its_fields() {
    let job = one(
        r##"<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
        {"@type":"Organization","@id":"#pt","name":"PT Karya Contoh"},
        {"@type":["JobPosting","Thing"],"title":"Operator jahit","identifier":{"@type":"PropertyValue","name":"no","value":17},
         "description":"&lt;p&gt;Mess disediakan.&lt;/p&gt;&lt;p&gt;Lembur dibayar.&lt;/p&gt;",
         "qualifications":"Usia 18 tahun ke atas","datePosted":"2026-11-03","hiringOrganization":{"@id":"#pt"},
         "jobLocation":[{"@type":"Place","address":{"addressLocality":"Batam","addressRegion":"Kepri"}}],
         "baseSalary":{"currency":"IDR","value":{"minValue":4000000,"maxValue":5000000,"unitText":"MONTH"}},
         "image":"http://kerja.example/foto.jpg"}]}</script><h1>x</h1>"##,
    );
    assert_eq!(job.title.as_deref(), Some("Operator jahit"));
    assert!(
        job.text
            .starts_with("Mess disediakan.\nLembur dibayar.\nUsia 18 tahun ke atas"),
        "{}",
        job.text
    );
    assert_eq!(job.author.as_deref(), Some("PT Karya Contoh"));
    assert_eq!(job.place.as_deref(), Some("Batam, Kepri"));
    assert_eq!(job.published.as_deref(), Some("2026-11-03"));
    assert_eq!(job.extra["pay"], "IDR 4000000 - 5000000 MONTH");
    assert!(!format!("{job:?}").contains("foto.jpg"));
}

#[test]
fn goods_in_microdata_give_their_fields() {
    let goods = one(r#"<div itemscope itemtype="https://schema.org/Product">
        <span itemprop="name">Motor bebek</span> <img itemprop="image" src="a.jpg">
        <div itemprop="description">Pajak hidup,<br>surat lengkap.</div>
        <meta itemprop="sku" content="M-12">
        <div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
          <meta itemprop="priceCurrency" content="IDR"><span itemprop="price" content="5000000">5 jt</span>
          <span itemprop="seller" itemscope itemtype="https://schema.org/Person"><b itemprop="name">bu_ani</b></span>
        </div></div>"#);
    assert_eq!(goods.native_id, "M-12");
    assert_eq!(goods.title.as_deref(), Some("Motor bebek"));
    assert_eq!(goods.text, "Pajak hidup,\nsurat lengkap.");
    assert_eq!(goods.author.as_deref(), Some("bu_ani"));
    assert_eq!(goods.extra["price"], "IDR 5000000");
}

#[test]
fn json_ld_comes_before_microdata_and_that_before_open_graph() {
    let page = |ld: &str, micro: &str| {
        one(&format!(
            r#"<head><meta property="og:title" content="Dari OG"><meta property="og:locality" content="Depok">
            </head>{ld}{micro}<p>Kos putri dekat pasar.</p>"#
        ))
    };
    let ld = r#"<script type="application/ld+json">{"@type":"Product","name":"Dari LD"}</script>"#;
    let micro = r#"<p itemscope itemtype="http://schema.org/Product"><b itemprop="name">Dari mikro</b></p>"#;
    let title = |fields: Fields| fields.title.unwrap();
    assert_eq!(title(page(ld, micro)), "Dari LD");
    assert_eq!(title(page("", micro)), "Dari mikro");
    let plain = page("", "");
    assert_eq!(plain.place.as_deref(), Some("Depok"));
    assert_eq!(plain.text, "Kos putri dekat pasar.");
    assert_eq!(title(plain), "Dari OG");
}

#[test]
fn a_description_that_is_cut_never_costs_the_words_behind_it() {
    let page = |description: &str| {
        one(&format!(
            r#"<head><meta property="og:description" content="{description}"></head>
            <p>Gaji 5 juta, berangkat minggu ini juga.</p><p>Paspor dipegang agen.</p>"#
        ))
    };
    let whole = "Gaji 5 juta, berangkat minggu ini juga.\nPaspor dipegang agen.";
    assert_eq!(page("Gaji 5 juta, berangkat minggu").text, whole);
    assert_eq!(page("Gaji 5 juta, berangkat ming…").text, whole);
    assert_eq!(page("Gaji 5 juta, berangkat minggu ini ...").text, whole);
    // Other words than a reader sees: both are kept.
    assert_eq!(
        page("Lowongan luar negeri").text,
        format!("Lowongan luar negeri\n{whole}")
    );
}

#[test]
fn several_things_of_a_page_are_several() {
    let found = found(
        r#"<script type="application/ld+json">{"@type":"ItemList","itemListElement":[
        {"@type":"ListItem","position":1,"item":{"@type":"Product","name":"A","url":"/a"}},
        {"@type":"ListItem","position":2,"item":{"@type":"Product","name":"B","url":"/b"}}]}</script>
        <script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[{"name":"Beranda"}]}</script>
        <script type="application/ld+json">{ rusak </script>
        <script type="application/ld+json">{"@type":"Offer","name":"C
D"}</script>"#,
    );
    let names: Vec<_> = found
        .several()
        .iter()
        .map(|one| one.title.as_deref().unwrap())
        .collect();
    assert_eq!(names, ["A", "B", "C\nD"]);
    assert_eq!(
        found.several()[1].url.as_deref(),
        Some("http://kerja.example/b")
    );
}

#[test]
fn hostile_structured_data_is_bounded() {
    let script = |json: &str| format!(r#"<script type="application/ld+json">{json}</script><p>a"#);
    let nested = format!("{}{}", r#"{"@graph":["#.repeat(60), "]}".repeat(60));
    assert_eq!(found(&script(&nested)).several().len(), 0);
    let many = format!("[{}1]", r#"{"@type":"Product","name":"x"},"#.repeat(20_000));
    assert!(found(&script(&many)).several().len() <= MAX_NODES);
    assert_eq!(found(&script(&"[".repeat(100_000))).several().len(), 0);
    let names = r#"{"@graph":[{"@id":"a","x":1,"name":{"@id":"b"}},{"@id":"b","x":1,"name":{"@id":"a"}},
        {"@type":"Product","name":{"@id":"a"}}]}"#;
    assert_eq!(found(&script(names)).several().len(), 1);
    let items = r#"<i itemscope itemtype="http://schema.org/Product" itemprop="a">"#.repeat(300);
    let marked = format!(r#"<b itemscope itemtype="http://schema.org/Product">{items}"#);
    assert!(found(&marked).several().len() <= MAX_NODES);
}
