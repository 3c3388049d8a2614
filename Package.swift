// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let formats = [
    "nginx-access", "nginx-error", "tomcat-access", "tomcat-catalina", "tomcat-localhost",
    "java-logback", "java-springboot", "java-log4j", "multiline-java", "logq",
]

// From the ground up: a target imports only what stands above it here.
let package = Package(
    name: "logq",
    targets: [
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CMinizip", pkgConfig: "minizip", providers: [.apt(["libminizip-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CGNU"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "LogModel", swiftSettings: settings),
        .target(name: "Statistics", swiftSettings: settings),
        .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: settings),
        .target(
            name: "ParserDefinitions", path: "parsers",
            resources: formats.map { .embedInCode($0 + ".format") }, swiftSettings: settings),
        .target(
            name: "DefaultPolicy", path: "retention",
            exclude: ["README.md", "examples", "systemd", "logq.cron", "install.sh"],
            resources: [.embedInCode("default.policy")], swiftSettings: settings),
        .target(name: "Redaction", swiftSettings: settings),
        .target(
            name: "KnownFaultDefinitions", path: "Sources/KnownFaults",
            resources: [.embedInCode("common.faults")], swiftSettings: settings),
        .target(name: "LogPatterns", dependencies: ["LogModel"], swiftSettings: settings),
        .target(
            name: "LogParsing", dependencies: ["LogModel", "ParserDefinitions"],
            swiftSettings: settings),
        .target(
            name: "LogStore", dependencies: ["LogModel", "SQLite", "CZstd", "CCrypto"],
            swiftSettings: settings),
        .target(
            name: "LogQuery",
            dependencies: [
                "LogModel", "LogPatterns", "LogStore", "SQLite", "Statistics", "CGNU",
            ],
            swiftSettings: settings),
        .target(
            name: "Configuration", dependencies: ["LogModel", "LogQuery"], swiftSettings: settings),
        .target(
            name: "LogShipping",
            dependencies: [
                "LogModel", "LogParsing", "LogStore", "LogQuery", "Configuration", "CZlib",
            ],
            swiftSettings: settings),
        .target(
            name: "Presentation", dependencies: ["LogModel", "LogQuery"], swiftSettings: settings),
        .target(
            name: "Retention",
            dependencies: [
                "LogModel", "SQLite", "LogStore", "LogQuery", "Configuration", "Presentation",
                "DefaultPolicy", "CZlib",
            ],
            swiftSettings: settings),
        .target(
            name: "Incidents",
            dependencies: [
                "LogModel", "Statistics", "SQLite", "LogPatterns", "LogStore", "LogQuery",
                "Configuration", "Presentation", "Redaction", "CMinizip", "KnownFaultDefinitions",
            ],
            swiftSettings: settings),
        .target(
            name: "Arguments", dependencies: ["LogModel", "Presentation"], swiftSettings: settings),
        .executableTarget(
            name: "logq",
            dependencies: [
                "LogModel", "SQLite", "LogPatterns", "LogParsing", "LogStore", "LogQuery",
                "Configuration", "LogShipping", "Retention", "Presentation", "Incidents",
                "Arguments", "CGNU",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "LogModelTests", dependencies: ["LogModel"], swiftSettings: settings),
        .testTarget(
            name: "StatisticsTests", dependencies: ["Statistics"], swiftSettings: settings),
        .testTarget(
            name: "LogParsingTests", dependencies: ["LogModel", "LogParsing", "Presentation"],
            swiftSettings: settings),
        .testTarget(
            name: "RedactionTests", dependencies: ["Redaction", "StoreFixtures"],
            swiftSettings: settings),
        .target(
            name: "StoreFixtures", dependencies: ["LogModel", "LogStore"],
            path: "Tests/StoreFixtures", swiftSettings: settings),
        .testTarget(
            name: "LogPatternsTests", dependencies: ["LogModel", "LogPatterns", "StoreFixtures"],
            swiftSettings: settings),
        .testTarget(
            name: "SQLiteTests", dependencies: ["CSQLite", "SQLite", "StoreFixtures"],
            swiftSettings: settings),
        .testTarget(
            name: "LogStoreTests",
            dependencies: ["LogModel", "LogStore", "SQLite", "StoreFixtures"],
            swiftSettings: settings),
        .testTarget(
            name: "LogQueryTests",
            dependencies: [
                "LogModel", "LogQuery", "LogStore", "Presentation", "SQLite", "StoreFixtures",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "LogShippingTests",
            dependencies: [
                "LogModel", "LogParsing", "LogStore", "LogQuery", "Configuration", "LogShipping",
                "SQLite", "CZlib", "StoreFixtures", "logq",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "RetentionTests",
            dependencies: [
                "LogModel", "LogStore", "LogQuery", "Configuration", "Retention", "SQLite", "CZlib",
                "StoreFixtures",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "IncidentsTests",
            dependencies: [
                "LogModel", "LogParsing", "LogStore", "LogQuery", "Configuration", "LogShipping",
                "Incidents", "Retention", "SQLite", "Presentation", "StoreFixtures",
            ],
            exclude: ["Report/Golden"], swiftSettings: settings),
        .testTarget(
            name: "PresentationTests", dependencies: ["LogModel", "LogQuery", "Presentation"],
            swiftSettings: settings),
        .testTarget(
            name: "ArgumentsTests", dependencies: ["Arguments"], swiftSettings: settings),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "logq", "Arguments", "LogModel", "LogParsing", "LogStore", "Retention",
                "Presentation", "StoreFixtures",
            ],
            exclude: ["Golden"], swiftSettings: settings),
    ]
)
