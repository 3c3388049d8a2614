internal import LogStore

/// The text that tells how to check a record's files without logq, in English and Chinese.
struct ParcelInstructions {
    private let id: IncidentID
    private let root: String
    private let isMasked: Bool

    init(_ parcel: Parcel) {
        id = parcel.chain.id
        root = Digest.hex(parcel.chain.root ?? Entry.noDigest)
        isMasked = parcel.masked != nil
    }

    var bytes: [UInt8] { Array((english + "\n\n" + chinese).utf8) }

    /// For a shell in the directory; the lines of both languages are the same.
    private static let chainCheck = """
            cd chain
            last=\(String(repeating: "0", count: 64))
            for header in [0-9]*.txt; do
                grep -qx "previous: $last" "$header" || echo "BROKEN before $header"
                last=$(sha256sum < "$header" | cut -c 1-64)
                content="${header%.txt}.json"
                [ -e "$content" ] || { echo "left out: $content"; continue; }
                sum=$(sha256sum < "$content" | cut -c 1-64)
                grep -qx "content: $sum" "$header" || echo "BROKEN: $content"
            done
            echo "root: $last"
            cd ..
        """

    private static let evidenceCheck = """
            for lines in evidence/P*.log; do
                sum=$(sha256sum < "$lines" | cut -c 1-64)
                grep -q "\\"$sum\\"" chain/*.json || echo "BROKEN: $lines"
            done
        """

    private var english: String {
        """
        HOW TO CHECK \(id)

        Root: \(root)
        \(isMasked ? Self.englishMask : "")
        1. Every file is as it was exported. In this directory:

            sha256sum -c SHA256SUMS

        2. Nothing in the record's history was changed, left out or added. chain/ has one header (.txt) for
           each change, with the SHA-256 of what was changed (.json) and of the header before ("previous"; the
           first one has zeros). The SHA-256 of the last header is the root, which stands in the report. Compare
           it with a root that you have from elsewhere: a mail, a printed report, the store itself.

        \(Self.chainCheck)

           "left out" contents were purged (a later header of the kind "purge" tells of it)\
        \(isMasked ? ", or, as here, all of them were masked" : "").

        \(isMasked ? "" : Self.englishEvidence)\
        With logq, all of it at once: logq incident verify FILE.zip

        """
    }

    private static let englishEvidence = """
        3. The log lines are those that were pinned: the SHA-256 of each file in evidence/ stands in the entry that
           pinned it.

        \(evidenceCheck)


        """

    private static let englishMask = """

        This is a masked copy: personal data and secrets are replaced by names such as ‹phone 1›, in the lines
        of evidence/ too. The sums of the originals are those of the chain.

        """

    private var chinese: String {
        """
        如何校验 \(id)

        根摘要：\(root)
        \(isMasked ? Self.chineseMask : "")
        1. 所有文件与导出时一致。在本目录中执行：

            sha256sum -c SHA256SUMS

        2. 记录的历史没有被修改、删减或添加。chain/ 中每次变更有一个头文件（.txt），写有变更内容（.json）的 SHA-256
           和前一个头文件的 SHA-256（previous，第一个为全零）。最后一个头文件的 SHA-256 就是根摘要，报告中也有。请与
           从其他途径得到的根摘要比较：邮件、打印的报告或原始存储。

        \(Self.chainCheck)

           “left out” 的内容已被依法清除（之后有类型为 purge 的头文件说明）\(isMasked ? "，或如本副本全部脱敏" : "")。

        \(isMasked ? "" : Self.chineseEvidence)\
        用 logq 一次完成：logq incident verify FILE.zip

        """
    }

    private static let chineseEvidence = """
        3. 日志行就是当时固定的原文：evidence/ 中每个文件的 SHA-256 写在固定它的那条变更内容里。

        \(evidenceCheck)


        """

    private static let chineseMask = """

        这是脱敏副本：个人信息和密钥已替换为 ‹phone 1› 之类的名称，evidence/ 中的日志行也一样。原文的摘要仍是链中的摘要。

        """
}
