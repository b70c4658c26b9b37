"""Peers in Python, on the texts and patterns that `lentera-peers export` wrote.

    python peers.py DIR [--sizes 500,5000] [--mb 2] [--rounds 5] [--only NAME]

Prints rows of the project's record (append them to benches/record/peers-DATE.csv):
CPU time of this process, hits with each engine's own meaning (in the note).
Making Python objects of hits is part of the price: that is how these libraries
are used.
"""

import argparse
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path


def hyperscan_engine(patterns):
    import hyperscan

    database = hyperscan.Database()
    flags = hyperscan.HS_FLAG_CASELESS
    database.compile(
        expressions=[pattern.encode() for pattern in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=[flags] * len(patterns),
        literal=True,
    )

    def scan(text):
        hits = []
        database.scan(text.encode(), match_event_handler=lambda *hit: hits.append(hit[:3]) or False)
        return len(hits)

    return scan, "substring, every overlap, ASCII case"


def pyahocorasick_engine(patterns):
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for number, pattern in enumerate(patterns):
        automaton.add_word(pattern, number)
    automaton.make_automaton()

    def scan(text):
        return len(list(automaton.iter(text.lower())))

    return scan, "substring, every overlap, Unicode lower case"


def flashtext_engine(patterns):
    from flashtext import KeywordProcessor

    processor = KeywordProcessor(case_sensitive=False)
    for pattern in patterns:
        processor.add_keyword(pattern)

    def scan(text):
        return len(processor.extract_keywords(text, span_info=True))

    return scan, "whole words, longest, no overlap"


def yara_x_engine(patterns):
    import yara_x

    compiler = yara_x.Compiler()
    for number, pattern in enumerate(patterns):
        compiler.add_source(
            f'rule r{number} {{ strings: $a = "{pattern}" nocase fullword condition: $a }}'
        )
    scanner = yara_x.Scanner(compiler.build())

    def scan(text):
        rules = scanner.scan(text.encode()).matching_rules
        return sum(len(one.matches) for rule in rules for one in rule.patterns)

    return scan, "whole words, one rule a phrase"


# Name, engine, most phrases it is given: beyond, building takes minutes.
ENGINES = [
    ("hyperscan", hyperscan_engine, 50_000),
    ("pyahocorasick", pyahocorasick_engine, 200_000),
    ("flashtext", flashtext_engine, 200_000),
    ("yara-x", yara_x_engine, 5_000),
]


def slices(directory, megabytes, rounds):
    """Rounds of different text, and one before that is not counted."""
    texts = (json.loads(line) for line in open(directory / "texts.jsonl", encoding="utf-8"))
    for _ in range(rounds + 1):
        part, size = [], 0
        while size < megabytes * 1e6:
            text = next(texts, None)
            if text is None:
                sys.exit(f"{directory}/texts.jsonl is too short for {rounds + 1} rounds")
            part.append(text)
            size += len(text.encode())
        yield part, size


def measure(build, patterns, parts):
    began = time.process_time()
    scan, meaning = build(patterns)
    built = time.process_time() - began
    rates, hits = [], []
    for number, (texts, size) in enumerate(parts):
        began = time.process_time()
        found = sum(scan(text) for text in texts)
        spent = time.process_time() - began
        if number:
            rates.append(size / 1e6 / spent)
            hits.append(found / (size / 1e3))
    return built, rates, statistics.median(hits), meaning


def told(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def before():
    """Date, commit and machine, as the Rust side writes them."""
    root = Path(__file__).parents[3]
    commit = told("git", "-C", root, "rev-parse", "--short", "HEAD") or "unknown"
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*: (.*)", info)
    machine = f"{model[1] if model else 'unknown'} x {os.cpu_count()}"
    return [told("date", "-u", "+%F"), commit, machine]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--sizes", default="500,5000,50000")
    parser.add_argument("--mb", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only")
    args = parser.parse_args()
    with open(args.directory / "digests.csv", encoding="utf-8") as file:
        digests = dict(csv.reader(file))
    parts = list(slices(args.directory, args.mb, args.rounds))
    rows = csv.writer(sys.stdout, lineterminator="\n")
    for size in map(int, args.sizes.split(",")):
        file = f"phrases-{size}.txt"
        patterns = (args.directory / file).read_text(encoding="utf-8").splitlines()
        inputs = [digests[file], digests["texts.jsonl"]]
        for name, build, most in ENGINES:
            if size > most or (args.only and name != args.only):
                continue
            built, rates, hits, meaning = measure(build, patterns, parts)
            what = f"phrases {size}: {name} (Python)"
            note = f"{min(rates):.3g}-{max(rates):.3g}; {args.rounds} rounds of {args.mb:g} MB; "
            note += f"{hits:.3g} hits per KB; {meaning}"
            rate = f"{statistics.median(rates):.3g}"
            rows.writerow([*before(), what + ", 1 thread", rate, "MB per CPU s", note, *inputs])
            rows.writerow([*before(), what + " build", f"{built:.3g}", "CPU s", "one build", *inputs])
            sys.stdout.flush()


if __name__ == "__main__":
    main()
