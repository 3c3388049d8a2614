/// Chinese text: fixed text stays, short values such as names are masked.
extension Masker {
    /// Takes one character outside ASCII, or the value that begins with it.
    mutating func ideographs() {
        if text.isIdeograph(place), opensValue, let end = text.shortValueEnd(from: place) {
            return replace(upTo: end, by: .string)
        }
        var end = place &+ 1
        while end < text.end, text.base[end] & 0xC0 == 0x80 { end &+= 1 }
        copy(upTo: end)
    }

    /// Whether a value may begin here: behind `=` or `:`, an opening bracket or quotation mark.
    private var opensValue: Bool {
        switch previous {
        case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "("), UInt8(ascii: "\""),
            UInt8(ascii: "'"):
            return true
        default:
            guard place >= 3 else { return false }
            let mark = text.threeBytes(place &- 3)
            return mark == 0xEFBC9A || mark == 0xEFBC88 || mark == 0xE2809C || mark == 0xE3808C
                || mark == 0xE3808A
        }
    }
}

extension ByteText {
    /// The three bytes at `place` as one number.
    func threeBytes(_ place: Int) -> UInt32 {
        UInt32(self[place]) << 16 | UInt32(self[place &+ 1]) << 8 | UInt32(self[place &+ 2])
    }

    /// Han characters take three bytes, of E3 90 to E9.
    func isIdeograph(_ place: Int) -> Bool {
        let byte = self[place]
        return byte &- 0xE4 < 6 || (byte == 0xE3 && self[place &+ 1] >= 0x90)
    }

    /// U+3000 to U+303F and the wide forms of ASCII punctuation.
    func isWidePunctuation(_ place: Int) -> Bool {
        let second = self[place &+ 1]
        return (self[place] == 0xE3 && second == 0x80)
            || (self[place] == 0xEF && (second == 0xBC || second == 0xBD))
    }

    /// The end of two or three ideographs that stand alone; nil for a word that tells a result.
    ///
    /// Names have two or three characters; four are mostly an expression, such as 余额不足.
    func shortValueEnd(from start: Int) -> Int? {
        var place = start
        while isIdeograph(place), place &- start <= 9 { place &+= 3 }
        let isShort = place &- start == 6 || place &- start == 9
        guard isShort, place <= end, !isIdeograph(place), isWordEnd(place) else { return nil }
        let word = UnsafeBufferPointer(start: base + start, count: place &- start)
        return ResultWords.hashes.contains(PatternHash.of(word)) ? nil : place
    }
}

/// Words that say how a thing ended: `状态=失败` and `状态=成功` are different messages.
enum ResultWords {
    static let hashes: Set<UInt64> = Set(
        [
            "成功", "失败", "完成", "已完成", "未完成", "超时", "已超时", "异常", "错误", "正常", "拒绝", "已拒绝",
            "取消", "已取消", "关闭", "已关闭", "开启", "启动", "停止", "已停止", "中断", "等待", "重试", "处理中",
            "进行中", "未知", "不存在", "已存在", "有效", "无效", "通过", "不通过", "警告", "告警", "可用", "不可用",
            "断开", "断线", "在线", "离线", "空闲", "繁忙", "锁定", "过期", "已过期", "未开始", "未处理",
        ].map { PatternHash.of(Array($0.utf8)) })
}
