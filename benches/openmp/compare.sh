#!/usr/bin/env bash
# Measures parallel loops under gcc's OpenMP and predicts them: `benches/openmp/compare.sh [REPEATS]` prints a table in
# Markdown. Needs gcc with libgomp and two processors that are free: with the right to real-time priority it takes them.
#
# The cost of an iteration is measured beside each loop. Of the runtime two numbers are fitted, each on one case of 20 us an
# iteration: the barrier (fork and join) on the constant loop under `static`, the dispatch of a chunk on the constant
# loop under `dynamic`. Everything else is predicted.
set -euo pipefail
cd "$(dirname "$0")/../.."
repeats=${1:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -O2 -fopenmp benches/openmp/loops.c -o "$work/loops"
front=""
if chrt -f 10 true 2>/dev/null; then front="chrt -f 10"; fi
if [ -n "${MAKESPAN:-}" ]; then simulator=$MAKESPAN; else
    cargo build --release --quiet --bin makespan
    simulator=target/release/makespan
fi

measure() { # PROFILE SCHEDULE CHUNK ITERATIONS MICROSECONDS: seconds alone and in parallel
    $front "$work/loops" "$@" "$repeats"
}
calculate() { awk "BEGIN { printf \"%.12g\", $1 }"; }

predict() { # PROFILE LOOP ITERATIONS MEAN_NS BARRIER_NS DISPATCH_NS: seconds
    local mean=$4 cost
    of() { calculate "$mean * $1"; }
    case $1 in
    constant) cost="\"$mean ns\"" ;;
    increasing) cost="{ linear = { from = \"$(of 0.1) ns\", to = \"$(of 1.9) ns\" } }" ;;
    decreasing) cost="{ linear = { from = \"$(of 1.9) ns\", to = \"$(of 0.1) ns\" } }" ;;
    spiked) cost="{ spiked = { base = \"$(of 0.5) ns\", spike = \"$(of 25.5) ns\", every = 50 } }" ;;
    esac
    cat >"$work/loop.toml" <<TOML
machine.cores = 2
workload.loop = { iterations = $3, cost = $cost, barrier = "$5 ns" }
schedule = { loop = $2, cost = { dispatch = "$6 ns", serial = false } }
report.metrics = ["makespan"]
TOML
    # The fourth column of the second line is the makespan in seconds.
    "$simulator" run "$work/loop.toml" --out "$work/out" --records none --no-progress --format csv 2>/dev/null |
        sed -n 2p | cut -d, -f4
}

read -r alone took < <(measure constant static 0 400 20)
barrier=$(calculate "int(1e9 * ($took - $alone / 2) + 0.5)")
if [ "$barrier" -lt 0 ]; then barrier=0; fi
read -r alone took < <(measure constant dynamic 1 400 20)
dispatch=$(calculate "int(1e9 * ($took - $alone / 2 - 1e-9 * $barrier) / 200 + 0.5)")
if [ "$dispatch" -lt 0 ]; then dispatch=0; fi
echo "Barrier $barrier ns, dispatch $dispatch ns."
echo
echo "| iteration | costs | schedule | measured | predicted | off by |"
echo "|---|---|---|---|---|---|"
for case in "5 1600" "20 400" "100 400"; do
    read -r mean count <<<"$case"
    for profile in constant increasing decreasing spiked; do
        while read -r schedule chunk loop; do
            read -r alone took < <(measure "$profile" "$schedule" "$chunk" "$count" "$mean")
            exact=$(calculate "int(1e9 * $alone / $count * 1000 + 0.5) / 1000")
            predicted=$(predict "$profile" "$loop" "$count" "$exact" "$barrier" "$dispatch")
            awk -v mean="$mean" -v profile="$profile" -v schedule="$schedule" -v chunk="$chunk" -v took="$took" -v p="$predicted" \
                'BEGIN { name = chunk > 0 ? schedule "," chunk : schedule
                         printf "| %s us | %s | %s | %.3f ms | %.3f ms | %+.1f %% |\n", mean, profile, name, 1e3 * took, 1e3 * p, 100 * (p / took - 1) }'
        done <<'SCHEDULES'
static 0 "static"
static 1 { static = 1 }
dynamic 1 "self"
dynamic 64 { self = 64 }
guided 0 "guided"
SCHEDULES
    done
done
