package dk.samspor

import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import java.time.OffsetDateTime
import java.time.ZoneId
import java.time.ZoneOffset

/** The text in a language. */
operator fun Labels.get(language: Language): String = when (language) {
    Language.DANISH -> da
    Language.ENGLISH -> en
}

/** What kind of failure it is in detail: stable, lower case. */
val SamsporException.code: String
    get() = when (this) {
        is SamsporException.Key -> code
        is SamsporException.Store -> code
        is SamsporException.DiskFull -> code
        is SamsporException.Locked -> code
        is SamsporException.Enrolment -> code
        is SamsporException.Revoked -> code
        is SamsporException.NoContact -> code
        is SamsporException.Server -> code
        is SamsporException.NotFound -> code
        is SamsporException.Refused -> code
    }

/** The time with its offset. Seconds of an offset, which no place has had for a century, are left out. */
fun OffsetDateTime.toMoment(): Moment =
    Moment(toInstant().toEpochMilli(), (offset.totalSeconds / 60).toShort())

/** The time as `java.time` has it. */
fun Moment.toOffsetDateTime(): OffsetDateTime =
    Instant.ofEpochMilli(at).atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60))

/** This instant as a person in that zone writes it down. */
fun Instant.toMoment(zone: ZoneId = ZoneId.systemDefault()): Moment = atZone(zone).toOffsetDateTime().toMoment()

/** The day as Samspor takes it. */
fun LocalDate.toDay(): Day = toString()

/** The day as `java.time` has it. */
fun Day.toLocalDate(): LocalDate = LocalDate.parse(this)

/** Prose, or one line. */
fun String.asText(): Value = Value.Text(this)

/** One of a field's codes. */
fun String.asCode(): Value = Value.Code(this)

/** So much of a unit, as in `3450.of("g")`. */
fun Int.of(unit: String): Value = Value.Quantity(toString(), unit)

/** So much of a unit, as in `BigDecimal("51.5").of("cm")`. */
fun BigDecimal.of(unit: String): Value = Value.Quantity(toPlainString(), unit)

/** A field is to say this. */
infix fun String.says(value: Value): Edit = Edit.Set(this, value)

/** A field of prose, or a line, is to say this. */
infix fun String.says(text: String): Edit = Edit.Set(this, text.asText())

/**
 * Edits prose where a text field on the screen was edited: `at` and `delete` count as Kotlin's strings do.
 *
 * @param seen the text that the field showed before
 * @return `false` when nothing changed
 * @throws SamsporException as [Device.editText]
 */
suspend fun Device.replaceText(
    document: DocumentId,
    field: String,
    seen: String,
    at: Int,
    delete: Int,
    insert: String,
): Boolean = editText(document, field, seen, listOf(utf16Splice(seen, at.toULong(), delete.toULong(), insert)))
