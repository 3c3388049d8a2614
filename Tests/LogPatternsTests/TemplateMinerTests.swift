import LogPatterns
import StoreFixtures
import Testing

/// How masked messages become templates.
struct TemplateMinerTests {
    @Test func aWordThatTakesManyValuesIsAVariable() {
        let names = ["ann", "bob", "cid", "dan", "eve", "fay"]
        #expect(
            templates(names.map { "Invalid user \($0) from 10.0.0.1" }) == [
                "Invalid user <*> from <ip>"
            ])
        #expect(templates(names.prefix(5).map { "Invalid user \($0) from 10.0.0.1" }).count == 5)
    }

    @Test func behindAnEqualsSignThreeValuesAreEnough() {
        let lines = ["WXPAY", "ALIPAY", "CCB"].map { "支付成功 channel=\($0) cost=3ms" }
        #expect(templates(lines) == ["支付成功 channel=<*> cost=<num>"])
        #expect(templates(Array(lines.prefix(2))).count == 2)
    }

    @Test func differentMessagesStayApart() {
        let lines = [
            "VM Started (Lifecycle Event)", "VM Stopped (Lifecycle Event)",
            "VM Paused (Lifecycle Event)", "VM Resumed (Lifecycle Event)", "connect failed",
            "connect refused", "result=SUCCESS", "result=FAIL",
        ]
        #expect(templates(lines) == lines.sorted())
    }

    @Test func masksOfDifferentKindsAtOnePlaceAreAVariable() {
        let lines = ["login session=1a2b3c4d5e", "login session=1234567890"]
        #expect(templates(lines) == ["login session=<*>"])
    }

    @Test func twoWordsThatVaryTogetherAreVariables() {
        let lines = (0..<10).map { "moved file \(word($0)) to folder \(word($0 + 50)) today" }
        #expect(templates(lines) == ["moved file <*> to folder <*> today"])
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func theOrderOfMessagesDoesNotMatter(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let lines = sampleLines(&random)
        let expected = assignment(lines)
        let order = lines.indices.shuffled(using: &random)
        let shuffled = assignment(order.map { lines[$0] })
        #expect(order.map { expected[$0] } == shuffled, "seed \(seed)")
    }

    @Test(arguments: [4, 5, 6] as [UInt64])
    func mergedMinersAreOneMiner(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let lines = sampleLines(&random)
        var first = TemplateMiner()
        var second = TemplateMiner()
        let cut = random.number(0...lines.count)
        let firstLeaves = lines[..<cut].map { add($0, to: &first) }
        let secondLeaves = lines[cut...].map { add($0, to: &second) }
        let moved = first.merge(second)
        let (templates, ofLeaf) = first.finish()
        let leaves = firstLeaves + secondLeaves.map { moved[$0] }
        #expect(leaves.map { templates[ofLeaf[$0]].stableID } == assignment(lines), "seed \(seed)")
    }

    @Test func idsAreTheHashOfTheText() {
        var miner = TemplateMiner()
        let leaf = add("took 5ms", to: &miner)
        #expect(miner.leaf(leaf) == Template(text: Array("took <num>".utf8)))
        #expect(miner.finish().templates.map(\.stableID) == ["7594cb14"])
    }

    @Test func memoryIsBounded() {
        var miner = TemplateMiner(limit: 100)
        for number in 0..<100 { _ = add("Invalid user \(word(number)) from host", to: &miner) }
        let known = add("Invalid user zebedee from host", to: &miner)
        let other = add("something else", to: &miner)
        #expect(add("and more of it", to: &miner) == other)
        #expect(miner.count == 101 && miner.isFull)
        let (templates, ofLeaf) = miner.finish()
        #expect(text(templates[ofLeaf[known]]) == "Invalid user <*> from host")
        #expect(text(templates[ofLeaf[other]]) == "(other)")
    }

    @Test(arguments: [7, 8] as [UInt64])
    func anyBytesAreTaken(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var miner = TemplateMiner(limit: 500)
        let alphabet = Array("0123456789abfxzT:.-/\\'\"@=*,+<>_ %[]()年月日王，：ZPM\n".utf8)
        for round in 0..<20_000 {
            let length = random.number(0...(round % 100 == 0 ? 3000 : 40))
            let bytes =
                round % 4 == 0
                ? random.bytes(length) : (0..<length).map { _ in random.pick(alphabet) }
            let leaf = bytes.withUnsafeBufferPointer { miner.add($0) }
            #expect((0..<miner.count).contains(leaf), "seed \(seed)")
        }
        let (templates, ofLeaf) = miner.finish()
        #expect(ofLeaf.count == miner.count && ofLeaf.allSatisfy(templates.indices.contains))
    }

    private func sampleLines(_ random: inout SeededRandom) -> [String] {
        (0..<600).map { _ in
            let number = random.number(0...99_999)
            switch random.number(0...5) {
            case 0:
                return "user \(word(random.number(0...20))) logged in from 10.0.0.\(number % 256)"
            case 1: return "moved \(word(number % 40)) to \(word(number % 37)) in \(number)ms"
            case 2: return "订单支付成功 order-\(number) 渠道=\(random.pick(["CCB", "ABC", "WX", "ICBC"]))"
            case 3: return "state \(random.pick(["open", "closed"])) after \(number % 7) tries"
            case 4: return "\(word(number % 30)) of \(word(number % 11)) is late today"
            default: return "cache \(word(number % 4)) ratio=\(number % 100)%"
            }
        }
    }

    /// For each line the id of its template.
    private func assignment(_ lines: [String]) -> [String] {
        var miner = TemplateMiner()
        let leaves = lines.map { add($0, to: &miner) }
        let (templates, ofLeaf) = miner.finish()
        return leaves.map { templates[ofLeaf[$0]].stableID }
    }

    private func templates(_ lines: [String]) -> [String] {
        var miner = TemplateMiner()
        for line in lines { _ = add(line, to: &miner) }
        return miner.finish().templates.map(text)
    }

    private func text(_ template: Template) -> String {
        String(decoding: template.text, as: UTF8.self)
    }

    private func add(_ line: String, to miner: inout TemplateMiner) -> Int {
        Array(line.utf8).withUnsafeBufferPointer { miner.add($0) }
    }

    /// A word of letters for each number.
    private func word(_ number: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return "w" + String([letters[number / 26 % 26], letters[number % 26]])
    }
}
