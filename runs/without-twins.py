#!/usr/bin/env python3
"""Copies FERPlus without the training pictures that have a near-identical one in the validation split.

    python3 runs/without-twins.py data/ferplus data/ferplus-without-twins

What is near-identical, `target/release/trainer data inspect ferplus:DIR --json` says."""
import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

source, copy = map(Path, sys.argv[1:3])
inspection = json.loads(subprocess.check_output(["target/release/trainer", "data", "inspect", f"ferplus:{source}", "--json"]))
twins = set()
for pair in inspection["twin_pairs"]:
    if sorted(pair["splits"]) == ["train", "valid"]:
        twins.add(Path(pair["names"][pair["splits"].index("train")]).name)
shutil.copytree(source, copy)
with open(source / "labels.csv", newline="") as old, open(copy / "labels.csv", "w", newline="") as new:
    rows = csv.DictReader(old)
    kept = csv.DictWriter(new, rows.fieldnames, lineterminator="\n")
    kept.writeheader()
    kept.writerows(row for row in rows if row["image"] not in twins)
print(f"{len(twins)} training pictures left out")
