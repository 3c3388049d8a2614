/// Packages of the JDK and of common frameworks: frames there say how the code was called, not
/// whose fault it is.
enum FrameworkCode {
    private static let prefixes: [[UInt8]] = [
        // JDK and languages
        "java.", "javax.", "jdk.", "sun.", "com.sun.", "oracle.", "jakarta.", "kotlin.", "kotlinx.",
        "scala.", "groovy.", "clojure.", "com.ibm.ws.", "org.w3c.", "org.xml.", "org.omg.",
        // Containers and web
        "org.springframework.", "org.apache.", "org.eclipse.jetty.", "org.glassfish.",
        "io.undertow.",
        "org.jboss.", "org.wildfly.", "com.caucho.", "weblogic.", "reactor.", "io.reactivex.",
        "rx.", "io.vertx.", "io.micrometer.", "brave.", "zipkin2.", "org.thymeleaf.", "feign.",
        // Databases and caches
        "com.mysql.", "org.mariadb.", "org.postgresql.", "com.microsoft.sqlserver.", "org.h2.",
        "com.zaxxer.", "com.alibaba.druid.", "com.mchange.", "org.mybatis.", "org.hibernate.",
        "com.baomidou.", "com.github.pagehelper.", "tk.mybatis.", "org.redisson.", "redis.clients.",
        "io.lettuce.", "com.mongodb.", "org.elasticsearch.", "org.jooq.", "org.flywaydb.",
        // Network and messages
        "io.netty.", "okhttp3.", "okio.", "retrofit2.", "io.grpc.", "com.rabbitmq.",
        "com.netflix.", "com.alibaba.dubbo.", "com.alibaba.nacos.", "com.alibaba.csp.sentinel.",
        "com.alibaba.fastjson", "com.alibaba.rocketmq.", "com.alipay.sofa.", "com.xxl.job.core.",
        // Libraries
        "com.fasterxml.", "com.google.", "ch.qos.logback.", "org.slf4j.", "net.sf.", "org.aspectj.",
        "org.quartz.", "org.codehaus.", "org.bouncycastle.", "org.joda.", "cn.hutool.",
        "io.github.resilience4j.", "net.bytebuddy.", "javassist.", "org.junit.", "junit.",
        "org.mockito.", "com.intellij.",
    ].map { Array($0.utf8) }

    /// Whether a frame's class is in one of the packages.
    static func contains(_ frame: [UInt8]) -> Bool {
        prefixes.contains { frame.starts(with: $0) }
    }
}
