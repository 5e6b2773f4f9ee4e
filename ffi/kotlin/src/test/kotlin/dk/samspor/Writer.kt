package dk.samspor

import kotlinx.coroutines.runBlocking
import java.nio.file.Path

/** Writes notes until it is killed or there is no room, and says each one's id once the call has returned. */
fun main(arguments: Array<String>) = runBlocking {
    val (folder, key, case, length) = arguments
    val device = Device.open(Place(folder), KeyFile(Path.of(key)))
    val more = " på Ærø".repeat(length.toInt())
    try {
        for (number in 0 until Int.MAX_VALUE) {
            val note = device.write(case, "note", listOf("text" says "Notat $number$more"))
            println(note)
            System.out.flush()
        }
    } catch (error: SamsporException.DiskFull) {
        println(error.code)
    }
    device.lock()
}
