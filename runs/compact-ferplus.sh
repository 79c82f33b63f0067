#!/usr/bin/env bash
# Trains, exports and measures the weights in www/weights, on the CPU.
#
#     runs/compact-ferplus.sh FERPLUS_FOLDER RESNET18_SAFETENSORS [PHOTOS_FOLDER]
#
# Softmax at 64 pixels first, then DACL at the network's 112: a small picture costs a third of the time and teaches the trunk
# most of what it needs. Each step goes on where it was stopped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data="ferplus:$1" init="$2"

RUSTFLAGS="-C target-cpu=native" cargo build --release -p trainer --target-dir target/native
trainer=target/native/release/trainer

train() {
  local run="$1"
  shift
  if [ -e "$run/run.json" ]; then "$trainer" train --resume "$run"; else "$trainer" train --data "$data" --out "$run" "$@"; fi
}

train runs/ferplus-64-softmax --init "$init" --input-size 64 --loss softmax --epochs 4 --learning-rate 0.02
train runs/ferplus-112-dacl --init runs/ferplus-64-softmax --loss dacl --epochs 1 --learning-rate 0.01

"$trainer" export --run runs/ferplus-112-dacl --out www/weights --overwrite
"$trainer" eval --weights www/weights --data "$data" --split valid
if [ -n "${3:-}" ]; then "$trainer" eval --weights www/weights --data "photos:$3"; fi
