package dk.samspor

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withContext

/** What a live sync tells. */
sealed interface LiveEvent {
    /** A sync under way has come further. */
    data class Progressed(val progress: SyncProgress) : LiveEvent

    /** The device stands otherwise than last told. */
    data class StatusChanged(val status: Status) : LiveEvent

    /** Something was written here or came: what lists show may be another. */
    data object RecordsChanged : LiveEvent

    /** So many fields wait for a person to choose, otherwise than last told. */
    data class ConflictsChanged(val waiting: ULong) : LiveEvent
}

/**
 * Syncs for as long as the flow is collected: local work goes up as it is written, news come down as they are told, and
 * lost connections are taken up again. A slow collector holds nothing up: of each kind it is told the newest.
 *
 * Ends with the [SamsporException] that ended the sync, or without one when the device was locked. The end of collecting
 * stops it and keeps what had come.
 */
fun Device.live(): Flow<LiveEvent> = flow {
    val news = News()
    val sync = watch(news)
    try {
        while (news.wait()) news.take().forEach { emit(it) }
    } finally {
        withContext(NonCancellable) { sync.use { runCatching { it.stop() } } }
    }
}

/** What is to be told, the newest of each kind, in the order in which the kinds came. */
private class News : SyncListener {
    private val newest = LinkedHashMap<Class<out LiveEvent>, LiveEvent>()
    private val signal = Channel<Unit>(Channel.CONFLATED)

    /** Waits for news; `false` once the sync has ended and everything was told. */
    suspend fun wait(): Boolean {
        val signalled = signal.receiveCatching()
        signalled.exceptionOrNull()?.let { throw it }
        return signalled.isSuccess
    }

    fun take(): List<LiveEvent> = synchronized(newest) { newest.values.toList().also { newest.clear() } }

    private fun tell(event: LiveEvent) {
        synchronized(newest) { newest[event.javaClass] = event }
        signal.trySend(Unit)
    }

    override fun progressed(progress: SyncProgress) = tell(LiveEvent.Progressed(progress))
    override fun statusChanged(status: Status) = tell(LiveEvent.StatusChanged(status))
    override fun recordsChanged() = tell(LiveEvent.RecordsChanged)
    override fun conflictsChanged(waiting: ULong) = tell(LiveEvent.ConflictsChanged(waiting))
    override fun ended(error: SamsporException?) {
        signal.close(error)
    }
}
