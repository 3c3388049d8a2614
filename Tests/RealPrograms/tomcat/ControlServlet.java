import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/** A service with the faults that Tomcat writes about, each at a path of its own. */
public final class ControlServlet extends HttpServlet {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        switch (request.getServletPath()) {
            case "/fail" -> throw new ServletException("支付失败 order-2026111800000077",
                new IllegalStateException("账户余额不足\nsecond line of the message",
                    new IOException("ledger [/dev/sda1] is full")));
            case "/slow" -> sleep(1500);
            case "/leak" -> leak();
            case "/print" -> System.out.println("stdout " + request.getParameter("line"));
            case "/log" -> log("用户登录成功 userId=10000001");
            case "/unavailable" -> response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            default -> answer(request, response);
        }
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        sleep(ThreadLocalRandom.current().nextInt(3));
        String size = request.getParameter("size");
        response.setContentType("application/json;charset=UTF-8");
        response.getWriter().write("{\"状态\":\"成功\",\"pad\":\""
            + "x".repeat(size == null ? 0 : Integer.parseInt(size)) + "\"}");
    }

    /** A thread that outlives the application, which Tomcat reports when it undeploys it. */
    private static void leak() {
        Thread forgotten = new Thread(() -> sleep(600_000), "forgotten-timer");
        forgotten.setDaemon(true);
        forgotten.start();
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
