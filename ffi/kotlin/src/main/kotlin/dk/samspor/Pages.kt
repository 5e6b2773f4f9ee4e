package dk.samspor

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/**
 * A case's timeline, newest first, page by page as it is collected: an app that shows twenty rows reads one page.
 *
 * @param restricted whether restricted entries are among them
 * @param pageSize rows read at a time, at least 1
 * @throws SamsporException as [Device.timeline]
 */
fun Device.timelineRows(case: SpaceId, restricted: Boolean = false, pageSize: UInt = 50u): Flow<TimelineRow> = flow {
    var before: TimelinePosition? = null
    do {
        val rows = timeline(case, TimelinePage(before, pageSize, restricted))
        rows.forEach { emit(it) }
        before = rows.lastOrNull()?.position
    } while (rows.size.toUInt() >= pageSize)
}

/**
 * What is found, the newest first, page by page as it is collected.
 *
 * @throws SamsporException as [Device.search]
 */
fun Device.searchHits(search: Search): Flow<SearchHit> = flow {
    var after = search.after
    do {
        val page = search(search.copy(after = after))
        page.hits.forEach { emit(it) }
        after = page.next
    } while (after != null)
}
