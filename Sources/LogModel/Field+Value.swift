extension Field {
    /// The value with its escapes undone.
    package func unescaped(_ value: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        CaptureValue.unescaped(value, escape)
    }

    /// The value that a capture of the field stands for; nil where it stands for nothing.
    package func value(of capture: UnsafeBufferPointer<UInt8>) -> Event.Value? {
        switch kind {
        case .body: .text(Array(capture))
        default: CaptureValue.value(of: capture, field: self)
        }
    }
}
