package dk.samspor

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The sample does what it shows, with contact and without. */
class SampleTest : World() {
    private fun day(code: String): String {
        val sample = child("dk.samspor.sample.DayKt", folder.resolve("sample").toString(), code, "2026-11-05")
        val said = sample.inputReader().readText()
        assertEquals(0, sample.waitFor())
        return said
    }

    @Test
    fun `a day with contact and one without`() {
        val said = day(code("Mette"))
        for (line in listOf("forfalder: Sofie Ærø", "i takt: ", "3.480 g", "(signed)", "teamet: ", "fundet: 1")) {
            assertTrue(line in said, "$line in\n$said")
        }
        server.stop()
        val alone = day("ingen kode: den er indmeldt")
        for (line in listOf("ingen dækning", "(signed_not_received)", "fundet: 2")) {
            assertTrue(line in alone, "$line in\n$alone")
        }
    }
}
