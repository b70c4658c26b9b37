#!/usr/bin/env python3
"""Invents robots.txt files and lets Google's parser decide them.

    ./generate.py ORACLE [SEED] >invented.jsonl

ORACLE is the program of oracle.cc. The same seed gives the same cases.
"""
import json
import random
import struct
import subprocess
import sys

AGENT = "lentera"
FILES = 500
WORDS = ["iklan", "cari", "barang", "kos", "admin", "a", "b", "ab", "index.html", "x.php", "jos\u00e9", "%6Bos",
         "%2f", "%C3%A9", "%c3%a9", "~u", "harga murah", "q=1", "s", "$", "%zz", "%", "tas;v=1", "1", "{x}", "UP"]
KEYS = {
    "agent": ["User-agent", "user-agent", "USER-AGENT", "User agent", "useragent", "User-Agent ", "User-agents", "Useragent-x", "Agent"],
    "disallow": ["Disallow", "disallow", "DISALLOW", "Dissallow", "Disalow", "Diasllow", "Disallaw", "Dissalow", "Disallowed", "Disallow-x", "Dis-allow", "Disllow"],
    "allow": ["Allow", "allow", "ALLOW", "Allowed", "Alow", "Allow-all"],
    "other": ["Sitemap", "Crawl-delay", "Host", "Clean-param", "Noindex", "site-map", "Visit-time"],
}
NAMES = [AGENT, AGENT.upper(), "Lentera", "Lentera/1.0", "lentera bot", "lenterabot", "*", "* ", "* x", "*x", "lain", "Lain-bot", "",
         "lentera*", "lentera, lain", "lentera#x", "\tlentera", "lentera-bot", "lentera_x", "lentera.example"]


def weighted(rng, names, first):
    """The ordinary spelling half of the time."""
    return rng.choice(names[:first]) if rng.random() < 0.6 else rng.choice(names)


def path(rng):
    parts = []
    for _ in range(rng.randint(0, 4)):
        parts.append(rng.choice(WORDS))
    text = "/" + rng.choice(["/", "/", "/", ""]).join(parts)
    if rng.random() < 0.2:
        text += rng.choice(["/", "?", "?q=1", "?q=1&s=2", ";v=1", ".html", "//", "/index.html", "/index.htm"])
    return text


def pattern(rng, of):
    text = rng.choice(of) if rng.random() < 0.7 else path(rng)
    for _ in range(rng.randint(0, 2)):
        at = rng.randint(0, len(text))
        kind = rng.random()
        if kind < 0.35:
            text = text[:at] + "*" + text[at + rng.randint(0, 4):]
        elif kind < 0.5:
            text = text[:at] + "$" + text[at:]
        elif kind < 0.7:
            text = text[:at]
        elif kind < 0.8:
            text += "$"
        elif kind < 0.85:
            text = text[1:]
        elif kind < 0.9:
            text = "*" + text
    return text


def line(rng, of):
    kind = rng.random()
    if kind < 0.3:
        key, value = weighted(rng, KEYS["agent"], 1), weighted(rng, NAMES, 3) if rng.random() < 0.6 else "*"
    elif kind < 0.65:
        key, value = weighted(rng, KEYS["disallow"], 1), pattern(rng, of)
    elif kind < 0.87:
        key, value = weighted(rng, KEYS["allow"], 1), pattern(rng, of)
    elif kind < 0.93:
        key, value = rng.choice(KEYS["other"]), rng.choice(["https://a.example/x", "1", "/x", ""])
    else:
        return rng.choice(["", "# x", "x", ":", ": /x", "<html>", "Disallow", " \t ", "Disallow: # all", "a:b:c", "User-agent"])
    colon = rng.choice([": "] * 12 + [":", " : ", ":\t", " ", "  ", ":\x0b", "\t"])
    text = rng.choice([""] * 8 + [" ", "\t", "\x0b"]) + key + colon + value
    return text + rng.choice([""] * 10 + [" ", "\t", " # x", "#x", "\x0c"])


def robots(rng, of):
    ending = rng.choice(["\n"] * 5 + ["\r\n", "\r", "\n\n", "\n\r"])
    lines = [line(rng, of) for _ in range(rng.randint(1, 14))]
    if rng.random() < 0.7:
        lines.insert(0, "User-agent: " + rng.choice(["*", AGENT]))
    text = ending.join(lines) + rng.choice(["", ending])
    start = rng.choice([""] * 12 + ["\ufeff", "\ufeff\ufeff", " \n"])
    data = (start + text).encode()
    if rng.random() < 0.05:
        data = b"\xef\xbb" + data
    if rng.random() < 0.05:
        at = rng.randint(0, len(data))
        data = data[:at] + rng.choice([b"\0", b"\xff", b"\xe9"]) + data[at:]
    return data


def target(text):
    """As an address carries it: what may not stand there is escaped."""
    keep = set(range(0x21, 0x7F)) - set(b'"<>`{}#')
    return "".join(chr(b) if b in keep else f"%{b:02X}" for b in text.encode())


def ask(oracle, cases):
    sent = b"".join(struct.pack("<I", len(part)) + part for case in cases for part in case)
    done = subprocess.run([oracle], input=sent, capture_output=True, check=True)
    assert len(done.stdout) == len(cases)
    return done.stdout.decode()


def main():
    oracle, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    rng = random.Random(seed)
    files, cases = [], []
    for number in range(FILES):
        paths = [path(rng) for _ in range(7)]
        data = robots(rng, paths)
        targets = list(dict.fromkeys(["/"] + [target(one) for one in paths]))
        files.append((number, data, targets))
        cases += [(data, AGENT.encode(), b"http://a.example" + one.encode()) for one in targets]
    verdicts = ask(oracle, cases)
    at = 0
    for number, data, targets in files:
        allowed = verdicts[at:at + len(targets)]
        at += len(targets)
        # One character a byte: files are not always UTF-8.
        case = {"name": f"invented {number}", "agent": AGENT, "robots": data.decode("latin-1"), "targets": targets, "allowed": allowed}
        print(json.dumps(case))


if __name__ == "__main__":
    main()
