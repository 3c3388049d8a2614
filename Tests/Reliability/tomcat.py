"""Tomcat rotates its logs itself, logrotate its catalina.out; requests and deployments go on."""
import collections
import gzip
import http.client
import os
import shutil
import subprocess
import threading
import time

from harness import Failure
from model import lines_of
from reading import FAKETIME
from rotators import free_port, needs, restless, rotate_now

HOME = "/usr/share/tomcat10"
CONTROL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../RealPrograms/tomcat")
SERVLET = "/usr/share/java/tomcat10-servlet-api.jar"

SERVER = """<Server port="-1">
  <Service name="Catalina">
    <Connector address="127.0.0.1" port="{port}" protocol="HTTP/1.1"/>
    <Engine name="Catalina" defaultHost="localhost" backgroundProcessorDelay="1">
      <Host name="localhost" appBase="webapps" unpackWARs="true" autoDeploy="true">
        <Valve className="org.apache.catalina.valves.AccessLogValve" directory="{logs}"
               prefix="access_dated" suffix=".log" {dates} pattern="common"/>
        <Valve className="org.apache.catalina.valves.AccessLogValve" directory="{logs}"
               prefix="access_renamed" suffix=".log" {dates} renameOnRotate="true"
               buffered="false" pattern="combined"/>
      </Host>
    </Engine>
  </Service>
</Server>
"""
DATES = {"each second": 'fileDateFormat=".yyyy-MM-dd.HH-mm-ss"', "over midnights": ""}


# A day in ten seconds.
FAST = {"LD_PRELOAD": FAKETIME, "FAKETIME": "@2026-11-20 20:00:00 x8640",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}


def add(suite):
    for dates in DATES:
        for kill in (False, True):
            suite.case(f"Tomcat, rotation {dates}{', killed' if kill else ''}",
                       lambda world, d=dates, k=kill: tomcat(world, d, k))


def tomcat(world, dates, kill):
    """All lines of all files, those that it renamed and those that were packed, come in once.

    catalina.out is copied and truncated under requests; what was written to it is known from
    `tee`, so a line that is in no file any more is in the store once or not at all.
    """
    if not needs(world, HOME, SERVLET, "javac", "logrotate", FAKETIME):
        return
    world.configure("access_*.log* catalina.*.log* localhost.*.log* catalina.out*")
    world.logs.cut.add("catalina.")  # its dated files begin alike
    base, port = os.path.join(world.directory, "tomcat"), free_port()
    prepare(world, base, port, DATES[dates])
    world.start()
    fast = FAST if dates == "over midnights" else {}
    server, tee = run(world, base, fast)
    ended = threading.Event()
    threads = [threading.Thread(target=client, args=(port, number, ended)) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        wait_for(world, port)
        for turn in range(12):
            deploy(base, turn)
            time.sleep(1.3)
            rotate_now(world, "catalina.out", "copytruncate\nrotate 99\ncompress\ndelaycompress\n"
                       "dateext\ndateformat -%Y%m%d-%s")
            pack(world, turn)
            restless(world, kill)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    server.terminate()
    server.wait(60)
    tee.wait(10)
    agree(world, os.path.join(base, "written"), kill)


def prepare(world, base, port, dates):
    for name in ("conf", "temp", "webapps", "work", "app/WEB-INF/classes"):
        os.makedirs(os.path.join(base, name))
    shutil.copytree(f"{HOME}/skel/conf", f"{base}/conf", dirs_exist_ok=True)
    with open(f"{base}/conf/server.xml", "w", encoding="utf-8") as file:
        file.write(SERVER.format(port=port, logs=world.logs.directory, dates=dates))
    with open(f"{HOME}/skel/conf/logging.properties", encoding="utf-8") as file:
        # Debian's console formatter is for journald; Tomcat's own default is this.
        settings = file.read().replace("SystemdFormatter", "OneLineFormatter")
    with open(f"{base}/conf/logging.properties", "w", encoding="utf-8") as file:
        file.write(settings.replace("${catalina.base}/logs", world.logs.directory))
    subprocess.run(["javac", "-nowarn", "-encoding", "UTF-8", "-d", f"{base}/app/WEB-INF/classes",
                    "-cp", SERVLET, f"{CONTROL}/ControlServlet.java"], check=True,
                   stderr=subprocess.DEVNULL)
    shutil.copy(f"{CONTROL}/web.xml", f"{base}/app/WEB-INF")
    subprocess.run(["jar", "cf", f"{base}/control.war", "-C", f"{base}/app", "."], check=True)
    shutil.copy(f"{base}/control.war", f"{base}/webapps/control.war")


def run(world, base, more):
    """Tomcat, its output through `tee` to catalina.out and to what is compared in the end."""
    environment = {**world.suite.environment, "CATALINA_HOME": HOME, "CATALINA_BASE": base,
                   "CATALINA_OPTS": "-Xmx256m -XX:TieredStopAtLevel=1 -Dfile.encoding=UTF-8",
                   "LC_ALL": "C.UTF-8", **more}
    with open(os.path.join(base, "written"), "wb") as written:
        tee = subprocess.Popen(["tee", "-a", world.logs.path("catalina.out")],
                               stdin=subprocess.PIPE, stdout=written)
    server = subprocess.Popen([f"{HOME}/bin/catalina.sh", "run"], env=environment,
                              stdin=subprocess.DEVNULL, stdout=tee.stdin, stderr=tee.stdin)
    tee.stdin.close()
    world.ends.append(lambda: (server.kill(), server.wait(), tee.wait()))
    return server, tee


def request(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def wait_for(world, port):
    until = time.time() + 90
    while True:
        try:
            if request(port, "/control/order") == 200:
                return
        except OSError:
            pass
        world.check(time.time() < until, "Tomcat does not answer")
        time.sleep(0.2)


def client(port, number, ended):
    """Pages, lines in catalina.out, stack traces in localhost's log."""
    sent = 0
    while not ended.is_set():
        sent += 1
        name = f"n{number}{sent:06}"
        path = f"/control/print?line={name}" if sent % 3 else f"/control/order?order={name}"
        if sent % 40 == 0:
            path = f"/control/fail?order={name}"
        try:
            request(port, path)
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)


def deploy(base, turn):
    """A second application comes and goes."""
    war = f"{base}/webapps/extra.war"
    if turn % 4 == 0:
        shutil.copy(f"{base}/control.war", war + ".part")
        os.rename(war + ".part", war)
    elif turn % 4 == 2:
        os.remove(war)


def pack(world, turn):
    """What Tomcat has done with is packed, as by a nightly job; the newest stay."""
    for family in ("access_dated.", "access_renamed.", "catalina.2", "localhost.2"):
        names = sorted(x for x in os.listdir(world.logs.directory)
                       if x.startswith(family) and x.endswith(".log") and x != "access_renamed.log")
        for name in names[:-2] if turn % 2 else ():
            subprocess.run(["gzip", world.logs.path(name)], check=True)


# ------------------------------------------------------------ what must be there

def lines_in(directory, prefix=""):
    found = collections.Counter()
    for name in os.listdir(directory):
        if name.startswith(prefix):
            with open(os.path.join(directory, name), "rb") as file:
                data = file.read()
            found.update(lines_of(gzip.decompress(data) if name.endswith(".gz") else data))
    return found


def agree(world, written, kill):
    """The store has each line of the files, and beyond them what catalina.out was cut of.

    Tomcat writes the same lines to catalina.out and to its dated file. As long as one is the
    beginning of the other, byte for byte, they are one content, which is stored once.
    """
    files = lines_in(world.logs.directory)
    kept = lines_in(world.logs.directory, "catalina.out")
    shared = kept & lines_in(world.logs.directory, "catalina.2")
    with open(written, "rb") as file:
        output = collections.Counter(lines_of(file.read()))

    def wrong():
        stored = collections.Counter(lines_of(world.stored()))
        missing, more = files - shared - stored, stored - (files - kept + output)
        return (missing or more) and (
            f"{missing.total()} lines are missing {list(missing)[:2]}, "
            f"{more.total()} too many {list(more)[:2]}")

    until = time.time() + 60
    while wrong() and time.time() < until:
        time.sleep(0.5)
    if wrong():
        raise Failure(f"{wrong()}; files: {sorted(os.listdir(world.logs.directory))}")
    world.stop()
    world.once()
    world.check(not wrong(), f"after another look: {wrong()}")
    world.sound()
    stored = collections.Counter(lines_of(world.stored()))
    lost = (output - stored).total()
    gaps = world.audit(lost=lost > 0)
    world.check(kill or gaps or not lost, f"{lost} lines of catalina.out lost, and no gap is named")
    world.note = f"{files.total()} lines in {len(os.listdir(world.logs.directory))} files, " \
        f"{(stored - files).total()} only in the store, {lost} lost by copytruncate, " \
        f"{len(gaps)} gaps named"
