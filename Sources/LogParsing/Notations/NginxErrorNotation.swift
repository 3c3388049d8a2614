internal import LogModel

/// nginx's error log: `2016/10/25 14:49:34 [error] 54053#0: *1 text, client: …, server: …`.
///
/// Source: nginx `ngx_log_error_core`. The connection number is missing in messages of the process
/// itself; the tail is missing where no request is at hand.
enum NginxErrorNotation {
    static func elements() throws(PatternError) -> [PatternElement] {
        func field(
            _ name: String, _ kind: Field.Kind, _ matcher: Matcher
        ) -> PatternElement {
            .field(FieldElement(field: Field(name, kind), matcher: matcher))
        }
        func literal(_ text: String) -> PatternElement { .literal(Array(text.utf8)) }
        return try NginxVariable.time("yyyy/MM/dd HH:mm:ss", 0) + [
            literal(" ["), field(FieldName.severityText, .severity, .severity), literal("] "),
            field(FieldName.pid, .integer, .integer), literal("#"),
            field("thread.id", .integer, .integer), literal(": "),
            .optional([
                literal("*"), field("nginx.connection", .integer, .integer), literal(" "),
            ]),
            field(FieldName.body, .body, .nginxMessage),
        ]
    }
}
