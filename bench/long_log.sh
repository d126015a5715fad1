#!/usr/bin/env bash
# How long claimchatd takes to start on a log that has grown for long, and what it needs then.
#
#   bench/long_log.sh FOLDER [MESSAGES]       default: 10000000 messages, 25 a room
#
# FOLDER is made, and keeps what was written: about 0.6 KB a message in the log, 0.5 KB in the
# history. Three starts: with nothing but the log; from the snapshot; from the log with the history
# there. After each 1,000 pages of rooms are read, by as many garages. Delete FOLDER afterwards.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if (($# < 1 || $# > 2)) || ! [[ ${2:-10000000} =~ ^[1-9][0-9]{2,8}$ ]]; then
  echo "usage: $0 FOLDER [MESSAGES], 100 <= MESSAGES <= 999999999" >&2
  exit 2
fi
folder=$1 messages=${2:-10000000}
bin=${CLAIMS_BIN_DIR:-build/release/bin}
server=''
trap '[[ -z $server ]] || kill "$server" 2>/dev/null || true' EXIT

start() {
  echo "== $1"
  rm -f "$folder/ready"
  "$bin/claimchatd" --listen mqtt://127.0.0.1:0 --data "$folder/data" \
    --directory "$folder/people/directory.json" --token-key "$folder/people/token.key" \
    >"$folder/ready" 2>"$folder/told" &
  server=$!
  until grep -qs ready "$folder/ready"; do
    kill -0 "$server" || { cat "$folder/told" >&2 && return 1; }
    sleep 0.05
  done
  cat "$folder/told"
  awk '/^Vm(RSS|HWM)/ { printf "%s %.0f MiB\n", $1, $2 / 1024 }' "/proc/$server/status"
  "$bin/claims_read_pages" "$(sed -nE 's/.*mqtt:\/\/127.0.0.1:([0-9]+).*/\1/p' "$folder/ready")" \
    "$folder/data/pages.csv"
  kill "$server"
  wait "$server"
  server=''
}

mkdir -p "$folder/data"
if [[ ! -e $folder/data/pages.csv ]]; then
  "$bin/claimstorm" population --insurers 18 --adjusters 6000 --garages 5500 --seed 1 \
    --out "$folder/people"
  "$bin/claims_write_log" "$folder/people" "$folder/data" "$messages"
fi
start "the log alone"
start "the snapshot"
rm -f "$folder"/data/state.sqlite*
start "the log, with its history"
du -h "$folder"/data/*.sqlite
