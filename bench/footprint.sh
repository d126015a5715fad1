#!/usr/bin/env bash
# What an idle connection costs claimchatd in memory, and an idle virtual user claimstorm.
#
#   bench/footprint.sh [USERS_FEW USERS_MANY]     default: 2000 10000
#
# Plays two runs over loopback in which next to nothing happens, with few users and with many, and
# divides what their memory (Rss of /proc/PID/smaps_rollup) differs by the difference in users, so that what the programs
# need anyway falls out. What the kernel keeps for a socket is no part of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

few=${1:-2000} many=${2:-10000}
bin=${CLAIMS_BIN_DIR:-build/release/bin}
insurers=12
if ((few <= 2 * insurers || many <= few || many > 18000)); then
  echo "usage: $0 [USERS_FEW USERS_MANY], $((2 * insurers)) < FEW < MANY <= 18000" >&2
  exit 2
fi

folder=$(mktemp -d)
server=''
harness=''
finish() {
  for process in $harness $server; do kill "$process" 2>/dev/null || true; done
  wait
  rm -r "$folder"
}
trap finish EXIT

rss_kb() {
  # Nothing once the process is gone.
  awk '/^Rss:/ { print $2 }' "/proc/$1/smaps_rollup" 2>/dev/null || true
}

# The users are the insurers' core systems, and adjusters and garages half and half.
write_scenario() {
  local adjusters=$((($1 - insurers) / 2))
  cat >"$2/idle.json" <<JSON
{
  "format": "claimstorm-scenario/1", "name": "idle", "title": {"ko": "대기", "en": "Idle"},
  "population": {"insurers": $insurers, "adjusters": $adjusters, "garages": $(($1 - insurers - adjusters))},
  "workflows": [{
    "format": "claimstorm-workflow/1", "name": "look", "title": {"ko": "조회", "en": "A look"},
    "roles": {"garage": {"is": "garage"}},
    "steps": [{"role": "garage", "send": {"type": "unread.counts"}}]
  }],
  "arrivals": [{"workflow": "look", "count": 1}],
  "phases": [{"hold": "5s"}],
  "connects_per_second": 1000
}
JSON
}

# Sets server_rest, server_idle, harness_idle, in KiB: the server with its directory and without a
# connection; the most that each had while all were connected.
measure() {
  local users=$1 place=$folder/$1 url rss code=0
  mkdir "$place"
  write_scenario "$users" "$place"
  local adjusters=$(((users - insurers) / 2))
  "$bin/claimstorm" population --insurers $insurers --adjusters $adjusters \
    --garages $((users - insurers - adjusters)) --seed 1 --out "$place/people" >/dev/null
  "$bin/claimchatd" --listen mqtt://127.0.0.1:0 --data "$place/data" \
    --directory "$place/people/directory.json" --token-key "$place/people/token.key" \
    >"$place/ready" 2>"$place/log" &
  server=$!
  until grep -qs ready "$place/ready"; do
    kill -0 $server || { cat "$place/log" >&2 && return 1; }
    sleep 0.1
  done
  url=$(sed -nE 's/.*(mqtt:\S+).*/\1/p' "$place/ready")
  server_rest=$(rss_kb $server) server_idle=0 harness_idle=0

  "$bin/claimstorm" run "$place/idle.json" --target "$url" --population "$place/people" --seed 1 \
    --out "$place/result" >"$place/summary" 2>&1 &
  harness=$!
  while kill -0 $harness 2>/dev/null; do
    rss=$(rss_kb $harness) && ((${rss:-0} > harness_idle)) && harness_idle=$rss
    rss=$(rss_kb $server) && ((${rss:-0} > server_idle)) && server_idle=$rss
    sleep 0.2
  done
  wait $harness || code=$?
  harness=''
  kill $server
  wait $server
  server=''
  # 4: the generator was late, which its memory does not mind.
  ((code == 0 || code == 4)) || { cat "$place/summary" >&2 && return 1; }
  printf '%6d users: claimchatd %7d KiB at rest, %7d KiB connected; claimstorm %7d KiB\n' \
    "$users" "$server_rest" "$server_idle" "$harness_idle"
}

each() {
  awk -v difference="$2" -v users=$((many - few)) -v what="$1" \
    'BEGIN { printf "%-52s %6.2f KiB\n", what, difference / users }'
}

measure "$few"
rest_few=$server_rest server_few=$server_idle harness_few=$harness_idle
measure "$many"
echo
each "claimchatd, a user with an idle connection" $((server_idle - server_few))
# The rest came with the connections, but also into memory that reading the directory had freed.
each "  of it, the server had already at rest" $((server_rest - rest_few))
each "claimstorm, an idle virtual user" $((harness_idle - harness_few))
