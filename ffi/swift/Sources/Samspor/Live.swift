import Foundation

/// What a live sync tells.
public enum LiveEvent: Sendable {
    /// A sync under way has come further.
    case progressed(SyncProgress)
    /// The device stands otherwise than last told.
    case statusChanged(Status)
    /// Something was written here or came: what lists show may be another.
    case recordsChanged
    /// So many fields wait for a person to choose, otherwise than last told.
    case conflictsChanged(waiting: UInt64)

    fileprivate var kind: Int {
        switch self {
        case .progressed: return 0
        case .statusChanged: return 1
        case .recordsChanged: return 2
        case .conflictsChanged: return 3
        }
    }
}

/// Syncs for as long as it is iterated: local work goes up as it is written, news come down as they are told, and lost
/// connections are taken up again. Whoever iterates slowly holds nothing up: of each kind the newest is told.
///
/// It ends with the ``SamsporError`` that ended the sync, or without one when the device was locked. Letting go of the
/// iterator stops the sync, and keeps what had come.
public struct LiveEvents: AsyncSequence {
    public typealias Element = LiveEvent

    fileprivate let device: Device

    public func makeAsyncIterator() -> Iterator {
        Iterator(device: device)
    }

    public final class Iterator: AsyncIteratorProtocol {
        private let device: Device
        private let news = News()
        private var signals: AsyncStream<Void>.Iterator
        private var sync: LiveSync?
        private var untold: [LiveEvent] = []

        fileprivate init(device: Device) {
            self.device = device
            signals = news.signals.makeAsyncIterator()
        }

        public func next() async throws -> LiveEvent? {
            if sync == nil {
                sync = try await device.watch(listener: news)
            }
            while untold.isEmpty {
                guard await signals.next() != nil else {
                    if let failure = news.failure { throw failure }
                    return nil
                }
                untold = news.take()
            }
            return untold.removeFirst()
        }
    }
}

public extension Device {
    /// A live sync, as a sequence of what it tells.
    func live() -> LiveEvents {
        LiveEvents(device: self)
    }
}

/// What is to be told, the newest of each kind, in the order in which the kinds came.
private final class News: SyncListener, @unchecked Sendable {
    let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let lock = NSLock()
    private var newest: [LiveEvent] = []
    private var ending: SamsporError?

    init() {
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    var failure: SamsporError? {
        lock.lock()
        defer { lock.unlock() }
        return ending
    }

    func take() -> [LiveEvent] {
        lock.lock()
        defer { lock.unlock() }
        let taken = newest
        newest = []
        return taken
    }

    private func tell(_ event: LiveEvent) {
        lock.lock()
        newest.removeAll { $0.kind == event.kind }
        newest.append(event)
        lock.unlock()
        signal.yield()
    }

    func progressed(progress: SyncProgress) throws { tell(.progressed(progress)) }
    func statusChanged(status: Status) throws { tell(.statusChanged(status)) }
    func recordsChanged() throws { tell(.recordsChanged) }
    func conflictsChanged(waiting: UInt64) throws { tell(.conflictsChanged(waiting: waiting)) }

    func ended(error: SamsporError?) throws {
        lock.lock()
        ending = error
        lock.unlock()
        signal.finish()
    }
}
