#!/usr/bin/env bash
# Counts the instructions of the benches and fails where one takes more than its limit in benches/limits.txt.
# Instructions, not seconds: the same on a busy machine. `benches/gate.sh --update` sets the limits to what is
# counted now and 5 % more; do that only where a change is worth its instructions, and say so in the commit.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v valgrind >/dev/null; then
    echo "installing valgrind"
    sudo=""
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq valgrind >/dev/null
fi

# The core alone: what is counted needs no command line.
build() { cargo bench --no-default-features --no-run --bench "$1" --message-format=json 2>/dev/null; }
executable() { build "$1" | grep -o '"executable":"[^"]*"' | tail -n 1 | cut -d'"' -f4; }

count() { # BINARY ARGUMENT… : instructions of one run
    local out
    out=$(mktemp)
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" >/dev/null 2>"$out" || { cat "$out" >&2; rm "$out"; return 1; }
    grep -o 'Collected : [0-9]*' "$out" | grep -o '[0-9]*$'
    rm "$out"
}

declare -A binary
for bench in hold flows scenarios; do
    binary[$bench]=$(executable "$bench")
    [ -n "${binary[$bench]}" ] || { echo "the bench $bench does not build"; exit 1; }
done

failed=0
limits=""
# Each line: the bench, its arguments for a short and a long run, how many units the long run has more, and the limit of
# instructions a unit. The difference of the two runs is what a unit costs without the start.
while read -r line; do
    case "$line" in '' | '#'*) limits+="$line"$'\n'; continue ;; esac
    IFS='|' read -r bench short long units limit <<<"$line"
    # shellcheck disable=SC2086
    few=$(count "${binary[$bench]}" $short)
    # shellcheck disable=SC2086
    many=$(count "${binary[$bench]}" $long)
    per=$(((many - few) / units))
    limits+="$bench|$short|$long|$units|$((per + per / 20))"$'\n'
    verdict=ok
    if [ "$per" -gt "$limit" ]; then verdict="TOO MANY"; failed=1; fi
    printf '%-10s %-22s %8d instructions a unit, limit %8d  %s\n' "$bench" "$long" "$per" "$limit" "$verdict"
done <benches/limits.txt

if [ "${1:-}" = --update ]; then
    printf '%s' "$limits" >benches/limits.txt
    echo "limits updated"
    exit 0
fi
exit "$failed"
