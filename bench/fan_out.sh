#!/usr/bin/env bash
# Open topics against Mosquitto: processor time of both servers by delivery, alternating in one run.
#
#   bench/fan_out.sh [OPTION OF claims_fan_out]…     e.g. --seconds 5 --rounds 5
#
# 1,000 topics with 5 subscribers each, QoS 1, 200 bytes; 2,000 publishes a second open loop, then
# 1,000 in flight closed loop. Needs mosquitto (Debian: package mosquitto), which it starts itself
# on a port that was free, and the targets claimchatd and claims_fan_out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bin=${CLAIMS_BIN_DIR:-build/release/bin}
mosquitto=${MOSQUITTO:-$(command -v mosquitto || echo /usr/sbin/mosquitto)}
[[ -x $mosquitto ]] || { echo "$0: mosquitto is not installed" >&2 && exit 2; }
ulimit -n "$(ulimit -Hn)"

folder=$(mktemp -d)
processes=()
finish() {
  for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
  wait
  rm -r "$folder"
}
trap finish EXIT

cat >"$folder/directory.json" <<JSON
{"format": "claims-directory/1",
 "insurers": [{"id": "ins-01", "code": "01", "name": "Insurer", "greeting": "{garage}",
   "centres": [{"id": "c-001", "name": "Centre", "region": "Region"}]}],
 "users": [{"id": "core-01", "role": "insurer", "name": "Core", "insurer": "ins-01"}]}
JSON
printf '%064d
' 0 >"$folder/token.key"
"$bin/claimchatd" --listen mqtt://127.0.0.1:0 --log memory \
  --directory "$folder/directory.json" --token-key "$folder/token.key" --open-topics \
  >"$folder/ready" 2>"$folder/claimchatd.log" &
ours=$!
processes+=("$ours")
until grep -qs ready "$folder/ready"; do
  kill -0 "$ours" || { cat "$folder/claimchatd.log" >&2 && exit 1; }
  sleep 0.1
done
our_port=$(sed -nE 's/.*mqtt:\/\/[^ ]*:([0-9]+).*/\1/p' "$folder/ready")

# Mosquitto takes no port 0: ports are tried until it stays.
for _ in {1..20}; do
  its_port=$((20000 + RANDOM % 10000))
  printf 'listener %d 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\nmax_queued_messages 10000\nuser %s\n' \
    "$its_port" "$(id -un)" >"$folder/mosquitto.conf"
  "$mosquitto" -c "$folder/mosquitto.conf" >"$folder/mosquitto.log" 2>&1 &
  its=$!
  for _ in {1..50}; do
    if ! kill -0 "$its" 2>/dev/null || grep -qs running "$folder/mosquitto.log"; then break; fi
    sleep 0.1
  done
  if kill -0 "$its" 2>/dev/null; then break; fi
done
kill -0 "$its" || { cat "$folder/mosquitto.log" >&2 && exit 1; }
processes+=("$its")

grep -om1 "mosquitto version [0-9.]*" "$folder/mosquitto.log"
"$bin/claims_fan_out" "$@" "claimchatd=$our_port:$ours" "mosquitto=$its_port:$its"
