#!/usr/bin/env bash
# Times the benches against the bare loops in ../shared/peers/ref, run by run in turn, and prints the median of the
# ratios of processor time: `benches/compare.sh [RUNS]`. Needs a quiet machine to mean anything.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-7}
reference=../shared/peers/ref
if [ ! -d "$reference" ]; then
    echo "the bare loops are absent: $reference isn't there, so there is nothing to compare with"
    exit 0
fi
CARGO_TARGET_DIR=target/reference cargo build --release --quiet --manifest-path "$reference/Cargo.toml" 2>/dev/null || {
    # The folder may be read-only, where cargo can't write its lock file.
    mkdir -p target/reference/source
    cp -r "$reference/." target/reference/source/
    CARGO_TARGET_DIR=target/reference cargo build --release --quiet --manifest-path target/reference/source/Cargo.toml
}
bare=target/reference/release
executable() {
    cargo bench --no-run --bench "$1" --no-default-features --message-format=json 2>/dev/null |
        grep -o '"executable":"[^"]*"' | tail -n 1 | cut -d'"' -f4
}
hold=$(executable hold)
flows=$(executable flows)
scenarios=$(executable scenarios)

cpu() { # COMMAND… : user and system time in seconds
    { TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%.3f", $1 + $2 }'
}
compare() { # NAME 'BARE COMMAND' 'OUR COMMAND'
    local ratios="" a b
    for _ in $(seq "$runs"); do
        # shellcheck disable=SC2086
        a=$(cpu $2)
        # shellcheck disable=SC2086
        b=$(cpu $3)
        ratios+="$(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.3f %.3f %.3f", b / a, a, b }')"$'\n'
    done
    printf '%s' "$ratios" | sort -n | awk -v name="$1" \
        '{ line[NR] = $0 } END { split(line[int((NR + 1) / 2)], m); split(line[1], l); split(line[NR], h);
           printf "%-34s ratio %.2f (%.2f to %.2f)   bare %.3f s, ours %.3f s\n", name, m[1], l[1], h[1], m[2], m[3] }'
}

# Of the bare loops the variant that is fastest at each size.
compare "hold, 1000 pending" "$bare/hold 1000 10000000 cal exp" "$hold 1000 10000000"
compare "hold, 100000 pending" "$bare/hold 100000 5000000 d4_replace exp" "$hold 100000 5000000"
compare "hold, 1000000 pending" "$bare/hold 1000000 5000000 d4_replace exp" "$hold 1000000 5000000"
compare "M/M/1, a scenario" "$bare/bag mm1 5000000" "$scenarios mm1 5000000"
compare "100000 tasks on 64 cores, ×1" "$bare/bag bag 1000000" "$scenarios bag 1000000"
for flight in 100 1000 10000; do
    compare "flows alone, $flight in flight" "$bare/flows $flight 20000" "$flows $flight 20000"
    compare "flows, a scenario, $flight in flight" "$bare/flows $flight 20000" "$scenarios flows $flight 20000"
done
