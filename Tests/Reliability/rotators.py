"""Real tools make the rotation: logrotate, nginx, the rolling appenders of Logback and Log4j 2."""
import collections
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

from harness import Failure

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")
JARS = "/usr/share/java"


def add(suite):
    for name, directives in LOGROTATE.items():
        for kill in (False, True):
            suite.case(f"logrotate, {name}{', killed' if kill else ''}",
                       lambda world, d=directives, k=kill: logrotate(world, d, k),
                       quick=kill and name in ("rename, delaycompress", "copytruncate, compress"))
    for kill in (False, True):
        ends = ", killed" if kill else ""
        suite.case(f"nginx USR1{ends}", lambda world, k=kill: nginx(world, k))
        suite.case(f"logrotate, maxsize many times a second{ends}",
                   lambda world, k=kill: maxsize(world, k))
        suite.case(f"nginx, logrotate with sharedscripts{ends}",
                   lambda world, k=kill: nginx_shared(world, k))
        for settings in ("logback-size-and-time", "logback-fixed-window", "log4j2-rolling"):
            suite.case(f"{settings}{ends}", lambda world, s=settings, k=kill: java(world, s, k))


def needs(world, *programs):
    """Whether the programs and files are there; else the case is left out, and says so."""
    missing = [x for x in programs if not shutil.which(x) and not os.path.exists(x)]
    if missing:
        world.note = f"skipped, no {' '.join(missing)}"
    return not missing


def restless(world, kill):
    """While something else goes on: kills the shipper now and then, if the case wants it."""
    if kill and world.rng.random() < 0.3:
        world.kill()
        time.sleep(world.rng.random() * 0.2)
        world.start()


# ------------------------------------------------------------ logrotate

LOGROTATE = {
    "rename and create": "create\nrotate 50",
    "rename, compress": "create\nrotate 50\ncompress",
    "rename, delaycompress": "create\nrotate 50\ncompress\ndelaycompress",
    "dateext": "create\nrotate 50\ncompress\ndateext\ndateformat -%Y%m%d-%s",
    "dateext, delaycompress":
        "create\nrotate 50\ncompress\ndelaycompress\ndateext\ndateformat -%Y%m%d-%s",
    "nocreate": "nocreate\nrotate 50\ncompress\ndelaycompress",
    "olddir that is followed": "create\nrotate 50\ncompress\nolddir {logs}/app.log.d",
    "olddir elsewhere": "create\nrotate 50\ncompress\nolddir {logs}/elsewhere",
    "copytruncate": "copytruncate\nrotate 50",
    "copytruncate, compress": "copytruncate\nrotate 50\ncompress",
    "copytruncate, delaycompress": "copytruncate\nrotate 50\ncompress\ndelaycompress",
}


def rotate_now(world, names, directives, force="-f"):
    """Runs logrotate on the logs `names`."""
    settings = os.path.join(world.directory, "logrotate.conf")
    logs = " ".join(world.logs.path(x) for x in names.split())
    with open(settings, "w", encoding="utf-8") as file:
        file.write(f"{logs} {{\n{directives}\nmissingok\n}}\n")
    done = subprocess.run(
        ["logrotate", *force.split(), "-s", os.path.join(world.directory, "state"), settings],
        capture_output=True, check=False)
    world.check(done.returncode == 0, f"logrotate: {done.stderr}")


def logrotate(world, directives, kill):
    """Writes, rests, rotates, a dozen times; each line is there once."""
    if not needs(world, "logrotate"):
        return
    world.configure("app.log* app.log.d/*")
    for name in ("app.log.d", "elsewhere"):
        os.mkdir(world.logs.path(name))
    if "copytruncate" in directives:
        world.logs.cut.add("app.log")
    world.start()
    ledger = world.logs.ledger()
    for _ in range(12):
        for _ in range(world.rng.choice([1, 5, 40])):
            append(world, "app.log", world.lines.java(world.rng.choice([1, 20])), ledger)
            restless(world, kill and world.rng.random() < 0.2)
            if "nocreate" in directives:
                time.sleep(world.rng.choice([0, 0, 0.2]))
        if "elsewhere" in directives:
            for count in (1, 20):  # what goes where no glob looks must have been seen
                world.settle()
                append(world, "app.log", world.lines.java(count), ledger)
        if "%s" in directives:
            time.sleep(1)
        rotate_now(world, "app.log", directives.format(logs=world.logs.directory))
        if "elsewhere" in directives:
            world.settle()
        restless(world, kill)
    world.finish()


def append(world, name, data, ledger):
    with open(world.logs.path(name), "ab") as file:
        file.write(data)
    ledger.data += data


def maxsize(world, kill):
    """A program that opens its log for each line; logrotate asks about its size all the time."""
    if not needs(world, "logrotate"):
        return
    world.start()
    ledger, ended = world.logs.ledger(), threading.Event()

    def program():
        while not ended.is_set():
            append(world, "app.log", world.lines.java(20), ledger)
            time.sleep(0.005)

    thread = threading.Thread(target=program)
    thread.start()
    began = time.time()
    try:
        while time.time() < began + 8:
            rotate_now(world, "app.log", "daily\nmaxsize 10k\nnocreate\nrotate 999", force="")
            restless(world, kill and world.rng.random() < 0.1)
    finally:
        ended.set()
        thread.join()
    world.finish()
    world.note = f"{len(os.listdir(world.logs.directory)) - 1} rotations in 8 s"


# ------------------------------------------------------------ nginx

NGINX = """
daemon off; {user} worker_processes 2; pid {work}/nginx.pid; error_log {logs}/error.log notice;
events {{ worker_connections 64; }}
http {{
    log_format timed '$time_iso8601 $request_time $status $request';
    access_log {logs}/access.log;
    access_log {logs}/timed.log timed buffer=4k flush=1s;
    keepalive_requests 100000;
    client_body_temp_path {work}/body; proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi; uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
    server {{ listen 127.0.0.1:{port}; location / {{ return 200 "ok"; }} }}
}}
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Nginx:
    """nginx with two workers, and clients that ask without a pause."""

    def __init__(self, world, clients):
        port, work = free_port(), os.path.join(world.directory, "nginx")
        os.mkdir(work)
        settings, log = os.path.join(work, "nginx.conf"), world.logs.path("error.log")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(NGINX.format(work=work, logs=world.logs.directory, port=port,
                                    user="user root;" if os.geteuid() == 0 else ""))
        self.pid_file = os.path.join(work, "nginx.pid")
        self.process = subprocess.Popen(["nginx", "-p", work, "-c", settings, "-e", log])
        world.ends.append(lambda: (self.process.terminate(), self.process.wait()))
        self.ended, self.sent = threading.Event(), []
        self.threads = [threading.Thread(target=self.client, args=(port, x * 1_000_000))
                        for x in range(clients)]

    def client(self, port, number):
        while not self.ended.is_set():
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                for _ in range(200):
                    connection.request("GET", f"/pay/n{number:07}")
                    connection.getresponse().read()
                    self.sent.append(number)
                    number += 1
                connection.close()
            except OSError:
                number += 1
                time.sleep(0.05)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()


def nginx(world, kill):
    """Requests all the time; rename, USR1, and gzip as soon as the old workers have let go."""
    if not needs(world, "nginx"):
        return
    world.configure("access.log*")
    world.start()
    with Nginx(world, clients=1) as server:
        for number in range(8):
            time.sleep(0.4)
            path = world.logs.path("access.log")
            os.rename(path, f"{path}.{number}")
            time.sleep(world.rng.random())  # the workers write to the renamed file
            server.process.send_signal(signal.SIGUSR1)
            restless(world, kill)
            time.sleep(0.3)
            subprocess.run(["gzip", f"{path}.{number}"], check=True)
            restless(world, kill)
    numbered(world, server.sent)


def nginx_shared(world, kill):
    """Three logs and one signal, as Debian sets logrotate up for nginx, under load."""
    if not needs(world, "nginx", "logrotate"):
        return
    world.configure("access.log* timed.log* error.log*")
    world.start()
    with Nginx(world, clients=3) as server:
        for _ in range(8):
            time.sleep(0.7)
            rotate_now(world, "access.log timed.log error.log",
                       "rotate 14\ncompress\ndelaycompress\nnotifempty\ncreate 0640\n"
                       "sharedscripts\npostrotate\n"
                       f"kill -USR1 $(cat {server.pid_file})\nendscript")
            restless(world, kill)
    server.process.terminate()
    server.process.wait()
    numbered(world, server.sent, logs=2)


# ------------------------------------------------------------ Java

def java(world, settings, kill):
    if not needs(world, "java", f"{JARS}/logback-classic.jar", f"{JARS}/log4j-core.jar"):
        return
    jars = ("log4j-api", "log4j-core") if "log4j2" in settings else (
        "logback-classic", "logback-core", "slf4j-api")
    program = "Log4j2RollingProgram" if "log4j2" in settings else "RollingProgram"
    path = ":".join(f"{JARS}/{x}.jar" for x in jars)
    world.configure("app*.log* app*.tmp app*.gz")
    world.start()
    count = 20_000
    process = subprocess.Popen(
        ["java", "-Xmx256m", "-Dfile.encoding=UTF-8", "-Duser.timezone=Asia/Shanghai",
         f"-Dout={world.logs.directory}", f"-Dlogback.configurationFile={PROGRAMS}/{settings}.xml",
         f"-Dlog4j2.configurationFile={PROGRAMS}/{settings}.xml", "-cp", path,
         os.path.join(PROGRAMS, program + ".java"), str(count)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while process.poll() is None:
        time.sleep(world.rng.random() * 0.3)
        restless(world, kill)
    world.check(process.returncode == 0, f"java: {process.stderr.read()[-500:]}")
    numbered(world, [*range(count), *(9_000_000 + x for x in range(99, count, 500))])


def numbered(world, numbers, logs=1):
    """Each of the lines' numbers is there once for each log, at last and after a restart."""
    until = time.time() + 30
    while wrong(world, numbers, logs) and time.time() < until:
        time.sleep(0.3)
    problem = wrong(world, numbers, logs)
    if problem:
        raise Failure(f"{problem}; files: {sorted(os.listdir(world.logs.directory))}")
    world.stop()
    world.once()
    world.check(not wrong(world, numbers, logs),
                f"after another look: {wrong(world, numbers, logs)}")
    world.sound()
    world.audit()
    world.note = f"{len(numbers) * logs} lines in {len(os.listdir(world.logs.directory))} files"


def wrong(world, numbers, logs):
    got = collections.Counter(int(x) for x in re.findall(rb"[ /]n(\d{7}) ", world.stored()))
    missing = [x for x in numbers if got[x] < logs]
    double = [x for x, count in got.items() if count > logs]
    if not missing and not double:
        return None
    return f"{len(missing)} lines are missing ({missing[:3]} … {missing[-3:]}), " \
        f"{len(double)} are there too often ({double[:3]})"
