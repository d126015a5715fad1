#!/usr/bin/env bash
# Fuzzes the decoder, sessions, commands and scenario files; and proves that it would find something.
#
#   tests/fuzz/run.sh [BIN_DIR] [--seconds N] [--only NAME]...
#
# BIN_DIR holds fuzz_*, as `cmake --build --preset fuzz` leaves them (default: build/fuzz/bin). Each
# target runs for N seconds (default: 10) from its seeds, from corpus/NAME here, and from what
# earlier runs came upon (BIN_DIR/../fuzz/NAME/corpus). Its canary, which has a bug that no seed shows,
# must be found within five minutes: it mostly is in some ten seconds, but that is by chance. Two
# targets run at a time. Ends with 1 when one finds something, or a canary is not found. A finding is
# a file in BIN_DIR/../fuzz/NAME/findings: `BIN_DIR/fuzz_NAME FILE` plays it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."

usage() {
  echo "usage: tests/fuzz/run.sh [BIN_DIR] [--seconds N] [--only NAME]...${1:+: $1}" >&2
  exit 2
}

folder=build/fuzz/bin
seconds=10
all=(decoder session command scenario)
only=()
while (($#)); do
  case $1 in
    --seconds)
      [[ ${2:-} =~ ^[1-9][0-9]{0,5}$ ]] || usage "--seconds \"${2:-}\", allowed: 1 or more"
      seconds=$2
      shift
      ;;
    --only)
      [[ " ${all[*]} " == *" ${2:-} "* ]] || usage "--only \"${2:-}\", allowed: ${all[*]}"
      only+=("$2")
      shift
      ;;
    -*) usage "$1" ;;
    *) folder=$1 ;;
  esac
  shift
done
((${#only[@]})) || only=("${all[@]}")
[[ -x $folder/fuzz_seeds ]] || usage "no $folder/fuzz_seeds; allowed: a folder in which the preset fuzz was built"

work=$folder/../fuzz
export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=malloc_context_size=8:quarantine_size_mb=16
symbolizer=$(command -v llvm-symbolizer-16 || command -v llvm-symbolizer || true)
[[ -z $symbolizer ]] || export ASAN_SYMBOLIZER_PATH=$symbolizer
# The entropic schedule costs more than half of the time with inputs that reach so much.
common=(-timeout=10 -rss_limit_mb=2048 -max_len=16384 -entropic=0 -print_final_stats=1)

# By what each canary is to be found: the words of the oracle that its bug offends.
declare -A planted=(
  [decoder]="encoded and decoded it is another packet"
  [session]="a PUBACK that answers nothing"
  [command]="the twin answers something else"
  [scenario]="an error that does not say what is allowed"
)

patience=300

complain() {
  touch "$work/failed"
  echo "$1" >&2
  grep -a '^WRONG: ' "$2" >&2 || true
  tail -n 30 "$2" >&2
}

# The executions that libFuzzer tells of at its end.
executions() {
  sed -nE 's/^stat::number_of_executed_units: +([0-9]+)$/\1/p' "$1" | tail -n 1
}

fuzz() {
  local name=$1 log=$work/$1/log
  "$folder/fuzz_$name" "${common[@]}" "${dictionary[@]}" -max_total_time="$seconds" \
    -artifact_prefix="$work/$name/findings/" "$work/$name/corpus" "${corpora[@]}" \
    >"$log" 2>&1 </dev/null || complain "$name: found something, in $work/$name/findings" "$log"
  printf '%-10s %9s executions, %s\n' "$name" "$(executions "$log")" \
    "$(sed -nE 's/.*(cov: [0-9]+ ft: [0-9]+).*/\1/p' "$log" | tail -n 1)"
}

find_canary() {
  local name=$1 log=$work/$1/canary.log began=$SECONDS code=0
  local canary=$folder/fuzz_${name}_canary
  if ! "$canary" "${common[@]}" -runs=0 -artifact_prefix="$work/$name/" "${corpora[@]}" >"$log" 2>&1 </dev/null; then
    complain "$name: its seeds alone show the canary; it proves nothing" "$log"
    return
  fi
  mkdir -p "$work/$name/canary"
  "$canary" "${common[@]}" "${dictionary[@]}" -max_total_time="$patience" \
    -artifact_prefix="$work/$name/canary/" "$work/$name/canary" "${corpora[@]}" \
    >"$log" 2>&1 </dev/null || code=$?
  if ((code == 0)); then
    complain "$name: its canary was not found within $patience s" "$log"
  elif ! grep -q "^WRONG: ${planted[$name]}" "$log"; then
    complain "$name: the canary found something else, in $work/$name/canary" "$log"
  else
    printf '%-10s canary found after %d s: %s\n' "$name" $((SECONDS - began)) "${planted[$name]}"
  fi
}

# What it says is said as a whole.
play() {
  find_canary "$1"
  fuzz "$1"
}

# Each in a process group of its own, so that none outlives this script.
set -m
stop_all() {
  local job
  for job in $(jobs -pr); do kill -- "-$job" 2>/dev/null || true; done
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

rm -rf "$work/seeds" "$work/failed"
"$folder/fuzz_seeds" . "$work/seeds"
for name in "${only[@]}"; do
  rm -rf "$work/$name/canary"
  mkdir -p "$work/$name/corpus" "$work/$name/findings"
  dictionary=()
  [[ ! -r $here/$name.dict ]] || dictionary=("-dict=$here/$name.dict")
  corpora=("$work/seeds/$name")
  [[ ! -d $here/corpus/$name ]] || corpora+=("$here/corpus/$name")
  while (($(jobs -pr | wc -l) >= 2)); do wait -n; done
  { said=$(play "$name" 2>&1) || touch "$work/failed"; printf '%s\n' "$said"; } &
done
wait
[[ ! -e $work/failed ]]
