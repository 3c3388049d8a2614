import Glibc
import StoreFixtures
import Testing

@testable import LogStore

@Suite struct DiskSpaceTests {
    private let directory = TemporaryDirectory()

    @Test func spaceIsThatOfTheFileSystem() throws {
        let space = try DiskSpace(of: directory.path)
        #expect(space.total > 1 << 20)
        #expect(space.available > 0 && space.available <= space.total)
        #expect(space.used > 0 && space.used < 1)
        #expect(throws: StoreError.self) { try DiskSpace(of: directory("nowhere")) }
    }

    @Test func ballastIsAllocatedFreedAndMadeAgain() throws {
        let ballast = Ballast(directory: directory.path, bytes: 3_000_000)
        #expect(ballast.free() == 0)
        #expect(try ballast.restore(reserve: 0))
        var information = stat()
        #expect(stat(directory("ballast"), &information) == 0)
        #expect(information.st_size == 3_000_000)
        // Really there: no hole.
        #expect(information.st_blocks * 512 >= 3_000_000)
        #expect(TemporaryDirectory.permissions(directory("ballast")) == 0o600)
        #expect(try ballast.restore(reserve: .max))
        #expect(ballast.free() == 3_000_000)
        #expect(ballast.size == 0)
        #expect(try ballast.restore(reserve: .max) == false)
        #expect(ballast.size == 0)
        #expect(try ballast.restore(reserve: 0))
        // Another size, and none, as the configuration says.
        #expect(try Ballast(directory: directory.path, bytes: 5_000).restore(reserve: 0))
        #expect(ballast.size == 5_000)
        #expect(try Ballast(directory: directory.path, bytes: 0).restore(reserve: .max))
        #expect(access(directory("ballast"), F_OK) != 0)
    }

    @Test func whatTheSystemRefusesForWantOfSpaceIsAFullDisk() {
        for code in [ENOSPC, EDQUOT] {
            guard case .full("p") = StoreError.writing("p", action: "make", code: code) else {
                Issue.record("\(code)")
                return
            }
        }
        let error = StoreError.writing("p", action: "make", code: EACCES)
        #expect(error.description == "cannot make p: Permission denied")
    }
}
