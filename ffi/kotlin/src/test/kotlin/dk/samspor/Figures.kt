package dk.samspor

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.runBlocking
import java.util.concurrent.Executors
import kotlin.coroutines.CoroutineContext

private const val OPENS = 11
private const val LISTS = 21
private const val TIMES = 101
private const val SOME = 100u
private val AT = Moment(1_795_000_000_000, 60)

/** The bench's key, which everybody knows. */
private object Key : KeyStore {
    override fun readKey() = ByteArray(32) { 7 }
    override fun keepKey(key: ByteArray) = Unit
    override fun forgetKey() = Unit
}

/** An app's one thread, and how long calls held it at most: what else the app does on it stood still so long. */
private object Caller : CoroutineDispatcher() {
    private val thread = Executors.newSingleThreadExecutor { Thread(it).apply { isDaemon = true } }
    private var began = 0L
    private var longest = 0L

    override fun dispatch(context: CoroutineContext, block: Runnable) = thread.execute {
        began = System.nanoTime()
        block.run()
        longest = maxOf(longest, System.nanoTime() - began)
    }

    fun from() {
        longest = 0
        began = System.nanoTime()
    }

    fun held() = maxOf(longest, System.nanoTime() - began)
}

/** Seconds by what was done. */
private class Seconds {
    private val all = LinkedHashMap<String, MutableList<Double>>()

    suspend fun <T> timed(what: String, held: String = "held", work: suspend () -> T): T {
        Caller.from()
        val began = System.nanoTime()
        val done = work()
        take(what, System.nanoTime() - began)
        take(held, Caller.held())
        return done
    }

    private fun take(what: String, nanos: Long) {
        all.getOrPut(what) { ArrayList() }.add(nanos / 1e9)
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
            cases = seconds.timed("list", "held_list") { device.cases(CaseFilter(limit = UInt.MAX_VALUE)) }
            check(cases.size == children)
        }
        val seen = "Barnet sover godt og tager på. ".repeat(10)
        for (number in 0 until TIMES) {
            seconds.timed("some") { device.cases(CaseFilter(limit = SOME)) }
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
        check(seconds.timed("received", "held_sync") { device.sync() }.inSync)
        device.lock()
    }
    return seconds
}

/**
 * What an app does on a device, timed: folder, `day` and the number of children, or `receive` and a code. The same steps as
 * in Rust (`bench/src/roles/app.rs`) and Python; one JSON object with the seconds of each time. The bench runs it: workload
 * A1, by `scripts/app-figures`.
 */
fun main(arguments: Array<String>) = runBlocking(Caller) {
    val (folder, task, argument) = arguments
    println(if (task == "day") day(folder, argument.toInt()) else receive(folder, argument))
}
