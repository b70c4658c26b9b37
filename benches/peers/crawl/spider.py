"""The same crawl for Scrapy: follow listings, take six fields of each advertisement.

`scrapy runspider spider.py -a hosts=50 -a port=8099 -o out.jsonl`; with
`-a list=FILE` it fetches the addresses of that file and follows nothing.
Hosts are reached through nginx as a proxy, so that no name is looked up.
"""

import scrapy


class Board(scrapy.Spider):
    name = "board"
    custom_settings = {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
    }

    async def start(self):
        
        if getattr(self, "list", None):
            with open(self.list) as lines:
                for line in lines:
                    yield scrapy.Request(line.strip(), self.detail)
            return
        for number in range(int(self.hosts)):
            url = f"http://h{number:02}.example/daftar/0.html"
            yield scrapy.Request(url, self.listing)

    def listing(self, response):
        
        for link in response.css("article.kartu a.judul::attr(href)"):
            yield response.follow(link, self.detail)
        for link in response.css("a.berikut::attr(href)"):
            yield response.follow(link, self.listing)

    def detail(self, response):
        yield {
            "id": response.css("article.iklan::attr(data-id)").get(),
            "title": response.css("h1.judul-iklan::text").get(),
            "text": " ".join(response.css("div.isi ::text").getall()),
            "author": response.css("span.penjual::text").get(),
            "place": response.css("span.lokasi::text").get(),
            "published": response.css("time::attr(datetime)").get(),
        }
