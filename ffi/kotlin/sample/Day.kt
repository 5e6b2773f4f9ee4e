/**
 * A health visitor's day: folder, enrolment code, and the day as in 2026-11-05. The network may be gone all day; what was
 * written goes out when it is back.
 */
package dk.samspor.sample

import dk.samspor.*
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions.asFileAttribute
import java.nio.file.attribute.PosixFilePermissions.fromString
import java.time.LocalDate
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.runBlocking

/** For a sample only: an app asks the platform's key store. */
private class KeyInFile(private val path: Path) : KeyStore {
    override fun readKey(): ByteArray? = if (Files.exists(path)) Files.readAllBytes(path) else null

    override fun keepKey(key: ByteArray) {
        Files.createFile(path, asFileAttribute(fromString("rw-------")))
        Files.write(path, key)
    }

    override fun forgetKey() {
        Files.deleteIfExists(path)
    }
}

private suspend fun opened(folder: Path, code: String): Device {
    val place = Place(folder.toString())
    val keys = KeyInFile(folder.resolveSibling("${folder.fileName}.key"))
    if (keys.readKey() != null) return Device.open(place, keys)
    return Device.create(place, keys).apply {
        enrol(code)
        sync()
    }
}

private suspend fun synced(device: Device) = try {
    val report = device.sync()
    println("${if (report.inSync) "i takt" else "ikke i takt"}: ${report.pushed} sendt")
} catch (error: SamsporException.NoContact) {
    println("ingen dækning: ${device.status().waiting} venter")
}

/** One visit: begun, typed, put into its case. */
private suspend fun visited(device: Device, case: SpaceId, seen: String, grams: Int): DocumentId {
    val visit = device.startVisit(VisitStart(case, "home_visit"))
    device.edit(visit.draft, listOf("seen" says seen, "weight" says grams.of("g")))
    return device.publish(visit.draft)
}

private suspend fun worked(device: Device, today: LocalDate) {
    val team = device.teams().first { it.role != null }.team
    val born = Value.Date(today.minusDays(4).toDay())
    val case = device.openCase(team, listOf("name" says "Sofie Ærø", "birth_date" says born))
    for (due in device.due(today.toDay(), DueFilter(DueWhich.ALL))) {
        println("forfalder: ${due.citizen}, ${due.labels[Language.DANISH]}, ${due.until}")
    }

    val morning = visited(device, case, "Sofie følger med øjnene.", 3_450)
    visited(device, case, "Sofie sover hos far.", 3_480)
    val circle = teamCircle(team)
    device.publish(device.draft(circle, "team_reflection", listOf("question" says "Hvordan følger vi op?")))
    synced(device)
    device.sign(morning)
    device.publish(device.draftAddition(morning, "addendum", listOf("text" says "Mor ringede senere.")))
    synced(device)

    for (conflict in device.conflicts()) {
        device.choose(conflict.document, conflict.field, conflict.values.first().value, conflict.at)
    }
    device.timelineRows(case).take(20).collect { row ->
        val summary = row.summary[Language.DANISH].replace("\n", "; ")
        println("${row.title[Language.DANISH]} - $summary (${row.state.name.lowercase()})")
    }
    for (row in device.writtenIn(circle, false)) {
        println("teamet: ${row.summary[Language.DANISH].replace("\n", "; ")}")
    }
    println("fundet: ${device.search(Search("ojnene")).hits.size}")
    for (refused in device.notDelivered()) println("ikke afleveret: ${refused.reason}, ${refused.waysOut}")
}

fun main(arguments: Array<String>) = runBlocking {
    val (folder, code, today) = arguments
    opened(Path.of(folder), code).use { device ->
        worked(device, LocalDate.parse(today))
        device.lock()
    }
}
