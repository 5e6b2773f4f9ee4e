// Keeps a page fresh: asks for it again when something in its scope changed, and puts the new content in place
// without losing the reader's place. Without this script everything works, by loading the page again.
"use strict";

(() => {
  const main = document.getElementById("main");
  const status = document.getElementById("status");
  const texts = document.body.dataset;
  const QUIET_MILLIS = 400;
  const STATUS_MILLIS = 8000;

  let statusTimer = 0;
  const say = (text, keep) => {
    clearTimeout(statusTimer);
    status.textContent = text;
    if (!keep) statusTimer = setTimeout(() => { status.textContent = ""; }, STATUS_MILLIS);
  };

  const get = async (address) => {
    const answer = await fetch(address, { credentials: "same-origin", headers: { accept: "text/html" } });
    if (answer.status === 401) { location.reload(); return null; }
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };

  const listOf = (root) => root.querySelector("#entries") || root.querySelector("#children");
  const itemsOf = (root) => root.querySelectorAll(".entry, .child");
  const entriesOf = (root) => root.querySelectorAll(".entry, .addition");
  const olderOf = (root) => root.querySelector("a.older");

  // Puts the next page's items below those that are there, and its link in the place of ours.
  const append = (root, next) => {
    const list = listOf(root);
    const more = listOf(next);
    if (list && more) for (const node of [...more.children]) list.append(document.adoptNode(node));
    const [ours, theirs] = [olderOf(root), olderOf(next)];
    if (theirs && ours) ours.href = theirs.href;
    else if (ours) ours.closest("p").remove();
  };

  const nextOf = async (root) => {
    const link = olderOf(root);
    if (!link) return false;
    const next = await get(new URL(link.getAttribute("href"), location.href));
    if (!next) return false;
    append(root, next);
    return true;
  };

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a.older");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.getAttribute("aria-busy") === "true") return;
    link.setAttribute("aria-busy", "true");
    const before = itemsOf(main).length;
    try {
      await nextOf(main);
      const first = itemsOf(main)[before];
      const target = first && (first.querySelector("a") || first);
      if (target) { if (!target.matches("a")) target.tabIndex = -1; target.focus({ preventScroll: true }); }
      filter();
    } catch { location.assign(link.href); }
    const left = olderOf(main);
    if (left) left.removeAttribute("aria-busy");
  });

  // Finding a child by name happens here: a name never stands in an address.
  const folded = (text) => text.toLocaleLowerCase("da").normalize("NFC").trim();
  const filter = () => {
    const input = document.getElementById("filter");
    if (!input) return;
    const wanted = folded(input.value);
    let shown = 0;
    for (const child of main.querySelectorAll(".child")) {
      const fits = folded(child.dataset.name).includes(wanted);
      child.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    document.getElementById("filter-none").hidden = shown > 0;
    document.getElementById("children").hidden = shown === 0;
  };

  let loadingAll = null;
  const all = () => {
    loadingAll ??= (async () => { while (await nextOf(main)) filter(); })().catch(() => { loadingAll = null; });
    return loadingAll;
  };
  main.addEventListener("input", (event) => {
    if (event.target.id !== "filter") return;
    filter();
    if (olderOf(main)) all();
  });
  const showFilter = (root) => {
    const box = root.querySelector(".filter");
    if (box) box.hidden = false;
  };
  showFilter(main);

  // The item at the top of the window, and where it stands: to find the reader's place again.
  const place = () => {
    for (const item of itemsOf(main)) {
      const box = item.getBoundingClientRect();
      if (box.bottom > 0) return { id: item.id, top: box.top };
    }
    return null;
  };

  const announce = (before) => {
    const fresh = [...entriesOf(main)].filter((entry) => !before.has(entry.id));
    const clock = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Copenhagen" });
    let text = `${texts.updated} ${clock}`;
    if (before.size > 0 && fresh.length > 0) {
      text += fresh.length === 1 ? `: ${texts.newOne}` : `: ${fresh.length} ${texts.newMany}`;
      for (const entry of fresh) entry.classList.add("fresh");
    }
    say(text);
  };

  const refresh = async () => {
    const shown = itemsOf(main).length;
    const page = await get(location.href);
    if (!page) return;
    const next = page.getElementById("main");
    while (itemsOf(next).length < shown && await nextOf(next)) { /* as many as the reader had */ }
    const before = new Set([...entriesOf(main)].map((entry) => entry.id));
    const kept = place();
    const scrolled = window.scrollY > 0;
    const input = document.getElementById("filter");
    const wanted = input ? input.value : "";
    const focused = document.activeElement && main.contains(document.activeElement) ? document.activeElement.id || document.activeElement.getAttribute("href") : null;
    const opened = new Map([...main.querySelectorAll("details[id]")].map((one) => [one.id, one.open]));
    main.replaceChildren(...[...next.childNodes].map((node) => document.adoptNode(node)));
    main.dataset.at = next.dataset.at;
    for (const one of main.querySelectorAll("details[id]")) if (opened.has(one.id)) one.open = opened.get(one.id);
    showFilter(main);
    const fresh = document.getElementById("filter");
    if (fresh && wanted) { fresh.value = wanted; filter(); }
    if (focused) {
      const again = document.getElementById(focused) || main.querySelector(`a[href="${CSS.escape(focused)}"]`);
      if (again) again.focus({ preventScroll: true });
    }
    if (scrolled && kept && kept.id) {
      const item = document.getElementById(kept.id);
      if (item) window.scrollBy({ top: item.getBoundingClientRect().top - kept.top, behavior: "instant" });
    }
    announce(before);
  };

  let timer = 0;
  let running = false;
  let again = false;
  const run = async () => {
    if (running) { again = true; return; }
    running = true;
    do {
      again = false;
      try { await refresh(); } catch { say(texts.offline, true); }
    } while (again);
    running = false;
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(run, QUIET_MILLIS); };

  const changes = new EventSource("/api/v1/changes");
  changes.addEventListener("at", (event) => {
    if (status.textContent === texts.offline) say("");
    if (Number(event.data) > Number(main.dataset.at)) soon();
  });
  changes.addEventListener("changed", soon);
  changes.addEventListener("error", () => {
    if (changes.readyState === EventSource.CLOSED) run();
    else say(texts.offline, true);
  });
})();
