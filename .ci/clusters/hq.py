"""HyperQueue without its command: a server with a worker, and what hands the tasks of a job file to it.

    hq.py serve DIR CORES               runs until it is ended; DIR/ready says that it is up
    hq.py DIR job submit-file FILE      as `hq job submit-file FILE` would
"""

import signal
import sys
import tomllib
from pathlib import Path

from hyperqueue import Client, Job, LocalCluster
from hyperqueue.cluster import WorkerConfig
from hyperqueue.ffi.protocol import ResourceRequest


def serve(home: Path, cores: int) -> None:
    home.mkdir(parents=True, exist_ok=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    with LocalCluster(str(home), WorkerConfig(cores=cores)):
        (home / "ready").touch()
        signal.sigwait([signal.SIGTERM])


def submit(home: Path, file: Path) -> None:
    described = tomllib.loads(file.read_text())
    job, tasks = Job(name=described["name"], max_fails=None), {}
    for task in described["task"]:
        tasks[task["id"]] = job.program(
            task["command"],
            cwd=task["cwd"],
            stdout=task["stdout"],
            stderr=task["stderr"],
            deps=[tasks[other] for other in task.get("deps", [])],
            resources=[ResourceRequest(cpus=int(request["resources"]["cpus"])) for request in task["request"]],
        )
    print("Job submitted successfully, job ID:", Client(home).submit(job).id)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", home, cores]:
            serve(Path(home), int(cores))
        case [home, "job", "submit-file", file]:
            submit(Path(home), Path(file))
        case other:
            sys.exit(f"what is {other}?")
