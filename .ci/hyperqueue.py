"""HyperQueue without its command: a server with workers, and what hands a job file to it.

    hyperqueue.py serve DIR CORES               runs until it is killed; DIR/ready says that it is up
    hyperqueue.py hq DIR job submit-file FILE   as `hq` itself would
"""

import sys
import threading
import tomllib
from pathlib import Path

from hyperqueue import Client, Job, LocalCluster
from hyperqueue.cluster import WorkerConfig
from hyperqueue.task.task import ResourceRequest


def serve(home: Path, cores: int) -> None:
    home.mkdir(parents=True, exist_ok=True)
    cluster = LocalCluster(home, WorkerConfig(cores=cores))
    (home / "ready").touch()
    threading.Event().wait()
    cluster.stop()


def submit(home: Path, file: Path) -> None:
    described = tomllib.loads(file.read_text())
    job, tasks = Job(), {}
    for task in described["task"]:
        resources = task["request"][0]["resources"]
        tasks[task["id"]] = job.program(
            task["command"],
            cwd=task["cwd"],
            stdout=task["stdout"],
            stderr=task["stderr"],
            deps=[tasks[other] for other in task.get("deps", [])],
            resources=ResourceRequest(cpus=int(resources["cpus"])),
        )
    print("Job submitted successfully, job ID:", Client(home).submit(job).id)


if __name__ == "__main__":
    what, home, rest = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    if what == "serve":
        serve(home, int(rest[0]))
    elif what == "hq" and rest[:2] == ["job", "submit-file"]:
        submit(home, Path(rest[-1]))
    else:
        sys.exit(f"what is {sys.argv[1:]}?")
