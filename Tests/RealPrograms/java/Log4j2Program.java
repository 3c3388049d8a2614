import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.ThreadContext;

/** Writes node.log with Log4j 2; prints "CALLS n". */
public final class Log4j2Program implements Traffic.Library {
    public static void main(String[] arguments) throws InterruptedException {
        int calls = Traffic.run(new Log4j2Program(), Integer.parseInt(arguments[0]));
        LogManager.shutdown();
        System.out.println("CALLS " + calls);
    }

    @Override
    public void log(Traffic.Level level, String name, String message, Throwable thrown) {
        LogManager.getLogger(name).log(Level.valueOf(level.name()), message, thrown);
    }

    @Override
    public void context(String traceId, String userId) {
        ThreadContext.clearMap();
        if (traceId != null) {
            ThreadContext.put("traceId", traceId);
            ThreadContext.put("userId", userId);
        }
    }
}
