/// Replaces personal data and secrets in logs by names: `‹phone 1›`.
///
/// The same value gets the same name as long as the redactor lives, so a reader can still follow a client through the
/// lines. What is looked for, in any bytes:
///
/// - phone: Chinese mobile numbers, 1[3-9] and nine digits, also after +86, and as 138-0013-8000;
/// - identity: 身份证 of 18 digits with a date of birth and the check digit of GB 11643;
/// - card: 13 to 19 digits with a prefix that is given to cards (ISO/IEC 7812) and Luhn's check digit, also in groups;
/// - email: with `@` or `%40`;
/// - ip: public addresses, which are those of clients. Private, loopback, link-local and shared ones (RFC 1918,
///   3927, 6598) stay, since a reader of logs needs to know the hosts;
/// - token: what stands behind Bearer and Basic, JSON web tokens, keys of well-known services, private keys, and values
///   of names such as `token`, `sign`, `api_key`;
/// - password: values of names such as `password`, `pwd`, 密码, and passwords in URLs;
/// - session: cookies and values of names such as `JSESSIONID`.
///
/// Values of names are found as `name=value`, `name: value`, `"name":"value"`, `<name>value</name>` and `name%3Dvalue`.
/// Numbers must stand alone: as parts of longer ones or of words they stay. Used for a whole record: what the
/// redactor keeps is each value that it has met.
package struct Redactor: Sendable {
    private var names: [SecretKind: [[UInt8]: Int]] = [:]

    package init() {}

    /// 210 to 420 MB/s of one processor's time, the less the more there is to mask.
    package mutating func masked(_ bytes: [UInt8]) -> [UInt8] {
        let secrets = bytes.withUnsafeBufferPointer { bytes in
            var scanner = SecretScanner(SecretText(bytes))
            return scanner.found()
        }
        guard !secrets.isEmpty else { return bytes }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var copied = 0
        for secret in secrets {
            output += bytes[copied..<secret.range.lowerBound]
            output += name(of: secret, Array(bytes[secret.range]))
            copied = secret.range.upperBound
        }
        output += bytes[copied...]
        return output
    }

    package mutating func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let result = masked(bytes)
        return result == bytes ? text : String(decoding: result, as: UTF8.self)
    }

    /// The value of a field, whose name may say that all of it is secret.
    package mutating func masked(_ value: String, named name: String) -> String {
        let bytes = Array(value.utf8)
        let known = Array(name.utf8).withUnsafeBufferPointer { name in
            SecretScanner(SecretText(name)).kind(ofNameTo: name.count)
        }
        guard let known, !bytes.isEmpty else { return masked(value) }
        return String(decoding: self.name(of: Secret(known, bytes.indices), bytes), as: UTF8.self)
    }

    /// A path of a file; whose home directory it is in is masked as well.
    package mutating func masked(path: String) -> String {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 3, parts[0].isEmpty, ["home", "Users"].contains(parts[1]) {
            let bytes = Array(parts[2].utf8)
            parts[2] = String(
                decoding: name(of: Secret(.user, bytes.indices), bytes), as: UTF8.self)
        }
        return masked(parts.joined(separator: "/"))
    }

    private mutating func name(of secret: Secret, _ bytes: [UInt8]) -> [UInt8] {
        let value = secret.kind.canonical(bytes)
        let known = names[secret.kind, default: [:]]
        let number = known[value] ?? known.count + 1
        names[secret.kind, default: [:]][value] = number
        return Array("‹\(secret.kind.rawValue) \(number)›".utf8)
    }
}

/// What a secret is; the raw value stands in its place.
enum SecretKind: String, CaseIterable, Sendable {
    case phone, identity, card, email, ip, token, password, session, user

    /// The bytes by which two values are the same.
    func canonical(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .phone, .card: bytes.filter(\.isDigit)
        case .email: bytes.map { $0.isLetter ? $0 | 0x20 : $0 }
        case .identity, .ip, .token, .password, .session, .user: bytes
        }
    }
}

/// Bytes that are to be masked.
struct Secret: Equatable {
    let kind: SecretKind
    let range: Range<Int>

    init(_ kind: SecretKind, _ range: Range<Int>) { (self.kind, self.range) = (kind, range) }
}
