#!/usr/bin/env python3
"""Copies packed FERPlus without the training pictures that have a near-identical one in the validation split.

    python3 runs/without-twins.py data/ferplus data/ferplus-without-twins

What is near-identical, `target/release/trainer data inspect ferplus:DIR --json` says. Paths are relative to the repository."""
import argparse
import csv
import json
import shutil
import subprocess
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("source", type=Path, help="folder with labels.csv and the archive of pictures")
parser.add_argument("copy", type=Path, help="folder that is made")
options = parser.parse_args()
if options.copy.exists():
    parser.error(f"{options.copy} is there already")
labels = options.source / "labels.csv"
if not labels.is_file():
    parser.error(f"{labels} is not there: this is for FERPlus in its packed layout (docs/datasets.md)")

inspection = json.loads(
    subprocess.check_output(["target/release/trainer", "data", "inspect", f"ferplus:{options.source}", "--json"])
)
twins = set()
for pair in inspection["twin_pairs"]:
    if sorted(pair["splits"]) == ["train", "valid"]:
        twins.add(Path(pair["names"][pair["splits"].index("train")]).name)
with open(labels, newline="") as file:
    rows = csv.DictReader(file)
    columns, kept = rows.fieldnames, [row for row in rows if row["image"] not in twins]
shutil.copytree(options.source, options.copy)
with open(options.copy / "labels.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
print(f"{len(twins)} training pictures left out")
