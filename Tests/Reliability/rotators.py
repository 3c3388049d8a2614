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
                       lambda world, d=directives, k=kill: logrotate(world, d, k))
    for kill in (False, True):
        ends = ", killed" if kill else ""
        suite.case(f"nginx USR1{ends}", lambda world, k=kill: nginx(world, k))
        for settings in ("logback-size-and-time", "logback-fixed-window", "log4j2-rolling"):
            suite.case(f"{settings}{ends}", lambda world, s=settings, k=kill: java(world, s, k))


def needs(world, *programs):
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
    "copytruncate": "copytruncate\nrotate 50",
    "copytruncate, compress": "copytruncate\nrotate 50\ncompress",
    "copytruncate, delaycompress": "copytruncate\nrotate 50\ncompress\ndelaycompress",
}


def logrotate(world, directives, kill):
    """Writes, rests, rotates, a dozen times; each line is there once."""
    if not needs(world, "logrotate"):
        return
    world.configure("app.log*")
    path = world.logs.path("app.log")
    settings = os.path.join(world.directory, "logrotate.conf")
    with open(settings, "w", encoding="utf-8") as file:
        file.write(f"{path} {{\n{directives}\nmissingok\n}}\n")
    world.start()
    ledger = world.logs.ledger()
    for _ in range(12):
        for _ in range(world.rng.choice([1, 5, 40])):
            data = world.lines.java(world.rng.choice([1, 20]))
            with open(path, "ab") as file:
                file.write(data)
            ledger.data += data
            restless(world, kill and world.rng.random() < 0.2)
        if "%s" in directives:
            time.sleep(1)
        done = subprocess.run(
            ["logrotate", "-f", "-s", os.path.join(world.directory, "state"), settings],
            capture_output=True, check=False)
        world.check(done.returncode == 0, f"logrotate: {done.stderr}")
    world.finish()


# ------------------------------------------------------------ nginx

NGINX = """
daemon off; {user} worker_processes 2; pid {work}/nginx.pid; error_log {work}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log {logs}/access.log;
    client_body_temp_path {work}/body; proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi; uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
    server {{ listen 127.0.0.1:{port}; location / {{ return 200 "ok"; }} }}
}}
"""


def nginx(world, kill):
    """Requests all the time; rename, USR1, and gzip as soon as the old workers have let go."""
    if not needs(world, "nginx"):
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    work = os.path.join(world.directory, "nginx")
    os.mkdir(work)
    with open(os.path.join(work, "nginx.conf"), "w", encoding="utf-8") as file:
        file.write(NGINX.format(work=work, logs=world.logs.directory, port=port,
                                user="user root;" if os.geteuid() == 0 else ""))
    server = subprocess.Popen(["nginx", "-p", work, "-c", os.path.join(work, "nginx.conf"),
                               "-e", os.path.join(work, "error.log")])
    world.ends.append(lambda: (server.terminate(), server.wait()))
    world.start()
    ended, sent = threading.Event(), []

    def client():
        while not ended.is_set():
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                for _ in range(50):
                    connection.request("GET", f"/pay/n{len(sent):07}")
                    connection.getresponse().read()
                    sent.append(len(sent))
            except OSError:
                time.sleep(0.05)

    thread = threading.Thread(target=client)
    thread.start()
    try:
        for number in range(8):
            time.sleep(0.4)
            path = world.logs.path("access.log")
            os.rename(path, f"{path}.{number}")
            time.sleep(world.rng.random() * 0.2)  # the workers write to the renamed file
            server.send_signal(signal.SIGUSR1)
            restless(world, kill)
            time.sleep(0.3)
            subprocess.run(["gzip", f"{path}.{number}"], check=True)
            restless(world, kill)
    finally:
        ended.set()
        thread.join()
    numbered(world, sent)


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


def numbered(world, numbers):
    """Each of the lines' numbers is there once, when all was read and after a restart."""
    until = time.time() + 30
    while wrong(world, numbers) and time.time() < until:
        time.sleep(0.3)
    problem = wrong(world, numbers)
    if problem:
        raise Failure(f"{problem}; files: {sorted(os.listdir(world.logs.directory))}")
    world.stop()
    world.once()
    world.check(not wrong(world, numbers), f"after another look: {wrong(world, numbers)}")
    world.sound()
    world.audit()
    world.note = f"{len(numbers)} lines in {len(os.listdir(world.logs.directory))} files"


def wrong(world, numbers):
    got = collections.Counter(int(x) for x in re.findall(rb"[ /]n(\d{7}) ", world.stored()))
    missing = [x for x in numbers if got[x] == 0]
    double = [x for x, count in got.items() if count > 1]
    if not missing and not double:
        return None
    return f"{len(missing)} lines are missing ({missing[:3]} … {missing[-3:]}), " \
        f"{len(double)} are there twice ({double[:3]})"
