#!/usr/bin/env bash
# Trains the weights in www/weights from those of commit 123fee9, which runs/compact-ferplus.sh tells of, and exports and measures them.
#
#     runs/continued-ferplus.sh FERPLUS_FOLDER [PHOTOS_FOLDER]
#
# Two runs of three and five epochs, each with the answers of the weights before it as teachers: 1 h 45 min on two CPU cores. Goes on where it was
# stopped. These are the settings of the runs behind the shipped weights; on another machine the same seeds round differently.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ferplus="$1" before=runs/before/www/weights first=runs/polish second=runs/longer

cargo build --release -p trainer
trainer="${CARGO_TARGET_DIR:-target}/release/trainer"

if [ ! -d runs/before ]; then
  mkdir -p runs/before
  git archive 123fee9 www/weights | tar -x -C runs/before
fi

if [ -e "$first/run.json" ]; then
  "$trainer" train --resume "$first"
else
  "$trainer" train --config runs/compact-ferplus.toml --data "ferplus:$ferplus" --init "$before" --teacher "$before" --teacher-share 0.5 \
    --learning-rate 0.008 --warmup-steps 50 --epochs 3 --weight-average 0.995 --seed 2 --out "$first"
fi
if [ -e "$second/run.json" ]; then
  "$trainer" train --resume "$second"
else
  "$trainer" train --config runs/compact-ferplus.toml --data "ferplus:$ferplus" --init "$first" --teacher "$before" --teacher "$first" --teacher-share 0.5 \
    --learning-rate 0.012 --warmup-steps 100 --epochs 5 --weight-average 0.997 --seed 3 --out "$second"
fi
"$trainer" export --run "$second" --out www/weights --overwrite
"$trainer" eval --weights www/weights --data "ferplus:$ferplus" --split valid
if [ -n "${2:-}" ]; then "$trainer" eval --weights www/weights --data "photos:$2"; fi
