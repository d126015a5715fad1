#!/usr/bin/env bash
# The tester tested: plays servers that have one wrong decision each, until a seed catches them.
#
#   tests/mutants/run.sh [BIN_DIR] [--seeds N] [--only NAME]... [--table]
#
# BIN_DIR holds mutants/, as `cmake --build --preset release --target mutants` leaves it
# (default: build/release/bin). Each mutant must be caught within the seeds 1..N (default: 200); the
# control, the server as it is, must pass them all. --table prints the outcome in Markdown, as it
# stands in docs/simulation.md. Ends with 1 when a mutant was not caught or the control was.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage() {
  echo "usage: tests/mutants/run.sh [BIN_DIR] [--seeds N] [--only NAME]... [--table]${1:+: $1}" >&2
  exit 2
}

folder=build/release/bin
seeds=200
only=()
table=false
while (($#)); do
  case $1 in
    --seeds)
      [[ ${2:-} =~ ^[1-9][0-9]{0,8}$ ]] || usage "--seeds \"${2:-}\", allowed: 1 or more"
      seeds=$2
      shift
      ;;
    --only)
      [[ -n ${2:-} ]] || usage "--only needs a name"
      only+=("$2")
      shift
      ;;
    --table) table=true ;;
    -*) usage "$1" ;;
    *) folder=$1 ;;
  esac
  shift
done

list=$folder/mutants/list.tsv
[[ -r $list ]] || usage "no $list; allowed: a folder in which the target mutants was built"
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# One line of the table; or, for whoever watches, one line as it happens.
tell() {
  local name=$1 what=$2 seed=$3 by=$4
  if $table; then
    # shellcheck disable=SC2016  # Markdown's quotes, not the shell's
    printf '| `%s` | %s | %s | %s |\n' "$name" "$what" "$seed" "$by"
  else
    printf '%-30s %-8s %s\n' "$name" "$seed" "$by"
  fi
}

failed=0
complain() {
  failed=1
  echo "$1" >&2
  tail -n 20 "$output" >&2
}

# Plays the mutant of one line of the list.
play() {
  local name=$1 scenario=$2 faults=$3 settings=$4 what=$5 arguments=() setting code=0
  for setting in $settings; do arguments+=(--set "$setting"); done
  [[ -z $faults ]] || arguments+=(--faults "$faults")
  LC_ALL=C "$folder/mutants/$name" simulate "$scenario" --seeds "1..$seeds" "${arguments[@]}" \
    >"$output" 2>&1 </dev/null || code=$?
  local found
  found=$(sed -nE 's/^seed ([0-9]+): failed \((.*)\)$/\1 \2/p' "$output" | head -n 1)
  if ((code != 0 && code != 1)); then
    complain "$name: claimstorm ended with $code"
  elif [[ $name == control ]]; then
    tell "$name" "$what" "${found:+caught}" "${found:-all $seeds seeds passed}"
    ((code == 0)) || complain "control: the server as it is failed; nothing that is caught is proven"
  elif ((code == 0)); then
    tell "$name" "$what" "–" "–"
    complain "$name: not caught within $seeds seeds: $what"
  elif [[ -z $found ]]; then
    complain "$name: failed, but no seed is told"
  else
    tell "$name" "$what" "${found%% *}" "${found#* }"
  fi
}

is_wanted() {
  local one
  ((${#only[@]})) || return 0
  for one in "${only[@]}"; do [[ $one != "$1" ]] || return 0; done
  return 1
}

if $table; then
  printf '| Mutant | What it does wrong | Caught at seed | By |\n|---|---|---|---|\n'
fi
played=0
while IFS=$'\x1f' read -r name scenario faults settings what _; do
  is_wanted "$name" || continue
  played=$((played + 1))
  play "$name" "$scenario" "$faults" "$settings" "$what"
# read takes tabs that follow each other as one; an empty field would be lost.
done < <(tr '\t' '\037' <"$list")
((played > 0)) || usage "no mutant ${only[*]}; allowed: those of $list"
exit "$failed"
