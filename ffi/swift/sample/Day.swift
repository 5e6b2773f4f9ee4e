// A health visitor's day: folder, enrolment code, and the day as in 2026-11-05. The network may be gone all day; what was
// written goes out when it is back.
import Foundation
import Samspor

@main
enum WorkingDay {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else { fatalError("FOLDER CODE DAY") }
        let device = try await opened(folder: arguments[1], code: arguments[2])
        try await worked(device, today: arguments[3])
        try await device.lock()
    }

    static func opened(folder: String, code: String) async throws -> Device {
        let place = Place(folder: folder)
        let keys = KeychainKeyStore(account: "day")
        if try keys.readKey() != nil {
            return try await Device.open(place: place, keyStore: keys)
        }
        let device = try await Device.create(place: place, keyStore: keys)
        _ = try await device.enrol(code: code)
        _ = try await device.sync()
        return device
    }

    static func synced(_ device: Device) async throws {
        do {
            let report = try await device.sync()
            print(report.inSync ? "i takt:" : "ikke i takt:", report.pushed, "sendt")
        } catch SamsporError.NoContact {
            print("ingen dækning:", try await device.status().waiting, "venter")
        }
    }

    /// One visit: begun, typed, put into its case.
    static func visited(_ device: Device, _ space: SpaceId, seen: String, grams: Int) async throws -> DocumentId {
        let visit = try await device.startVisit(visit: VisitStart(case: space, template: "home_visit"))
        _ = try await device.edit(document: visit.draft, edits: [
            .text("seen", seen),
            .quantity("weight", String(grams), "g"),
        ])
        return try await device.publish(draft: visit.draft)
    }

    static func worked(_ device: Device, today: String) async throws {
        guard let team = try await device.teams().first(where: { $0.role != nil })?.team else { return }
        let born = Edit.set(field: "birth_date", value: .date(day: "2026-11-01"))
        let space = try await device.openCase(team: team, card: [.text("name", "Sofie Ærø"), born])
        for due in try await device.due(day: today, filter: DueFilter(which: .all)) {
            print("forfalder:", due.citizen, due.labels[.danish], due.until)
        }

        let morning = try await visited(device, space, seen: "Sofie følger med øjnene.", grams: 3450)
        _ = try await visited(device, space, seen: "Sofie sover hos far.", grams: 3480)
        let circle = teamCircle(team: team)
        let question = Edit.text("question", "Hvordan følger vi op?")
        let reflection = try await device.draft(subject: circle, template: "team_reflection", fields: [question])
        _ = try await device.publish(draft: reflection)
        try await synced(device)
        try await device.sign(document: morning)
        let later = try await device.draftAddition(
            entry: morning,
            template: "addendum",
            fields: [.text("text", "Mor ringede senere.")]
        )
        _ = try await device.publish(draft: later)
        try await synced(device)

        for try await row in device.timelineRows(in: space) {
            print(row.title[.danish], "-", row.summary[.danish], "(\(row.state))")
        }
        for row in try await device.writtenIn(circle: circle, restricted: false) {
            print("teamet:", row.summary[.danish])
        }
        print("fundet:", try await device.search(search: Search(text: "ojnene")).hits.count)
        for refused in try await device.notDelivered() {
            print("ikke afleveret:", refused.reason, refused.waysOut)
        }
    }
}
