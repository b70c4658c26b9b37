"""Writes an invented site of many hosts, and the nginx configuration that serves it.

`python3 site.py DIR [--hosts 50] [--pages 200] [--port 8099] [--seed 5]`

A host has ten listing pages and one page for each advertisement, 20 to 60 KB
of HTML each, most of it what surrounds an advertisement on a real site. The
same arguments give the same bytes. Nothing in it is about anybody.
"""

import argparse
import os
import random
import string

LISTINGS = 10
WORDS = (
    "dijual rumah motor kost kamar meja kursi lemari sepeda mesin cuci kulkas bekas masih bagus murah nego lokasi "
    "dekat kampus pasar stasiun harga pas bisa antar hubungi lewat surel kondisi terawat lengkap garansi toko kain "
    "batik kopi teh beras sayur buah segar kirim hari ini besok minggu pagi sore malam warna biru merah hijau putih "
    "ukuran besar kecil sedang baru lama pakai sendiri jarang dipakai tukar tambah boleh lihat dulu silakan datang"
).split()


def sentence(rng, n):
    return " ".join(rng.choice(WORDS) for _ in range(n)).capitalize() + "."


def around(rng, size):
    """Menus, cards and footers, about `size` bytes of markup."""
    parts = []
    have = 0
    while have < size:
        card = (
            f'<div class="kartu kecil"><a class="tautan" href="/bantuan/{rng.randrange(900)}.html" rel="nofollow">'
            f'{sentence(rng, 4)}</a><span class="harga">Rp{rng.randrange(10, 900)}.000</span>'
            f'<p class="ringkas">{sentence(rng, rng.randrange(6, 18))}</p>'
            f'<ul class="label"><li>{rng.choice(WORDS)}</li><li>{rng.choice(WORDS)}</li></ul></div>\n'
        )
        parts.append(card)
        have += len(card)
    return "".join(parts)


def page(rng, title, main):
    size = rng.randrange(20_000, 60_000)
    rest = max(0, size - len(main) - 600)
    return (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{title}</title>'
        '<style>.kartu{border:1px solid #ccc}.harga{color:#060}</style></head><body>'
        f'<header><nav>{around(rng, rest // 3)}</nav></header><main>{main}</main>'
        f'<aside>{around(rng, rest // 3)}</aside><footer>{around(rng, rest // 3)}</footer></body></html>\n'
    )


def advertisement(rng, host, number):
    text = "".join(f"<p>{sentence(rng, rng.randrange(8, 30))}</p>" for _ in range(rng.randrange(2, 7)))
    return (
        f'<article class="iklan" data-id="{number}"><h1 class="judul-iklan">{sentence(rng, 5)} {host}-{number}</h1>'
        f'<div class="isi">{text}</div><span class="penjual">penjual_{rng.randrange(500)}</span>'
        f'<span class="lokasi">{rng.choice(["Medan", "Kupang", "Bandung", "Makassar"])}</span>'
        f'<time datetime="2026-11-{rng.randrange(1, 24):02}T08:00:00+07:00">kemarin</time></article>'
    )


def write_host(rng, root, host, pages):
    os.makedirs(f"{root}/{host}/daftar", exist_ok=True)
    os.makedirs(f"{root}/{host}/iklan", exist_ok=True)
    with open(f"{root}/{host}/robots.txt", "w") as out:
        out.write("User-agent: *\nDisallow: /bantuan/\n")
    details = pages - LISTINGS
    share = -(-details // LISTINGS)
    for listing in range(LISTINGS):
        numbers = range(listing * share, min(details, (listing + 1) * share))
        links = "".join(
            f'<article class="kartu"><a class="judul" href="/iklan/{number}.html">{sentence(rng, 5)}</a></article>\n'
            for number in numbers
        )
        if listing + 1 < LISTINGS:
            links += f'<a class="berikut" href="/daftar/{listing + 1}.html">berikut</a>'
        with open(f"{root}/{host}/daftar/{listing}.html", "w") as out:
            out.write(page(rng, f"daftar {listing}", links))
        for number in numbers:
            with open(f"{root}/{host}/iklan/{number}.html", "w") as out:
                out.write(page(rng, f"iklan {number}", advertisement(rng, host, number)))


NGINX = string.Template("""
worker_processes 1;
daemon on;
pid $dir/nginx.pid;
error_log $dir/error.log warn;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
    types { text/html html; text/plain txt; }
    default_type application/octet-stream;
    charset utf-8;
    access_log $dir/access.log;
    sendfile on;
    keepalive_requests 100000;
    client_body_temp_path $dir/tmp1; proxy_temp_path $dir/tmp2; fastcgi_temp_path $dir/tmp3;
    uwsgi_temp_path $dir/tmp4; scgi_temp_path $dir/tmp5;
    server {
        listen 127.0.0.1:$port;
        server_name ~^(?<site>h[0-9]+)\\.example$$;
        etag on;
        root $dir/hosts/$$site;
    }
}
""")


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("dir")
    ask.add_argument("--hosts", type=int, default=50)
    ask.add_argument("--pages", type=int, default=200)
    ask.add_argument("--port", type=int, default=8099)
    ask.add_argument("--seed", type=int, default=5)
    asked = ask.parse_args()
    root = os.path.abspath(asked.dir)
    rng = random.Random(asked.seed)
    for number in range(asked.hosts):
        write_host(rng, f"{root}/hosts", f"h{number:02}", asked.pages)
    with open(f"{root}/nginx.conf", "w") as out:
        out.write(NGINX.substitute(dir=root, port=asked.port))


main()
