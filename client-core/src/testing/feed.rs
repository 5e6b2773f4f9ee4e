//! The model server's answers to feeds and repairs.

use super::*;

impl State {
    pub(super) fn sees(&self, reader: PractitionerId, space: SpaceId) -> bool {
        if self.is_private(space) {
            return space == reader.private_space();
        }
        if self.is_circle(space) {
            return self.takes_part(reader, space);
        }
        space == self.organisation.space() || self.members.contains(&reader)
    }

    pub(super) fn digest(&self, reader: PractitionerId) -> Digest {
        let mut digest = Digest(self.digest_error);
        for (_, tag) in self.tags(reader) {
            digest = digest.with(tag);
        }
        digest
    }

    pub(super) fn tags(&self, reader: PractitionerId) -> Vec<(ItemId, Tag)> {
        let documents = self
            .docs
            .iter()
            .filter(|(id, doc)| self.sees(reader, doc.space) && !self.is_closed(**id));
        let documents = documents.map(|(id, doc)| {
            let tag = match &doc.signed {
                Some(signed) => Tag::of_signed_document(*id, Hash32::of(&signed.sign.text).0),
                None => Tag::of_open_document(*id, &load(&doc.changes).heads()),
            };
            (ItemId::Document(*id), tag)
        });
        let facts = self
            .facts
            .iter()
            .filter(|(_, (fact, _))| self.sees(reader, fact.space));
        let facts = facts.map(|(id, (fact, _))| (ItemId::Fact(*id), Tag::of_fact(fact)));
        documents.chain(facts).collect()
    }

    pub(super) fn feed(&mut self, device: DeviceId, reader: PractitionerId, body: &[u8]) -> Reply {
        let request: FeedRequest = wire::decode("feed", body).expect("a feed request");
        let before: Option<Cursor> = request
            .cursor
            .map(|cursor| wire::decode("cursor", &cursor).expect("a cursor"));
        let member = self.members.contains(&reader);
        let mut cursor = before.unwrap_or_default();
        let mut page = self.empty_page();
        let was_member = before.is_some_and(|cursor| cursor.member);
        if was_member && !member {
            page.gone.push(Gone::Space(self.team.circle()));
            page.gone
                .extend(self.spaces.keys().copied().map(Gone::Space));
        }
        let circles = self.circles_of(reader);
        page.gone.extend(self.left(cursor.circles & !circles));
        let joined = circles & !cursor.circles != 0;
        cursor.circles = circles;
        if before.is_none() || (member && !was_member) || joined {
            cursor.filling = true;
            cursor.fill_after = None;
            page.facts = self.facts_after(reader, 0);
            cursor.seq = self.seq;
            cursor.base = self.seq;
        } else if !cursor.filling {
            page.facts = self.facts_after(reader, cursor.seq);
        }
        cursor.member = member;
        let left = if cursor.filling {
            self.fill(reader, &mut cursor, &mut page)
        } else {
            self.live(device, reader, &mut cursor, &mut page)
        };
        self.finish(reader, &mut page, cursor, left)
    }

    pub(crate) fn empty_page(&self) -> Page {
        Page {
            gone: Vec::new(),
            facts: Vec::new(),
            documents: Vec::new(),
            set_aside: Vec::new(),
            end: PageEnd {
                cursor: Vec::new(),
                up_to_date: false,
                digest: None,
                visible: 0,
                safe_seq: self.safe_seq,
                server_time: self.now(),
                lease_millis: self.lease_millis,
            },
        }
    }

    pub(super) fn facts_after(&self, reader: PractitionerId, seq: u64) -> Vec<FactItem> {
        let facts = self
            .facts
            .values()
            .filter(|(fact, at)| *at > seq && self.sees(reader, fact.space));
        facts
            .map(|(fact, seq)| FactItem {
                fact: fact.clone(),
                seq: *seq,
            })
            .collect()
    }

    /// What was there when the fill began, whole, by id.
    pub(super) fn fill(
        &self,
        reader: PractitionerId,
        cursor: &mut Cursor,
        page: &mut Page,
    ) -> bool {
        let upto = cursor.seq;
        let mut waiting = self.docs.iter().filter(|(id, doc)| {
            self.sees(reader, doc.space)
                && !self.is_closed(**id)
                && cursor.fill_after.is_none_or(|after| **id > after)
                && doc.changes.iter().any(|change| change.seq <= upto)
        });
        for (id, doc) in waiting.by_ref().take(self.page_items) {
            page.documents.push(self.item(*id, doc, upto));
        }
        let left = waiting.next().is_some();
        cursor.fill_after = page.documents.last().map(|item| item.document);
        cursor.filling = left;
        left || self.seq > upto
    }

    pub(super) fn item(&self, id: DocumentId, doc: &Doc, upto: u64) -> DocumentItem {
        if let Some(signed) = doc.signed.as_ref().filter(|signed| signed.seq <= upto) {
            let text = signed.sign.text.to_vec();
            let text = self.damaged.get(&id).cloned().unwrap_or(text);
            let mut item = self.place(id, doc, &doc.changes, Content::Signed(text.into()));
            item.seq = signed.seq;
            return item;
        }
        let upto: Vec<Logged> = doc
            .changes
            .iter()
            .filter(|one| one.seq <= upto)
            .cloned()
            .collect();
        let bytes = load(&upto).save();
        let bytes = self.damaged.get(&id).cloned().unwrap_or(bytes);
        self.place(id, doc, &upto, Content::Whole(bytes.into()))
    }

    pub(super) fn place(
        &self,
        id: DocumentId,
        doc: &Doc,
        upto: &[Logged],
        content: Content,
    ) -> DocumentItem {
        DocumentItem {
            document: id,
            space: doc.space,
            seq: upto.last().map_or(0, |change| change.seq),
            received_at: self.now(),
            receipt: Receipt([1; 16]),
            content,
        }
    }

    /// What came since, in log order.
    pub(super) fn live(
        &self,
        device: DeviceId,
        reader: PractitionerId,
        cursor: &mut Cursor,
        page: &mut Page,
    ) -> bool {
        let last = |doc: &Doc| {
            let change = doc.changes.last().map_or(0, |change| change.seq);
            doc.signed
                .as_ref()
                .map_or(change, |signed| change.max(signed.seq))
        };
        let mut news: Vec<_> = self
            .docs
            .iter()
            .filter(|(_, doc)| self.sees(reader, doc.space) && last(doc) > cursor.seq)
            .filter(|(id, _)| !self.is_closed(**id))
            .collect();
        news.sort_by_key(|(_, doc)| last(doc));
        let left = news.len() > self.page_items;
        for (id, doc) in news.into_iter().take(self.page_items) {
            page.documents.push(self.news(device, *id, doc, cursor));
        }
        let end = page.documents.last().map_or(self.seq, |item| item.seq);
        cursor.seq = if left { end } else { self.seq };
        cursor.base = if left { cursor.base } else { self.seq };
        left
    }

    pub(super) fn news(
        &self,
        device: DeviceId,
        id: DocumentId,
        doc: &Doc,
        cursor: &Cursor,
    ) -> DocumentItem {
        let since: Vec<&Logged> = doc
            .changes
            .iter()
            .filter(|one| one.seq > cursor.seq)
            .collect();
        let had = doc.changes.iter().any(|one| one.seq <= cursor.base);
        let passed = doc
            .changes
            .iter()
            .any(|one| one.seq > cursor.base && one.seq <= cursor.seq);
        if doc.signed.is_some() || passed || !had && since.iter().any(|one| one.device != device) {
            return self.item(id, doc, u64::MAX);
        }
        let changes = since.into_iter().map(|one| match one.device == device {
            true => ChangeItem::Own(Hash32(one.hash)),
            false => ChangeItem::Body(one.body.clone().into()),
        });
        self.place(id, doc, &doc.changes, Content::Changes(changes.collect()))
    }

    pub(super) fn finish(
        &self,
        reader: PractitionerId,
        page: &mut Page,
        cursor: Cursor,
        left: bool,
    ) -> Reply {
        let tags = self.tags(reader);
        page.end.cursor = wire::encode(&cursor);
        page.end.up_to_date = !left;
        page.end.digest = (!left).then(|| self.digest(reader));
        page.end.visible = tags.len() as u64;
        good(frame::encode_page(page).expect("a page"))
    }

    pub(super) fn repair(&self, reader: PractitionerId, body: &[u8]) -> Reply {
        match wire::decode("repair", body).expect("a repair request") {
            RepairRequest::Tags(after) => {
                let mut items = self.tags(reader);
                items.retain(|(item, _)| after.is_none_or(|after| *item > after));
                let more = items.len() > 2;
                items.truncate(2);
                good(wire::encode(&Tags { items, more }))
            }
            RepairRequest::Whole(items) => {
                let mut page = self.empty_page();
                for item in items {
                    match item {
                        ItemId::Document(id) => {
                            let doc = self
                                .docs
                                .get(&id)
                                .filter(|doc| self.sees(reader, doc.space) && !self.is_closed(id));
                            page.documents
                                .extend(doc.map(|doc| self.item(id, doc, u64::MAX)));
                        }
                        ItemId::Fact(id) => {
                            let fact = self.facts.get(&id);
                            page.facts.extend(fact.map(|(fact, seq)| FactItem {
                                fact: fact.clone(),
                                seq: *seq,
                            }));
                        }
                    }
                }
                good(frame::encode_page(&page).expect("a page"))
            }
        }
    }
}
