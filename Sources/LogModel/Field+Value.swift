extension Field {
    /// The value with its escapes undone.
    package func unescaped(_ value: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        CaptureValue.unescaped(value, escape)
    }

    /// The value that a capture of the field stands for; nil where it stands for nothing.
    package func value(of capture: UnsafeBufferPointer<UInt8>) -> Event.Value? {
        let value: Event.Value? =
            switch kind {
            case .body: .text(Array(capture))
            default: CaptureValue.value(of: capture, field: self)
            }
        guard case .text(let text)? = value, !UTF8Bytes.isValid(capture) else { return value }
        return .text(GB18030.repaired(text))
    }
}
