public extension Device {
    /// A case's timeline, newest first, page by page as it is iterated: an app that shows twenty rows reads one page.
    func timelineRows(
        in space: SpaceId,
        restricted: Bool = false,
        pageSize: UInt32 = 50
    ) -> AsyncThrowingStream<TimelineRow, Error> {
        var before: TimelinePosition?
        var rows: ArraySlice<TimelineRow> = []
        var more = true
        return AsyncThrowingStream {
            if rows.isEmpty, more {
                let page = TimelinePage(before: before, limit: pageSize, restricted: restricted)
                let read = try await self.timeline(caseId: space, page: page)
                more = read.count >= Int(pageSize)
                before = read.last?.position
                rows = read[...]
            }
            return rows.popFirst()
        }
    }

    /// What is found, the newest first, page by page as it is iterated.
    func searchHits(_ search: Search) -> AsyncThrowingStream<SearchHit, Error> {
        var search = search
        var hits: ArraySlice<SearchHit> = []
        var more = true
        return AsyncThrowingStream {
            while hits.isEmpty, more {
                let page = try await self.search(search: search)
                search.after = page.next
                more = page.next != nil
                hits = page.hits[...]
            }
            return hits.popFirst()
        }
    }
}
