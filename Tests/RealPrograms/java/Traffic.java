import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** What the services say: the same calls for every logging library, from several threads. */
final class Traffic {
    enum Level { TRACE, DEBUG, INFO, WARN, ERROR }

    /** One log call of the library under test. */
    interface Library {
        void log(Level level, String logger, String message, Throwable thrown);

        void context(String traceId, String userId);
    }

    private static final String[] THREADS = {
        "http-nio-8080-exec-1", "http-nio-8080-exec-27", "dispatch-pool-3", "scheduling-1",
        "HikariPool-1 housekeeper", "支付线程-1",
    };
    private static final String[] CHANNELS = {"ALIPAY", "WXPAY", "UNIONPAY", "ICBC"};
    private static final String ORDERS = "com.example.pay.control.service.OrderService";
    private static final String MAPPER = "com.example.pay.control.dao.OrderMapper";
    private static final String POOL = "com.zaxxer.hikari.pool.HikariPool";

    private final Library library;
    private final AtomicInteger calls = new AtomicInteger();

    private Traffic(Library library) {
        this.library = library;
    }

    /** Runs all threads to their end and returns the number of log calls they made. */
    static int run(Library library, int stepsPerThread) throws InterruptedException {
        Traffic traffic = new Traffic(library);
        // Calls from several threads while the library still reads its configuration are lost.
        traffic.say(Level.INFO, ORDERS, "服务启动 pid=" + ProcessHandle.current().pid(), null);
        List<Thread> threads = new ArrayList<>();
        for (String name : THREADS) {
            threads.add(new Thread(() -> traffic.serve(name, stepsPerThread), name));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return traffic.calls.get();
    }

    private void serve(String name, int steps) {
        Random random = new Random(name.hashCode());
        for (int step = 0; step < steps; step++) {
            // Libraries look at the size of the file only now and then, so a burst would
            // leave one large file instead of several rolled-over ones.
            pause(step % 8 == 0 ? 25 : 0);
            boolean inRequest = random.nextInt(4) != 0;
            library.context(
                inRequest ? String.format("%016x", random.nextLong()) : null,
                inRequest ? String.valueOf(10_000_000 + random.nextInt(90_000_000)) : null);
            step(random, step);
        }
        library.context(null, null);
    }

    private void step(Random random, int step) {
        String order = String.format("order-20261118%08d", random.nextInt(100_000_000));
        switch (random.nextInt(20)) {
            case 0 -> say(Level.WARN, ORDERS, "渠道响应较慢 channel=" + channel(random) + " " + order
                + " cost=" + (1500 + random.nextInt(4000)) + "ms threshold=1500ms", null);
            case 1 -> say(Level.DEBUG, MAPPER, "==>  Preparing: SELECT id, order_no\n"
                + "  FROM t_order\n WHERE order_no = ?\n   AND deleted = 0", null);
            case 2 -> say(Level.INFO, ORDERS, "response body:\n{\n  \"orderNo\": \"" + order
                + "\",\n\n  \"items\": [\n    \"拿铁咖啡\"\n  ]\n}\n", null);
            case 3 -> say(Level.ERROR, ORDERS, "创建订单失败 " + order, chain(random));
            case 4 -> rare(random, step, order);
            case 5 -> say(Level.DEBUG, "root", "heartbeat from node 10.12.3." + random.nextInt(255)
                + ":7070 load=" + random.nextInt(400) / 100.0, null);
            default -> say(Level.INFO, ORDERS, "创建订单成功 orderNo=" + order + " amount="
                + random.nextInt(100_000) / 100.0 + " CNY channel=" + channel(random) + " cost="
                + random.nextInt(400) + "ms", null);
        }
    }

    /** The kinds of text that readers of logs get wrong. */
    private void rare(Random random, int step, String order) {
        switch (step % 12) {
            case 0 -> say(Level.INFO, ORDERS, "", null);
            case 1 -> say(Level.INFO, ORDERS, "   leading and trailing blanks   ", null);
            case 2 -> say(Level.WARN, ORDERS, "a [b] - c : {d} \"e\" 'f' \\ | 100% $x ${y} %d", null);
            case 3 -> say(Level.INFO, ORDERS, "payload "
                + "0123456789abcdef".repeat(random.nextInt(8) == 0 ? 7_500 : 250), null);
            case 4 -> say(Level.INFO, ORDERS, "\u001b[31mred\u001b[0m, tab\there, bell\u0007", null);
            case 5 -> say(Level.INFO, ORDERS, "supplementary 😀 and 𠮷野家, café, naïve", null);
            case 6 -> say(Level.ERROR, POOL, null, new NullPointerException());
            case 7 -> say(Level.ERROR, ORDERS, "recursion " + order, deep(120));
            case 8 -> say(Level.ERROR, MAPPER, "query failed", multiLine(order));
            case 9 -> say(Level.WARN, POOL, "数据库连接超时, still waiting\r\nactive=50\r\nidle=0", null);
            case 10 -> say(Level.TRACE, ORDERS, "ERROR is only a word here, at line 12", null);
            default -> say(Level.ERROR, ORDERS, "closing failed", suppressed());
        }
    }

    private void say(Level level, String logger, String message, Throwable thrown) {
        calls.incrementAndGet();
        library.log(level, logger, message, thrown);
    }

    private static Throwable chain(Random random) {
        Throwable root = random.nextBoolean()
            ? new SocketTimeoutException("Read timed out") : new IOException("连接被重置");
        SQLException sql = new SQLException("Communications link failure", "08S01", 0, root);
        return new IllegalStateException("数据库连接超时", sql);
    }

    private static Throwable suppressed() {
        IllegalStateException main = new IllegalStateException("batch was not written");
        main.addSuppressed(new IOException("no space left on device", new IOException("ENOSPC")));
        main.addSuppressed(new UncheckedIOException("flush", new IOException("closed")));
        return new RuntimeException(main);
    }

    private static Throwable multiLine(String order) {
        return new RuntimeException("\n### Error querying database.  Cause: java.sql.SQLException\n"
            + "### The error may exist in OrderMapper.xml\n### SQL: SELECT * FROM t_order\n"
            + "### Cause: no such row: " + order, new SQLException("no such row"));
    }

    private static Throwable deep(int frames) {
        return frames == 0 ? new StackOverflowError() : deep(frames - 1);
    }

    private static String channel(Random random) {
        return CHANNELS[random.nextInt(CHANNELS.length)];
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
