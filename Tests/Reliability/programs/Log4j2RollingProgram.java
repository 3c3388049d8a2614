import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Logs numbered lines at a pace, through whatever appender is configured. */
public class Log4j2RollingProgram {
    public static void main(String[] arguments) throws InterruptedException {
        Logger logger = LogManager.getLogger("com.example.pay.OrderService");
        int lines = Integer.parseInt(arguments[0]);
        for (int number = 0; number < lines; number++) {
            logger.info("n{} 付款成功 order={} channel=wechat", String.format("%07d", number), number * 7);
            if (number % 500 == 99) {
                logger.error("n{} boom", String.format("9%06d", number), new IllegalStateException("e" + number));
            }
            if (number % 100 == 0) {
                Thread.sleep(10);
            }
        }
        LogManager.shutdown();
    }
}
