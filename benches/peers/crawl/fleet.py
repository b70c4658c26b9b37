"""Crawls slow invented hosts with one machine and with several that share a PostgreSQL, and prints pages a second.

`python3 fleet.py --lentera target/release/lentera --store postgres://USER@127.0.0.1:5432 [--workers 4] [--hosts 16]
[--pages 40] [--delay-ms 200] [--latency-ms 100] [--rounds 3]`

The hosts are what bounds such a crawl: each answers after `latency-ms` and is
asked again `delay-ms` later. A machine reads four sources at a time, as it does
unless told otherwise. Each crawl has a database of its own, made and dropped
here, and is timed from its first process to the end of its last. The server's
own log says how soon a host was asked again. Medians, in turn.
"""

import argparse
import http.server
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

SOURCE = """
[[source]]
id = "h{n:02}"
kind = "classified"
start = ["http://h{n:02}.example/daftar"]
delay_ms = {delay}
[source.listing]
link = "a.judul"
[source.post]
id_from_url = '/iklan/(\\d+)'
title = "h1"
text = "div.isi"
"""


class Site(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, pages, latency):
        super().__init__(("127.0.0.1", 0), Page)
        self.pages, self.latency, self.asked, self.guard = pages, latency, {}, threading.Lock()


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked, site = time.monotonic(), self.server
        time.sleep(site.latency)
        if self.path == "/daftar":
            body = "".join(f"<a class=judul href='/iklan/{n}'>x</a>" for n in range(site.pages))
        elif self.path.startswith("/iklan/"):
            body = f"<h1>Iklan</h1><div class=isi>lemari kayu jati bekas, {self.path}, {self.headers['host']}</div>"
        else:
            body = ""
        self.send_response(200 if body else 404)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
        with site.guard:
            site.asked.setdefault(self.headers["host"], []).append((asked, time.monotonic()))

    def log_message(self, *_):
        pass


def psql(store, sql):
    subprocess.run(["psql", "-qAt", f"{store}/postgres", "-c", sql], check=True, stdout=subprocess.DEVNULL)


def crawl(args, workers):
    """Pages a second of the whole and between the first request and the last answer, the least pause in seconds, and pages."""
    site = Site(args.pages, args.latency_ms / 1000)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    database = f"lentera_bench_{os.getpid()}"
    psql(args.store, f"CREATE DATABASE {database}")
    where = tempfile.mkdtemp()
    try:
        for n in range(workers):
            os.makedirs(f"{where}/w{n}/keys", mode=0o700)
            with open(f"{where}/w{n}/lentera.toml", "w") as out:
                out.write(f'[store]\nurl = "{args.store}/{database}"\n[crawl.resolve]\n')
                for host in range(args.hosts):
                    out.write(f'"h{host:02}.example" = "127.0.0.1:{site.server_port}"\n')
                for host in range(args.hosts):
                    out.write(SOURCE.format(n=host, delay=args.delay_ms))
            with open(f"{where}/post.jsonl", "w") as out:
                out.write('{"id": "1", "text": "lemari"}\n')
            if n == 0:
                subprocess.run(
                    [args.lentera, "-C", f"{where}/w0", "scan", "-q", f"{where}/post.jsonl"],
                    check=True, stdout=subprocess.DEVNULL,
                )
            else:
                shutil.copy(f"{where}/w0/keys/hmac.key", f"{where}/w{n}/keys/hmac.key")
        begun = time.monotonic()
        running = [
            subprocess.Popen(
                [args.lentera, "-C", f"{where}/w{n}", "crawl"],
                stdout=subprocess.DEVNULL, stderr=open(f"{where}/w{n}/told", "w"),
            )
            for n in range(workers)
        ]
        for n, child in enumerate(running):
            if child.wait() != 0:
                raise SystemExit(open(f"{where}/w{n}/told").read())
        wall = time.monotonic() - begun
    finally:
        site.shutdown()
        psql(args.store, f"DROP DATABASE {database} WITH (FORCE)")
        shutil.rmtree(where)
    pages = sum(len(asked) for asked in site.asked.values())
    ends = [asked for host in site.asked.values() for asked in host]
    between = max(end for _, end in ends) - min(begin for begin, _ in ends)
    least = min(b[0] - a[1] for asked in site.asked.values() for a, b in zip(sorted(asked), sorted(asked)[1:]))
    return pages / wall, pages / between, least, pages


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lentera", required=True)
    parser.add_argument("--store", required=True)
    for name, value in [("workers", 4), ("hosts", 16), ("pages", 40), ("delay-ms", 200), ("latency-ms", 100), ("rounds", 3)]:
        parser.add_argument(f"--{name}", type=int, default=value)
    args = parser.parse_args()
    figures = {1: [], args.workers: []}
    for _ in range(args.rounds):
        for workers, have in figures.items():
            rate, between, least, pages = crawl(args, workers)
            print(f"{workers} workers: {rate:.2f} pages/s ({between:.2f} while reading), {pages} requests, least pause {least * 1000:.0f} ms", flush=True)
            have.append(rate)
    one, many = (statistics.median(have) for have in figures.values())
    print(f"{args.workers} workers / 1 worker: {many / one:.2f} ({many:.2f} against {one:.2f} pages/s)")


main()
