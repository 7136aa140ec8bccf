// siaga in the browser: sortable tables, chart readout, live figures. Every page reads and works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Tables: <table data-sortable id>; a cell may carry data-value, a head data-nosort.
  const sorted = new Map(); // table id -> [column, direction]

  function sort(table, column, direction) {
    const key = ({ cells: { [column]: cell } }) => cell.dataset.value ?? cell.textContent.trim();
    for (const body of table.tBodies) {
      body.append(...[...body.rows].sort((one, other) => {
        const a = key(one), b = key(other);
        if (!a || !b) return !a - !b; // missing stays last
        return direction * (isNaN(a) || isNaN(b) ? a.localeCompare(b, root.lang) : a - b);
      }));
    }
    for (const head of $$("thead th", table)) head.removeAttribute("aria-sort");
    table.tHead.rows[0].cells[column].ariaSort = direction > 0 ? "ascending" : "descending";
    sorted.set(table.id, [column, direction]);
  }

  function prepare() {
    for (const table of $$("table[data-sortable]")) {
      for (const head of $$("thead th:not([data-nosort])", table)) {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...head.childNodes);
        button.onclick = () => sort(table, head.cellIndex, head.ariaSort === "ascending" ? -1 : 1);
        head.append(button);
      }
      if (sorted.has(table.id)) sort(table, ...sorted.get(table.id));
    }
    for (const hits of $$("svg .hits")) { // one Tab stop: a slider over the days, whose text is the day's
      const svg = hits.closest("svg"), last = hits.children.length - 1;
      svg.setAttribute("role", "group");
      const set = { role: "slider", tabindex: 0, "aria-label": $("title", svg).textContent, "aria-valuemin": 0, "aria-valuemax": last };
      for (const name in set) hits.setAttribute(name, set[name]);
      at(hits, last);
    }
  }

  function at(hits, index) {
    hits.setAttribute("aria-valuenow", index);
    hits.setAttribute("aria-valuetext", hits.children[index].dataset.label);
  }

  // Files: one that is too large is told before it is sent. <input type="file" data-most="BYTES" data-too-large="words">
  addEventListener("change", ({ target }) => {
    if (!target.dataset?.most) return;
    const isLarge = [...target.files].some((file) => file.size > Number(target.dataset.most));
    target.setCustomValidity(isLarge ? target.dataset.tooLarge : "");
    target.reportValidity();
  });

  // Charts: <g class="hits"><rect data-label>, read out in the figure's <output class="readout">: the words of the table's rows.
  function read(rect) {
    const hits = rect?.parentNode, figure = rect?.closest("figure");
    if (!figure || rect.matches(".on")) return;
    $(".hits .on", figure)?.classList.remove("on");
    rect.classList.add("on");
    at(hits, [...hits.children].indexOf(rect));
    $(".readout", figure).value = rect.dataset.label;
  }
  // A finger that moves stays with the day it touched first, so the day under it is asked for.
  const point = ({ target, clientX, clientY }) =>
    target.closest?.(".hits") && read(document.elementFromPoint(clientX, clientY)?.closest(".hits rect"));
  addEventListener("pointerdown", point);
  addEventListener("pointermove", point);
  addEventListener("focusin", ({ target }) => target.matches?.(".hits") && read(target.children[target.getAttribute("aria-valuenow")]));
  addEventListener("keydown", (event) => {
    const hits = event.target.closest?.(".hits");
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 7, PageDown: -7, Home: -1e6, End: 1e6 }[event.key];
    if (!hits || !step || event.altKey) return;
    event.preventDefault();
    const next = Number(hits.getAttribute("aria-valuenow")) + step;
    read(hits.children[Math.max(0, Math.min(hits.children.length - 1, next))]);
  });

  // Live figures: <html data-events data-version>; the stream's `update` carries the data version, also on opening.
  const live = $("#live"), offline = $("#offline");
  let wanted = root.dataset.version, busy, source, lost, retry, later, spoke = 0;

  function say(text) { // politely: at most every five seconds, and only what is new
    clearTimeout(later);
    const wait = spoke + 5000 - Date.now();
    if (wait > 0) later = setTimeout(say, wait, text);
    else if (live.textContent !== text) [live.textContent, spoke] = [text, Date.now()];
  }

  // Who fills a form or reads a chart by keyboard keeps the page until done.
  const occupied = () => $("#when")?.open || document.activeElement?.closest("main form, .hits") ||
    $$("main :is(input:not([type=hidden]), textarea)").some((f) => f.value !== f.defaultValue || f.checked !== f.defaultChecked);

  function swap(page) {
    const main = $("main", page);
    if (!main) return;
    const open = $$("main details").map((node) => node.open);
    const scroll = $$(".table-wrap").map((box) => [box.scrollLeft, box.scrollTop]);
    const focus = document.activeElement?.id;
    for (const part of $$("main, [data-live]")) {
      const fresh = page.getElementById(part.id);
      if (fresh) part.replaceWith(document.adoptNode(fresh));
    }
    document.title = page.title;
    $$("main details").forEach((node, i) => { node.open ||= open[i]; });
    prepare();
    $$(".table-wrap").forEach((box, i) => box.scrollTo(...(scroll[i] ?? [0, 0])));
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
    say(main.dataset.announce);
  }

  async function refresh() {
    if (busy || document.hidden || wanted === root.dataset.version) return;
    const asked = wanted;
    busy = true;
    try {
      const answer = !occupied() && await fetch(location.href, { cache: "no-cache", mode: "same-origin" });
      const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page && !occupied()) {
        swap(page);
        root.dataset.version = asked;
      }
    } catch { /* the event source says that the line is lost */ }
    busy = false;
    if (wanted !== root.dataset.version) setTimeout(refresh, wanted === asked ? 3000 : 0);
  }

  const calm = () => { lost = clearTimeout(lost); };

  function listen() { // only while the page is seen
    clearTimeout(retry);
    calm();
    source?.close();
    if (document.hidden) return;
    source = new EventSource(root.dataset.events);
    source.onopen = () => {
      calm();
      offline.hidden = true;
    };
    source.onerror = () => {
      lost ??= setTimeout(() => { offline.hidden = false; }, 3000);
      if (source.readyState === 2) retry = setTimeout(listen, 5000 + 5000 * Math.random());
    };
    source.addEventListener("update", ({ data }) => {
      wanted = data;
      refresh();
    });
  }

  // Sharing: <a data-share="what to say when copied"> leads to a lasting address; the link works without this.
  addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-share]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      if (navigator.share) return await navigator.share({ title: document.title, url: link.href });
      await navigator.clipboard.writeText(link.href);
      link.nextElementSibling.textContent = link.dataset.share;
      say(link.dataset.share);
    } catch (error) {
      if (error.name !== "AbortError") location.href = link.href; // neither is allowed here: the address bar has it then
    }
  });

  prepare();
  if (root.dataset.events) {
    listen();
    document.addEventListener("visibilitychange", listen);
    addEventListener("online", listen);
  }
})();
