#!/usr/bin/env bash
# A worker in bash, with curl. It claims runs of the task "count" and counts, a line a second; pack.yaml beside it has the job.
#
#   PONTUAL_URL=http://127.0.0.1:4000 PONTUAL_TOKEN=… ./worker.sh
set -uo pipefail

worker="sh-$$"
lease='"lease_seconds":5' # the server waits so long for a sign before it lets another worker try; one is given each second

# ask VERB BODY: prints the answer; fails when the server refuses. The token stays out of the list of processes.
ask() {
    curl -sS --fail-with-body --max-time 40 -K <(printf 'header = "Authorization: Bearer %s"\n' "$PONTUAL_TOKEN") \
        -H 'Content-Type: application/json' -d "{\"worker\":\"$worker\",$2}" "$PONTUAL_URL/api/v1/worker/$1"
}

# count KEY TO: the work itself; fails when the server wants it to stop.
count() {
    for ((i = 1; i <= $2; i++)); do
        sleep 1
        [[ $(ask heartbeat "$lease,\"runs\":[{$1,\"output\":\"$i\\n\"}]") == *'"go_on"'* ]] || return 1
    done
}

while true; do
    claim=$(ask claim "$lease,\"tasks\":[\"count\"],\"wait\":20") || { sleep 1; continue; }
    [[ $claim =~ \"run_id\":\"([^\"]+)\",\"token\":([0-9]+) ]] || continue
    key="\"run_id\":\"${BASH_REMATCH[1]}\",\"token\":${BASH_REMATCH[2]}"
    [[ $claim =~ \"to\":([0-9]+) ]] && to=${BASH_REMATCH[1]} || to=3
    if count "$key" "$to"; then
        ask complete "$key,\"result\":{\"counted\":$to}"
    else
        ask fail "$key,\"error\":\"stopped\""
    fi
done
