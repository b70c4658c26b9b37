"""Crawls one invented site with Lentera and with its peers, in turn, and prints what each cost.

`python3 run.py SITE --lentera target/release/lentera [--scrapy VENV/bin/scrapy] [--bare BIN] [--rounds 3]`

SITE is what `site.py` wrote, with nginx serving it. wget is Debian's. Each
peer fetches every page of every host and obeys robots.txt; Lentera also checks
addresses, keeps each page as evidence with fsync, digests it, keeps its store
in full synchronisation, and judges each post by the embedded rules.
CPU is user and system time of the process, wall is its own too. Medians.
"""

import argparse
import os
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

SOURCE = """
[[source]]
id = "h{n:02}"
kind = "classified"
platform_kind = "classified_site"
start = ["http://h{n:02}.example/daftar/0.html"]
max_pages = 100000
max_bytes = 4294967296
delay_ms = 0
[source.listing]
link = "article.kartu a.judul"
next = "a.berikut"
[source.post]
id = "article.iklan@data-id"
title = "h1.judul-iklan"
text = "div.isi"
author = "span.penjual"
place = "span.lokasi"
published = "time@datetime"
"""


def run(command, where, env=None):
    """Wall seconds, CPU seconds and peak MiB of a command; its output goes to a file beside it."""
    with open(f"{where}.out", "w") as out:
        begun = time.monotonic()
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})})
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - begun
    if os.waitstatus_to_exitcode(status) not in (0, 8):
        raise SystemExit(f"{command[0]} ended with {status}; see {where}.out")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def workspace(path, hosts, port):
    os.makedirs(path)
    with open(f"{path}/lentera.toml", "w") as out:
        out.write('[crawl]\ncontact = "https://our-organisation.example/crawler"\ndelay_ms = 0\n')
        out.write("sources_at_once = 32\n[crawl.resolve]\n")
        for n in range(hosts):
            out.write(f'"h{n:02}.example" = "127.0.0.1:{port}"\n')
        for n in range(hosts):
            out.write(SOURCE.format(n=n))


SERVED = re.compile(r'"GET (?P<path>\S+) [^"]*" (?P<status>\d+) (?P<bytes>\d+)')


def served(site):
    """Pages and bytes served since the last question, robots.txt not counted."""
    n_pages = n_bytes = 0
    with open(f"{site}/access.log", "r+") as lines:
        for line in lines:
            one = SERVED.search(line)
            if one and not one["path"].endswith("/robots.txt"):
                n_pages += one["status"] == "200"
                n_bytes += int(one["bytes"])
        lines.truncate(0)
    return n_pages, n_bytes


def change(site, hosts, number):
    """Two new advertisements of every hundred pages, at the head of the first listing."""
    for n in range(hosts):
        root = f"{site}/hosts/h{n:02}"
        with open(f"{root}/daftar/0.html") as page:
            listing = page.read()
        for new in range(4):
            name = f"baru-{number}-{new}"
            with open(f"{root}/iklan/{new}.html") as page:
                old = page.read()
            with open(f"{root}/iklan/{name}.html", "w") as page:
                page.write(old.replace(f'data-id="{new}"', f'data-id="{name}"', 1))
            link = f'<article class="kartu"><a class="judul" href="/iklan/{name}.html">baru</a></article>'
            listing = listing.replace("<main>", f"<main>{link}", 1)
        with open(f"{root}/daftar/0.html", "w") as page:
            page.write(listing)


def restore(site, hosts):
    """Takes the new advertisements away again."""
    for n in range(hosts):
        root = f"{site}/hosts/h{n:02}"
        for name in os.listdir(f"{root}/iklan"):
            if name.startswith("baru-"):
                os.remove(f"{root}/iklan/{name}")
        with open(f"{root}/daftar/0.html") as page:
            listing = page.read()
        with open(f"{root}/daftar/0.html", "w") as page:
            page.write(NEW.sub("", listing))


NEW = re.compile(r'<article class="kartu"><a class="judul" href="/iklan/baru-[^<]*</a></article>')


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("site")
    ask.add_argument("--lentera", required=True)
    ask.add_argument("--scrapy")
    ask.add_argument("--bare")
    ask.add_argument("--hosts", type=int, default=50)
    ask.add_argument("--port", type=int, default=8099)
    ask.add_argument("--rounds", type=int, default=3)
    asked = ask.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    proxy = {"http_proxy": f"http://127.0.0.1:{asked.port}"}
    starts = [f"http://h{n:02}.example/daftar/0.html" for n in range(asked.hosts)]
    work = tempfile.mkdtemp(prefix="crawl-bench-")
    addresses = f"{work}/addresses"
    with open(addresses, "w") as out:
        for n in range(asked.hosts):
            for file in sorted(os.listdir(f"{asked.site}/hosts/h{n:02}/iklan")):
                out.write(f"http://h{n:02}.example/iklan/{file}\n")
    rows = {}

    def note(name, took):
        rows.setdefault(name, []).append((*took, *served(asked.site)))

    restore(asked.site, asked.hosts)
    served(asked.site)
    for number in range(asked.rounds):
        space = f"{work}/lentera-{number}"
        workspace(space, asked.hosts, asked.port)
        lentera = [asked.lentera, "-q", "-C", space, "crawl"]
        note("lentera, everything on", run(lentera, f"{work}/lentera"))
        change(asked.site, asked.hosts, number)
        note("lentera, 2 % changed", run(lentera, f"{work}/lentera-again"))
        restore(asked.site, asked.hosts)
        if asked.scrapy:
            spider = [asked.scrapy, "runspider", f"{here}/spider.py", "-a", f"hosts={asked.hosts}"]
            note("scrapy, following links", run([*spider, "-O", f"{work}/scrapy.jsonl"], f"{work}/scrapy", proxy))
            given = [*spider, "-a", f"list={addresses}", "-O", f"{work}/scrapy-list.jsonl"]
            note("scrapy, list of addresses", run(given, f"{work}/scrapy-list", proxy))
        wget = ["wget", "-r", "-l", "inf", "-H", "-D", "example", "-nv", "-P", f"{work}/wget-{number}"]
        note("wget -r --warc-file", run([*wget, f"--warc-file={work}/wget-{number}", *starts], f"{work}/wget", proxy))
        if asked.bare:
            bare = [asked.bare, proxy["http_proxy"], *starts]
            note("bare reqwest + scraper loop", run(bare, f"{work}/bare"))
        shutil.rmtree(f"{work}/wget-{number}", ignore_errors=True)
    print(f"{'':32} {'pages':>7} {'MB':>7} {'wall s':>8} {'CPU s':>8} {'ms/page':>8} {'pages/s':>8} {'MiB':>6}")
    for name, took in rows.items():
        wall, cpu, memory, n_pages, n_bytes = (statistics.median(column) for column in zip(*took))
        per = max(n_pages, 1)
        costs = f"{wall:8.2f} {cpu:8.2f} {1000 * cpu / per:8.3f} {per / wall:8.0f} {memory:6.0f}"
        print(f"{name:32} {n_pages:7.0f} {n_bytes / 1e6:7.1f} {costs}")
    print(f"in {work}; children used {resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime:.0f} s of user time")


main()
