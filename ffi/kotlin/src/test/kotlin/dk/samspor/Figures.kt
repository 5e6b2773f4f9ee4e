package dk.samspor

import kotlinx.coroutines.runBlocking

private const val OPENS = 11
private const val LISTS = 21
private const val TIMES = 101
private val AT = Moment(1_795_000_000_000, 60)

/** The bench's key, which everybody knows. */
private object Key : KeyStore {
    override fun readKey() = ByteArray(32) { 7 }
    override fun keepKey(key: ByteArray) = Unit
    override fun forgetKey() = Unit
}

/** Seconds by what was done. */
private class Seconds {
    private val all = LinkedHashMap<String, MutableList<Double>>()

    suspend fun <T> timed(what: String, work: suspend () -> T): T {
        val began = System.nanoTime()
        val done = work()
        all.getOrPut(what) { ArrayList() }.add((System.nanoTime() - began) / 1e9)
        return done
    }

    override fun toString() = all.entries.joinToString(",", "{", "}") { (name, times) -> "\"$name\":$times" }
}

private suspend fun day(folder: String, children: Int): Seconds {
    val seconds = Seconds()
    repeat(OPENS) {
        seconds.timed("open") { Device.open(Place(folder), Key) }.use { it.lock() }
    }
    Device.open(Place(folder), Key).use { device ->
        var cases = emptyList<CaseRow>()
        repeat(LISTS) {
            cases = seconds.timed("list") { device.cases(CaseFilter(limit = UInt.MAX_VALUE)) }
            check(cases.size == children)
        }
        val seen = "Barnet sover godt og tager på. ".repeat(10)
        for (number in 0 until TIMES) {
            val case = cases[number % cases.size].case
            seconds.timed("page") { device.timeline(case, TimelinePage()) }
            val fields = listOf("seen" says seen, "weight" says 3450.of("g"))
            seconds.timed("visit") { device.write(case, "home_visit", fields, AT) }
            seconds.timed("search") { device.search(Search("barn %05d".format(number))) }
        }
        device.lock()
    }
    return seconds
}

private suspend fun receive(folder: String, code: String): Seconds {
    val seconds = Seconds()
    Device.create(Place(folder), Key).use { device ->
        device.enrol(code)
        check(seconds.timed("received") { device.sync() }.inSync)
        device.lock()
    }
    return seconds
}

/**
 * What an app does on a device, timed: folder, `day` and the number of children, or `receive` and a code. The same steps as
 * in Rust (`bench/src/roles/app.rs`) and Python; one JSON object with the seconds of each time. The bench runs it: workload
 * A1, by `scripts/app-figures`.
 */
fun main(arguments: Array<String>) = runBlocking {
    val (folder, task, argument) = arguments
    println(if (task == "day") day(folder, argument.toInt()) else receive(folder, argument))
}
