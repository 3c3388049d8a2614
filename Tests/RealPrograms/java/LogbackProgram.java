import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.pattern.ExtendedThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Writes control.log and spring.log with Logback; prints "CALLS n", which holds for each. */
public final class LogbackProgram implements Traffic.Library {
    /** What Spring Boot's %wEx does: a blank line before and after the stack trace. */
    public static final class WhitespaceThrowable extends ExtendedThrowableProxyConverter {
        @Override
        protected String throwableProxyToString(IThrowableProxy thrown) {
            String newline = System.lineSeparator();
            return newline + super.throwableProxyToString(thrown) + newline;
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        int calls = Traffic.run(new LogbackProgram(), Integer.parseInt(arguments[0]));
        // Waits for the files that are being compressed in the background.
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
        System.out.println("CALLS " + calls);
    }

    @Override
    public void log(Traffic.Level level, String name, String message, Throwable thrown) {
        Logger logger = LoggerFactory.getLogger(name);
        switch (level) {
            case TRACE -> logger.trace(message, thrown);
            case DEBUG -> logger.debug(message, thrown);
            case INFO -> logger.info(message, thrown);
            case WARN -> logger.warn(message, thrown);
            case ERROR -> logger.error(message, thrown);
        }
    }

    @Override
    public void context(String traceId, String userId) {
        MDC.put("traceId", traceId);
        MDC.put("userId", userId);
    }
}
