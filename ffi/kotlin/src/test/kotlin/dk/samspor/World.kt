package dk.samspor

import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach

/** The `samspor` program that the suite is run with. */
val PROGRAM: String = requireNotNull(System.getenv("SAMSPOR_PROGRAM")) { "SAMSPOR_PROGRAM names the samspor program" }

/** Generous: other suites run beside. */
val DEADLINE = 60.seconds

/** A key store as a test can have one; an app asks the platform's. */
class KeyFile(private val path: Path) : KeyStore {
    override fun readKey(): ByteArray? = if (Files.exists(path)) Files.readAllBytes(path) else null
    override fun keepKey(key: ByteArray) {
        Files.write(path, key)
    }
    override fun forgetKey() {
        Files.deleteIfExists(path)
    }
}

/** `samspor serve` in a process of its own, and its administration. */
class Server(private val folder: Path) {
    private var process: Process? = null
    private var listen = "127.0.0.1:0"

    init {
        start()
    }

    fun start() {
        val started = ProcessBuilder(PROGRAM, "--json", "serve", "--listen", listen, "--folder", folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD).start()
        process = started
        listen = said(requireNotNull(started.inputReader().readLine()) { "the server does not start" }, "address")
    }

    fun stop() {
        process?.run {
            destroy()
            check(waitFor(60, TimeUnit.SECONDS))
        }
        process = null
    }

    /** One command's answer, and of it one text. */
    fun admin(name: String, vararg arguments: String): String {
        val started = ProcessBuilder(PROGRAM, "--json", "admin", "--folder", folder.toString(), *arguments).start()
        val told = started.inputReader().readText()
        check(started.waitFor() == 0) { told + started.errorReader().readText() }
        return said(told, name)
    }

    private fun said(json: String, name: String): String =
        requireNotNull(Regex("\"$name\"\\s*:\\s*\"([^\"]*)\"").find(json)) { "$name in $json" }.groupValues[1]
}

/** A server with one team, and a folder in which devices are made. Each test has its own. */
abstract class World {
    lateinit var folder: Path
    lateinit var server: Server
    lateinit var team: TeamId
    private val practitioners = HashMap<String, PractitionerId>()
    private val devices = ArrayList<Device>()
    private val processes = ArrayList<Process>()

    @BeforeEach
    fun begin() {
        folder = Files.createTempDirectory("samspor-")
        server = Server(folder.resolve("server"))
        team = server.admin("team", "team", "add", "Sundhedsplejen", "--kind", "health_visiting")
    }

    @AfterEach
    fun end() {
        processes.forEach { it.destroyForcibly().waitFor() }
        runBlocking { devices.forEach { it.lock() } }
        devices.forEach { it.close() }
        server.stop()
        folder.toFile().deleteRecursively()
    }

    fun otherTeam(name: String): TeamId = server.admin("team", "team", "add", name, "--kind", "ppr")

    /** Of the first team, unless another is named when they are first spoken of. */
    fun practitioner(name: String, of: TeamId = team): PractitionerId = practitioners.getOrPut(name) {
        server.admin("practitioner", "practitioner", "add", name).also {
            server.admin("practitioner", "membership", "add", it, of)
        }
    }

    fun code(name: String): String = server.admin("code", "code", practitioner(name))
    fun place(name: String) = Place(folder.resolve(name).toString())
    fun keys(name: String) = KeyFile(folder.resolve("$name.key"))

    /** Closed at the test's end. */
    fun kept(device: Device): Device = device.also { devices.add(it) }

    /** An enrolled device that has synced once. */
    suspend fun device(name: String): Device {
        val device = kept(Device.create(place(name), keys(name)))
        device.enrol(code(name))
        device.sync()
        return device
    }

    suspend fun case(device: Device, name: String = "Åse Østergård"): SpaceId =
        device.openCase(team, listOf("name" says name))

    /** Everybody sends what they have, and gets what the others sent. */
    suspend fun settle(vararg devices: Device) = repeat(2) { devices.forEach { it.sync() } }

    suspend fun text(device: Device, document: DocumentId, field: String = "text"): String? {
        val state = device.read(document).fields.first { it.name == field }.state
        return (state as? FieldState.Prose)?.text
    }

    /** A JVM of its own that runs one of this suite's programs. */
    fun child(main: String, vararg arguments: String, before: List<String> = emptyList()): Process {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val classes = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
        return program(*before.toTypedArray(), java, "-cp", classes, main, *arguments)
    }

    fun program(vararg command: String): Process =
        ProcessBuilder(*command).redirectError(ProcessBuilder.Redirect.INHERIT).start().also { processes.add(it) }
}

/** An item of these values. */
fun item(field: String, vararg values: Pair<String, Value>): Edit.AddItem =
    Edit.AddItem(field, newItemId(), values.map { (name, value) -> NamedValue(name, value) })

fun daysAgo(days: Long): Day = LocalDate.now().minusDays(days).toDay()
fun momentAgo(days: Long): Moment = Moment(Instant.now().minus(Duration.ofDays(days)).toEpochMilli(), 60)
fun Day.asDate(): Value = Value.Date(this)

/** Waits until something is found. */
suspend fun <T : Any> until(what: String, find: suspend () -> T?): T =
    runCatching { withTimeout(DEADLINE) { waited(find) } }.getOrElse { throw IllegalStateException(what, it) }

private suspend fun <T : Any> waited(find: suspend () -> T?): T {
    while (true) {
        find()?.let { return it }
        delay(10)
    }
}

/** Runs one story. */
fun story(tell: suspend () -> Unit) = runBlocking { tell() }

/** The exception that the call is to end with. */
suspend inline fun <reified E : Throwable> refused(crossinline call: suspend () -> Unit): E =
    when (val ended = runCatching { call() }.exceptionOrNull()) {
        is E -> ended
        else -> throw AssertionError("not refused as ${E::class.simpleName}", ended)
    }
