"""Programs that log: lines at a fixed rate, and corpora at a rate in bytes."""
import datetime
import multiprocessing
import os
import random
import time

ZONE = datetime.timezone(datetime.timedelta(hours=8))
AGENT = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Safari/537.36")
MESSAGES = ["订单创建成功", "支付请求已受理 channel=ALIPAY", "账户余额更新", "ledger entry posted",
            "查询订单状态 status=PAID", "callback delivered to merchant"]
CLASSES = ["order.OrderService", "pay.ChannelRouter", "account.LedgerWriter", "api.PayController"]
TICK = 0.01


def applications(count, source):
    """Texts of Logback lines, without time and id; about 200 bytes with them."""
    return [
        f"[http-nio-8080-exec-{source.randrange(1, 200)}] INFO  c.e.p.{source.choice(CLASSES)} - "
        f"{source.choice(MESSAGES)} orderNo=20261121{source.randrange(10**10):010d} userId="
        f"{source.randrange(10**7)} amount={source.randrange(10**6) / 100} traceId="
        f"{source.getrandbits(128):032x} cost={source.randrange(900)}ms"
        for _ in range(count)]


def requests(count, source):
    """The parts of nginx lines before and behind time and id."""
    return [
        (f"{source.randrange(1, 223)}.{source.randrange(256)}.{source.randrange(256)}.1 - - ",
         f"\"GET /api/v1/order-{source.randrange(10**6)}",
         f" HTTP/1.1\" 200 {source.randrange(50, 9000)} \"-\" \"{AGENT}\" 0.0"
         f"{source.randrange(10, 99)} 0.0{source.randrange(10, 99)}")
        for _ in range(count)]


class Lines:
    """Lines to files at a fixed rate, in a process of its own; each file is renamed every
    `rotation` seconds and begun anew. Of six files four are an application's, two nginx's."""

    def __init__(self, directory, files=6, rate=10_000, rotation=15, seed=1):
        self.directory, self.rate, self.rotation = directory, rate, rotation
        self.paths = [os.path.join(directory, f"{'access' if i % 3 == 2 else 'app'}-{i}.log")
                      for i in range(files)]
        source = random.Random(seed)
        self.texts = [requests(500, source) if self.is_access(i) else applications(500, source)
                      for i in range(files)]
        self.random = source
        self.ending = multiprocessing.Event()
        self.ready, self.result = multiprocessing.Pipe(False)
        self.process = None

    @staticmethod
    def is_access(index):
        return index % 3 == 2

    def line(self, index, text, word, now):
        if self.is_access(index):
            client, path, rest = text
            return f"{client}[{now:%d/%b/%Y:%H:%M:%S %z}] {path}?id={word}{rest}\n"
        return f"{now:%Y-%m-%d %H:%M:%S}.{now.microsecond // 1000:03d} {text} id={word}\n"

    def marked(self, word):
        """A file, and a line for it that has `word`."""
        index = self.random.randrange(len(self.paths))
        text = self.texts[index][self.random.randrange(500)]
        return self.paths[index], self.line(
            index, text, word, datetime.datetime.now(ZONE)).encode()

    def start(self):
        self.process = multiprocessing.Process(target=self.write, daemon=True)
        self.process.start()
        return self

    def stop(self):
        """Ends it; returns file -> [(time before the write, first id, end of ids)]."""
        self.ending.set()
        writes = self.ready.recv()
        self.process.join()
        return writes

    def write(self):
        files = [open(path, "ab", buffering=0) for path in self.paths]
        written = [0] * len(files)
        writes = [[] for _ in files]
        start = time.monotonic()
        # One file after the other, not all at once.
        rotations = [start + self.rotation * (i + 1) / len(files) for i in range(len(files))]
        while not self.ending.is_set():
            due = time.monotonic()
            now = datetime.datetime.now(ZONE)
            total = int((due - start) * self.rate)
            for index, file in enumerate(files):
                count = total // len(files) - written[index]
                if count <= 0:
                    continue
                first = written[index]
                text = "".join(
                    self.line(index, self.texts[index][i % 500], f"{index}-{i}", now)
                    for i in range(first, first + count)).encode()
                writes[index].append((time.monotonic(), first, first + count))
                file.write(text)
                written[index] += count
                if time.monotonic() >= rotations[index]:
                    rotations[index] += self.rotation
                    os.rename(self.paths[index], f"{self.paths[index]}.{time.time_ns()}")
                    file.close()
                    files[index] = open(self.paths[index], "ab", buffering=0)
            time.sleep(max(0, due + TICK - time.monotonic()))
        self.result.send(writes)


class Corpus:
    """The largest file of each host of a corpus, written anew at `rate` bytes a second up to
    `limit` bytes, in a process of its own: whole lines, a piece of each file in turn; all are
    renamed every `rotation` seconds and begun anew."""

    PIECE = 256 << 10

    def __init__(self, corpus, directory, rate, limit, rotation):
        self.rate, self.limit, self.rotation = rate, limit, rotation
        self.files = []
        for host in sorted(os.listdir(corpus)):
            names = os.listdir(os.path.join(corpus, host))
            largest = max(names, key=lambda name: os.path.getsize(os.path.join(corpus, host, name)))
            os.makedirs(os.path.join(directory, host), exist_ok=True)
            self.files.append((os.path.join(corpus, host, largest),
                               os.path.join(directory, host, largest)))
        self.paths = [target for _, target in self.files]
        for path in self.paths:
            with open(path, "wb"):
                pass
        self.ready, self.result = multiprocessing.Pipe(False)
        self.process = multiprocessing.Process(target=self.write, daemon=True)

    def start(self):
        self.process.start()

    def finish(self):
        """Waits until all is written; returns lines, bytes, and when it began and ended."""
        answer = self.ready.recv()
        self.process.join()
        return answer

    def write(self):
        start = time.monotonic()
        rotation = start + self.rotation
        sources = [open(path, "rb") for path, _ in self.files]
        targets = [open(path, "ab", buffering=0) for path in self.paths]
        lines = size = 0
        has_more = True
        while has_more and size < self.limit:
            has_more = False
            for source, target in zip(sources, targets):
                piece = source.read(self.PIECE) + source.readline()
                has_more = has_more or bool(piece)
                target.write(piece)
                lines += piece.count(b"\n")
                size += len(piece)
                time.sleep(max(0, start + size / self.rate - time.monotonic()))
            if time.monotonic() >= rotation:
                rotation += self.rotation
                for index, path in enumerate(self.paths):
                    os.rename(path, f"{path}.{time.time_ns()}")
                    targets[index].close()
                    targets[index] = open(path, "ab", buffering=0)
        end = time.monotonic()
        self.result.send((lines, size, start, end))
