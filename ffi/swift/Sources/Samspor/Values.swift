import Foundation

public extension Labels {
    /// The text in a language.
    subscript(language: Language) -> String {
        switch language {
        case .danish: return da
        case .english: return en
        }
    }
}

public extension SamsporError {
    /// What kind of failure it is in detail: stable, lower case.
    var code: String {
        switch self {
        case let .Key(code, _), let .Store(code, _), let .DiskFull(code, _), let .Locked(code, _),
             let .Enrolment(code, _), let .Revoked(code, _), let .NoContact(code, _), let .Server(code, _),
             let .NotFound(code, _), let .Refused(code, _, _):
            return code
        }
    }
}

public extension Date {
    /// This instant as a person in that zone writes it down.
    func moment(in zone: TimeZone = .current) -> Moment {
        let minutes = zone.secondsFromGMT(for: self) / 60
        return Moment(at: Int64((timeIntervalSince1970 * 1000).rounded()), offsetMinutes: Int16(minutes))
    }
}

public extension Moment {
    /// The instant.
    var date: Date {
        Date(timeIntervalSince1970: Double(at) / 1000)
    }
}

public extension Edit {
    /// A field of prose, or a line, is to say this.
    static func text(_ field: String, _ text: String) -> Edit {
        .set(field: field, value: .text(text: text))
    }

    /// A field is to say so much of a unit: a decimal number with a point.
    static func quantity(_ field: String, _ amount: String, _ unit: String) -> Edit {
        .set(field: field, value: .quantity(amount: amount, unit: unit))
    }
}

public extension Device {
    /// Edits prose where a text view was edited: the range is its `NSRange`, before the edit, in the text that was seen.
    /// `false` when nothing changed.
    func replaceText(
        document: DocumentId,
        field: String,
        seen: String,
        range: NSRange,
        with insert: String
    ) async throws -> Bool {
        let splice = try utf16Splice(
            text: seen,
            at: UInt64(range.location),
            delete: UInt64(range.length),
            insert: insert
        )
        return try await editText(document: document, field: field, seen: seen, splices: [splice])
    }
}
