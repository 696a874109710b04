"""A real Slurm cluster on this machine: munge, one controller and three nodes on loopback.

It needs neither root nor systemd nor a database, writes below one folder and touches nothing else.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("slurmctld", "slurmd", "slurm-client", "munge")
DAEMONS = ("munged", "slurmctld", "slurmd")
COMMANDS = ("sbatch", "srun", "squeue", "scancel", "scontrol", "sinfo", "sacct", "sacctmgr")
NODES = ("c1", "c2", "c3")
PARTITION = "short"
#: Debian keeps daemons where the path of an ordinary user does not lead.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])

CONFIGURATION = """\
ClusterName=confaug
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={base}/munge.sock
CredType=cred/munge
# Loopback only.
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation={base}/state
SlurmdSpoolDir={base}/spool/%n
SlurmctldPidFile={base}/slurmctld.pid
SlurmdPidFile={base}/slurmd-%n.pid
SlurmctldLogFile={base}/slurmctld.log
SlurmdLogFile={base}/slurmd-%n.log
SwitchType=switch/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
PropagateResourceLimits=NONE
# Memory limits are enforced without control groups, by sampling.
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill,UsePss
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
# A node may claim more processors and memory than there are.
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={base}/jobs.txt
# Ended jobs are remembered until the tests have looked at them.
MinJobAge=14400
CompleteWait=0
KillWait=2
ReturnToService=2
# Without it a job over a limit of the partition pends for ever.
EnforcePartLimits=ALL
DefMemPerCPU=200
{nodes}
# Not the default, so that jobs run only if the profile names it.
PartitionName={partition} Nodes=ALL Default=NO MaxTime=04:00:00 State=UP
"""

#: A job step forgets SLURM_CONF, so that each command is told again; /etc/slurm stays untouched.
COMMAND = """\
#!/bin/sh
SLURM_CONF='{base}/slurm.conf' exec '{program}' "$@"
"""


def missing_programs() -> list[str]:
    """Return the programs of Slurm that are not installed."""
    return [name for name in DAEMONS + COMMANDS if not shutil.which(name, path=SEARCH_PATH)]


@dataclass
class Cluster:
    """A cluster that runs."""

    base: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a shell on the cluster sees: Slurm's commands find this cluster.

        Every job starts Python several times: compiled modules are kept.
        """
        ours = {
            "PATH": f"{self.base / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "SLURM_CONF": str(self.base / "slurm.conf"),
        }
        inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        return {**inherited, **ours}

    def call(self, *command: str) -> str:
        """Run one of Slurm's commands and return what it prints."""
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.strip()}")
        return done.stdout.strip()

    def jobs(self, states: str = "all") -> list[dict[str, str]]:
        """Return the jobs that the controller remembers, oldest first."""
        fields = {"id": "%A", "name": "%j", "state": "%T", "memory": "%m", "what": "%k"}
        listed = self.call("squeue", "-h", "-S", "i", "-t", states, "-o", "|".join(fields.values()))
        return [dict(zip(fields, line.split("|"), strict=True)) for line in listed.splitlines()]

    def cancel_everything(self) -> None:
        """Cancel all jobs, and wait until none is left."""
        active = "PENDING,CONFIGURING,RUNNING,SUSPENDED,COMPLETING"
        for job in self.jobs(active):
            self.call("scancel", job["id"])
        wait_until(lambda: not self.jobs(active), "all jobs to end")


def wait_until(condition, what: str, seconds: float = 60) -> None:
    """Wait for a condition and fail after a generous time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.2)


@contextmanager
def running_cluster(base: Path) -> Iterator[Cluster]:
    """Start a cluster below a folder, and stop every process of it at the end.

    The path of the folder must be short: sockets allow about 100 characters.
    """
    for folder in ("bin", "state", *(f"spool/{node}" for node in NODES)):
        (base / folder).mkdir(parents=True)
    write_configuration(base)
    for name in COMMANDS:
        wrapper = base / "bin" / name
        program = shutil.which(name, path=SEARCH_PATH)
        wrapper.write_text(COMMAND.format(base=base, program=program))
        wrapper.chmod(0o755)
    cluster = Cluster(base)
    with ExitStack() as daemons:
        start_munge(base, daemons)
        start(base, daemons, "slurmctld", "-D", "-c")
        for node in NODES:
            start(base, daemons, "slurmd", "-D", "-N", node)
        wait_until(lambda: idle_nodes(cluster) == len(NODES), "idle nodes")
        daemons.callback(cluster.cancel_everything)
        yield cluster


def idle_nodes(cluster: Cluster) -> int:
    """Count the nodes that wait for work; none while the controller starts."""
    try:
        return cluster.call("sinfo", "-h", "-N", "-p", PARTITION, "-o", "%T").split().count("idle")
    except RuntimeError:
        return 0


def write_configuration(base: Path) -> None:
    host = socket.gethostname().split(".")[0]
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    controller_port, *ports = free_ports(1 + len(NODES))
    nodes = "\n".join(
        f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port}"
        " CPUs=1 RealMemory=16000 State=UNKNOWN"
        for node, port in zip(NODES, ports, strict=True)
    )
    (base / "slurm.conf").write_text(
        CONFIGURATION.format(
            base=base,
            host=host,
            user=user,
            controller_port=controller_port,
            nodes=nodes,
            partition=PARTITION,
        )
    )


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def start_munge(base: Path, daemons: ExitStack) -> None:
    key = base / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o400)
    start(
        base,
        daemons,
        *("munged", "--foreground", "--force"),
        *(f"--key-file={key}", f"--socket={base}/munge.sock", f"--pid-file={base}/munged.pid"),
        *(f"--log-file={base}/munged.log", f"--seed-file={base}/munged.seed"),
    )
    wait_until((base / "munge.sock").exists, "munge")


def start(base: Path, daemons: ExitStack, program: str, *arguments: str) -> None:
    """Start a daemon in the foreground, to be stopped as our own child, whatever happens."""
    path = shutil.which(program, path=SEARCH_PATH)
    assert path is not None
    environment = {**os.environ, "SLURM_CONF": str(base / "slurm.conf")}
    with (base / "daemons.log").open("ab") as log:
        process = subprocess.Popen(
            [path, *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    daemons.callback(stop, process)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":  # a shell on a cluster, to look at things by hand
    with running_cluster(Path(sys.argv[1])) as running:
        subprocess.run(["bash"], env=running.environment, check=False)
