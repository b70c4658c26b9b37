//! `bare-crawl PROXY START…`: follows listings and takes six fields of every
//! advertisement, with nothing else done: no robots, no checks, no evidence,
//! no store, no rules. Says how many it read.

use std::error::Error;
use std::sync::Arc;

use reqwest::{Client, Proxy, Url};
use scraper::{Html, Selector};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

struct Selectors {
    link: Selector,
    next: Selector,
    fields: [Selector; 6],
}

fn selectors() -> Result<Selectors, Box<dyn Error + Send + Sync>> {
    let css = |text: &str| Selector::parse(text).map_err(|error| error.to_string());
    Ok(Selectors {
        link: css("article.kartu a.judul")?,
        next: css("a.berikut")?,
        fields: [
            css("article.iklan")?,
            css("h1.judul-iklan")?,
            css("div.isi")?,
            css("span.penjual")?,
            css("span.lokasi")?,
            css("time")?,
        ],
    })
}

/// What the page at `at` leads to, and how many fields it has.
fn read(body: &str, at: &Url, selectors: &Selectors) -> (Vec<Url>, usize) {
    let page = Html::parse_document(body);
    let links = page.select(&selectors.link).chain(page.select(&selectors.next));
    let links = links.filter_map(|link| at.join(link.attr("href")?).ok()).collect();
    let fields = selectors.fields.iter();
    let texts = fields.filter_map(|field| page.select(field).next());
    let filled = texts.filter(|found| !found.text().collect::<String>().is_empty());
    (links, filled.count())
}

async fn host(client: Client, start: Url, selectors: Arc<Selectors>) -> Result<usize, reqwest::Error> {
    let mut waiting = vec![start];
    let mut n_read = 0;
    while let Some(url) = waiting.pop() {
        let body = client.get(url.clone()).send().await?.text().await?;
        let (links, n_fields) = read(&body, &url, &selectors);
        waiting.extend(links);
        n_read += usize::from(n_fields >= 5);
    }
    Ok(n_read)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut arguments = std::env::args().skip(1);
    let proxy = arguments.next().ok_or("usage: bare-crawl PROXY START…")?;
    let client = Client::builder().proxy(Proxy::http(proxy)?).build()?;
    let selectors = Arc::new(selectors()?);
    let places = Arc::new(Semaphore::new(32));
    let mut hosts = JoinSet::new();
    for start in arguments {
        let (client, selectors, places) = (client.clone(), Arc::clone(&selectors), Arc::clone(&places));
        let start = Url::parse(&start)?;
        hosts.spawn(async move {
            let _place = places.acquire().await;
            host(client, start, selectors).await
        });
    }
    let mut n_read = 0;
    while let Some(done) = hosts.join_next().await {
        n_read += done??;
    }
    println!("{n_read} advertisements");
    Ok(())
}
