#!/usr/bin/env bash
# Times the benches beside the bare loops and the other simulators of ../shared/peers, contestant by contestant in turn,
# and prints for each the median of processor time a unit and of its ratio to the bare loop of the same turn.
#   benches/compare.sh [RUNS [PATTERN]]     PATTERN: only the contests whose title it matches
# Peers are built, or installed into target/peers, where they can be had; those that can't are named.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-7}
pattern=${2:-.}
peers=../shared/peers
built=target/peers
if [ ! -d "$peers/ref" ]; then
    echo "the bare loops are absent: $peers/ref isn't there, so there is nothing to compare with"
    exit 0
fi
mkdir -p "$built"
cp -r "$peers/." "$built" # The folder may be read-only, where cargo can't write its lock file.

absent() { echo "absent: $1"; }
crate() { # FOLDER WHAT: builds a peer that is a crate
    CARGO_TARGET_DIR=$built/target cargo build --release --quiet --manifest-path "$built/$1/Cargo.toml" 2>/dev/null ||
        absent "$2 does not build here"
}
crate ref "the bare loops"
crate nexosim "NeXosim (nexosim in the registry of crates)"
crate simcore "the core of DSLab (simcore in the registry of crates)"
g++ -O3 -std=c++17 "$built/simgrid/sg.cpp" -o "$built/sg" -lsimgrid 2>/dev/null ||
    absent "SimGrid (needs g++ and the package libsimgrid-dev)"
python=$built/venv/bin/python
[ -x "$python" ] || python3 -m venv "$built/venv" || true
"$python" -m pip install --quiet simpy==4.1.2 2>/dev/null || absent "SimPy (simpy in the index of Python packages)"
"$python" -m pip install --quiet cimba==0.9.5 2>/dev/null || absent "Cimba (cimba in the index of Python packages)"
has() { "$python" -c "import $1" 2>/dev/null; }

executable() {
    cargo bench --no-run --bench "$1" --no-default-features --message-format=json 2>/dev/null |
        grep -o '"executable":"[^"]*"' | tail -n 1 | cut -d'"' -f4
}
hold=$(executable hold)
flows=$(executable flows)
scenarios=$(executable scenarios)
own=$(executable bare)
bare=$built/target/release
log=$built/output

cpu() { # COMMAND…: seconds of processor time, those that it prints after `cpu` if it does
    local seconds own
    seconds=$({ TIMEFORMAT='%U %S'; time "$@" >"$log" 2>&1; } 2>&1 | awk '{ printf "%.4f", $1 + $2 }') || return 1
    own=$(grep -o '\bcpu [0-9.e-]*' "$log" | cut -d' ' -f2 || true)
    printf '%s' "${own:-$seconds}"
}
contest() { # TITLE 'NAME|UNITS|COMMAND'…, the first one being the bare loop
    local title=$1
    shift
    [[ $title =~ $pattern ]] || return 0
    echo "$title"
    for _ in $(seq "$runs"); do
        local first=""
        for contestant in "$@"; do
            IFS='|' read -r name units command <<<"$contestant"
            # shellcheck disable=SC2086
            local seconds
            seconds=$(cpu $command) || {
                echo "failed: $command: $(tail -n 1 "$log")" >&2
                continue
            }
            local each
            each=$(awk -v s="$seconds" -v n="$units" 'BEGIN { printf "%.3f", s / n * 1e9 }')
            first=${first:-$each}
            echo "$name|$each|$(awk -v a="$each" -v b="$first" 'BEGIN { printf "%.3f", a / b }')"
        done
    done | awk -F'|' '
        function sort(list, n,   i, j, t) { for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j] < list[j-1]; j--) { t = list[j]; list[j] = list[j-1]; list[j-1] = t } }
        !($1 in count) { order[++names] = $1 }
        { count[$1]++; each[$1, count[$1]] = $2 + 0; ratio[$1, count[$1]] = $3 + 0 }
        END { for (k = 1; k <= names; k++) { name = order[k]; n = count[name]
                for (i = 1; i <= n; i++) { e[i] = each[name, i]; r[i] = ratio[name, i] }
                sort(e, n); sort(r, n); m = int((n + 1) / 2)
                printf "  %-22s %10.1f ns a unit   ratio %.2f (%.2f to %.2f)\n", name, e[m], r[m], r[1], r[n] } }'
}
list=() # the contestants of the next contest
add() { list+=("$1|$2|$3"); }
add_if() { # CONDITION NAME UNITS COMMAND
    if eval "$1" >/dev/null 2>&1; then add "$2" "$3" "$4"; fi
}

# Of the bare loops the variant that is fastest at each size.
for size in '1000 10000000 cal' '100000 5000000 d4_replace' '1000000 5000000 d4_replace'; do
    read -r pending events variant <<<"$size"
    list=()
    add "bare loop" "$events" "$bare/hold $pending $events $variant exp"
    add "makespan" "$events" "$hold $pending $events"
    add_if "[ -x $bare/simcore-bench ]" "DSLab (simcore)" 1000000 "$bare/simcore-bench hold $pending 1000000"
    add_if "[ -x $bare/nexo ]" "NeXosim" 1000000 "$bare/nexo hold $pending 1000000"
    if [ "$pending" = 1000 ]; then
        add_if "[ -x $built/sg ]" "SimGrid" 200000 "$built/sg hold $pending 200000 --log=no_loc"
        add_if "has simpy" "SimPy" 200000 "$python $built/python/hold_simpy.py $pending 200000"
    fi
    contest "hold, $pending pending" "${list[@]}"
done

list=()
add "bare loop" 5000000 "$bare/bag mm1 5000000"
add "makespan, a scenario" 5000000 "$scenarios mm1 5000000"
add_if "[ -x $bare/simcore-bench ]" "DSLab (simcore)" 2000000 "$bare/simcore-bench mm1 2000000 0.9"
add_if "[ -x $bare/nexo ]" "NeXosim" 1000000 "$bare/nexo mm1 1000000 0.9"
add_if "has cimba" "Cimba" 5000000 "$python $built/python/mm1_cimba_wheel.py 5000000 0.9 1"
add_if "has simpy" "SimPy" 100000 "$python $built/python/mm1_simpy.py 100000 0.9"
contest "M/M/1, a customer" "${list[@]}"

for tasks in 100000 1000000; do
    list=()
    add "bare loop" "$tasks" "$bare/bag bag $tasks"
    add "makespan, a scenario" "$tasks" "$scenarios bag $tasks"
    add_if "[ -x $built/sg ] && [ $tasks = 100000 ]" "SimGrid" 100000 "$built/sg bagexec 100000 --log=no_loc"
    add_if "has simpy && [ $tasks = 100000 ]" "SimPy" 100000 "$python $built/python/bag_simpy.py 100000"
    contest "$tasks tasks at once on 64 cores, a task" "${list[@]}"
done

list=()
add "bare loop" 1000000 "$own loop 1000000"
add "makespan, a scenario" 1000000 "$scenarios loop 1000000"
contest "a loop of 10^6 iterations, one at a time on 64 cores, an iteration" "${list[@]}"

list=()
add "bare loop" 2000000 "$own power 2000000"
add "makespan, a scenario" 2000000 "$scenarios power 2000000"
contest "the better of two of 1000 servers, a customer" "${list[@]}"

# Stealing takes trees; what it is measured by is the bare loop of a bag of as many tasks.
list=()
add "bare loop, a bag" 1000000 "$bare/bag bag 1000000"
add "makespan, a scenario" 1048575 "$scenarios tree 19"
contest "a tree of 10^6 tasks on 64 cores that steal, a task" "${list[@]}"

if [[ "10^7 tasks on 10^5 cores that steal" =~ $pattern ]]; then
    echo "10^7 tasks on 10^5 cores that steal"
    /usr/bin/env time -f "  %U s of processor time, at most %M KiB" "$scenarios" steal 100000 7 2>&1 | sed 's/^steal/  steal/'
fi

for flight in 100 1000 10000; do
    list=()
    add "bare loop" 20000 "$bare/flows $flight 20000"
    add "makespan, flows alone" 20000 "$flows $flight 20000"
    add "makespan, a scenario" 20000 "$scenarios flows $flight 20000"
    add_if "[ -x $built/sg ] && [ $flight -lt 10000 ]" "SimGrid" 2000 "$built/sg flows $flight 2000 --cfg=network/crosstraffic:0 --log=no_loc"
    contest "flows, $flight in flight" "${list[@]}"
done

# What a second core gains: 20 replicates of a scenario that take more than 10 s on one. On a machine that others use,
# only the processor time says something: what it has more with two threads is lost to what they share.
if [[ "20 replicates on two cores" =~ $pattern ]]; then
    cargo build --release --quiet
    cat >"$built/replicates.toml" <<'SCENARIO'
machine.cores = 1
schedule.policy = "fifo"
run = { replicates = 20, seed = 1, limits.events = 10_000_000_000 }
workload.tasks = { count = 3_000_000, work.exponential = "1 ms", arrivals.poisson = "900 /s" }
SCENARIO
    echo "20 replicates on two cores"
    for _ in $(seq $(((runs + 1) / 2))); do
        for threads in 1 2; do
            { TIMEFORMAT="%R %U %S $threads"; time target/release/makespan run "$built/replicates.toml" -j "$threads" --quiet --restart --records none --out "$built/out" >/dev/null 2>"$log"; } 2>&1
        done
    done | awk '{ w[$4] += $1; c[$4] += $2 + $3 }
        END { printf "  wall %.1f s on one, %.1f s on two: %.2f times as fast; processor time × %.3f\n", w[1], w[2], w[1] / w[2], c[2] / c[1] }'
fi
