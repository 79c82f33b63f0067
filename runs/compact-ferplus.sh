#!/usr/bin/env bash
# Trains, exports and measures weights for the page by runs/compact-ferplus.toml.
#
#     runs/compact-ferplus.sh FERPLUS_FOLDER RESNET18_SAFETENSORS [PHOTOS_FOLDER]
#
# Takes a GPU where one answers: FEATURES=gpu (the default) builds for Vulkan, Metal and DirectX 12, FEATURES= for the CPU alone,
# whose speed docs/experiments.md has. Goes on where it was stopped.
#
# It does not make the very weights that are shipped: their first run was ended by the clock after epoch 11 of the recipe's 16, where this one goes
# to the end, and was continued by runs/continued-ferplus.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ferplus="$1" init="$2" run=runs/compact-ferplus

cargo build --release -p trainer --features "${FEATURES-gpu}"
trainer="${CARGO_TARGET_DIR:-target}/release/trainer"

if [ -e "$run/run.json" ]; then
  "$trainer" train --resume "$run"
else
  "$trainer" train --config runs/compact-ferplus.toml --data "ferplus:$ferplus" --init "$init" --out "$run"
fi
"$trainer" export --run "$run" --out www/weights --overwrite
"$trainer" centres --weights www/weights --data "ferplus:$ferplus"
"$trainer" eval --weights www/weights --data "ferplus:$ferplus" --split valid
if [ -n "${3:-}" ]; then "$trainer" eval --weights www/weights --data "photos:$3"; fi
