// What is open, as a table: a row each, of which only those on the screen and a few around them are elements. So five thousand scroll as fifty do.

import { at, changeAt, draw, link, make } from "./dom.js";
import { short } from "./picture.js";
import { ago, clock, isLastHour, left, minute, span } from "./times.js";

const SHEETS = "M5 5V2h8v9h-3M3 5h7v9H3z";
const AROUND = 12; // rows beyond the screen, so that the Tab key finds the next one

const COLUMNS = [
  { id: "port", words: "Open" },
  { id: "target", words: "Leads to" },
  { id: "from", words: "From" },
  { id: "until", words: "Until" },
  { id: "who", words: "Who and why" },
  { id: "packets", words: "Now", also: { id: "seen", words: "last seen" } },
];

// scroller: what the rows scroll in. order(name): asks for another order. offer(row): lines to type about a row.
export function openTable(scroller, order, offer) {
  const heads = COLUMNS.map((c) => cell("columnheader", c.id, orderedBy(c), c.also ? orderedBy(c.also) : null));
  const head = make("div", { className: "row heads", role: "row" }, ...heads);
  const body = make("div", { className: "rows", role: "rowgroup" });
  const element = make("div", { className: "open", role: "table", ariaLabel: "What is open" }, make("div", { role: "rowgroup", className: "head" }, head), body);
  const elements = new Map(); // key -> { element, row }
  let rows = [];
  let sort = "";
  let named = false;
  let planned = false;

  function orderedBy(column) {
    const button = make("button", { type: "button", title: `Sort by ${column.words}` }, column.words);
    button.dataset.order = column.id;
    button.addEventListener("click", () => order(sort === column.id ? `-${column.id}` : sort === `-${column.id}` ? "" : column.id));
    return button;
  }

  function paint() {
    planned = false;
    if (!element.isConnected || element.closest("[hidden]")) return;
    // All is measured before anything is changed, so that the browser lays out once a frame.
    const height = parseFloat(getComputedStyle(body).getPropertyValue("--row")) || 44;
    const above = scroller.getBoundingClientRect().top - body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(above / height) - AROUND);
    const last = Math.min(rows.length, Math.ceil((above + scroller.clientHeight) / height) + AROUND);
    const whole = `${rows.length * height}px`;
    if (body.style.height !== whole) body.style.height = whole;
    const wanted = new Set(rows.slice(first, last).map((r) => r.key));
    for (const [key, shown] of elements) {
      if (wanted.has(key) || shown.element.contains(document.activeElement)) continue;
      shown.element.remove();
      elements.delete(key);
    }
    let after = null;
    for (let i = first; i < last; i++) {
      const shown = shownAs(rows[i]);
      shown.style.transform = `translateY(${i * height}px)`;
      shown.ariaRowIndex = i + 2;
      if ((after ? after.nextSibling : body.firstChild) !== shown) body.insertBefore(shown, after ? after.nextSibling : body.firstChild);
      after = shown;
    }
  }

  function shownAs(row) {
    let shown = elements.get(row.key);
    if (!shown) elements.set(row.key, (shown = { element: make("div", { className: "row", role: "row" }), row: null }));
    if (shown.row !== row) fill(shown.element, row, shown.row);
    shown.row = row;
    return shown.element;
  }

  function fill(target, row, before) {
    // The same row, of which only what passes has become another: what has the focus stays.
    if (before && before.static === row.static) {
      target.querySelector(".c-packets").replaceWith(packetsOf(row));
      return;
    }
    const focused = target.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    target.classList.toggle("bad", !!row.trouble);
    target.replaceChildren(portOf(row, named), targetOf(row), fromOf(row), untilOf(row, offer(row)), whoOf(row), packetsOf(row));
    if (focused) target.querySelector(`[data-name="${focused}"]`)?.focus({ preventScroll: true });
  }

  function plan() {
    if (!planned) requestAnimationFrame(paint);
    planned = true;
  }

  scroller.addEventListener("scroll", plan, { passive: true });
  new ResizeObserver(plan).observe(scroller);
  new ResizeObserver(plan).observe(element.ownerDocument.body);
  setInterval(() => {
    for (const { element: shown, row } of elements.values()) if (isLastHour(row.until)) shown.querySelector(".left").textContent = left(row.until);
  }, 1000);

  return {
    element,
    plan,
    show(newer, order, hasSeveral) {
      [rows, sort] = [newer, order ?? ""];
      if (named !== hasSeveral) elements.forEach((shown) => (shown.row = null));
      named = hasSeveral;
      element.ariaRowCount = rows.length + 1;
      element.classList.toggle("none", !rows.length);
      const [column, way] = sort.startsWith("-") ? [sort.slice(1), "descending"] : [sort, "ascending"];
      COLUMNS.forEach((c, i) => (heads[i].ariaSort = column && (c.id === column || c.also?.id === column) ? way : "none"));
      for (const button of head.querySelectorAll("button")) button.className = button.dataset.order === column ? way : "";
      paint();
    },
  };
}

const cell = (role, id, ...children) => make("div", { className: `cell c-${id}`, role }, ...children);
const WORDS = new Map(COLUMNS.map((c) => [c.id, c.words]));
// On a phone a row is a card, in which each value has the name of its column beside it (open.css).
function value(id, ...children) {
  const made = cell("cell", id, ...children);
  made.dataset.column = WORDS.get(id);
  return made;
}

const line = (className, text, title = text) => make("span", { className, title }, text);

function portOf(row, named) {
  const dial = row.dials[0] ?? row.label;
  const copy = make("button", { type: "button", className: "copy", ariaLabel: `Copy ${dial}`, title: `Copy ${dial}` }, icon(SHEETS));
  copy.dataset.name = "copy";
  copy.addEventListener("click", () => copied(copy, dial));
  const story = link(at("timeline", { q: row.story }), row.label, { className: "label", title: `${row.label}: its story` });
  story.dataset.name = "story";
  const more = [named && row.gateway, row.tls && `TLS ${row.tls}`, row.detail].filter(Boolean).join(", ");
  const name = make("span", { className: "first", title: [row.label, more].filter(Boolean).join(", ") }, story, more ? line("soft", ` ${more}`, more) : null);
  const all = row.dials.join("  ");
  const address = row.url ? link(row.url, dial, { target: "_blank", rel: "noreferrer", title: all }) : line("", dial, all);
  if (row.url) address.dataset.name = "url";
  return value("port", name, make("span", { className: "second" }, address, copy));
}

async function copied(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.replaceChildren(icon("M3 8l4 4 6-8"));
  } catch {
    // Without TLS on another machine's address there is no clipboard: it is marked, to be copied by hand.
    getSelection().selectAllChildren(button.previousSibling);
  }
  setTimeout(() => button.replaceChildren(icon(SHEETS)), 1500);
}

const icon = (d) => draw("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }, draw("path", { d }));

const targetOf = (row) => value("target", line("first mono", row.targets), row.trouble ? line("second trouble", row.trouble) : line("second soft", row.engines.join(", ")));

const fromOf = (row) => value("from", line("first", row.from ?? "anywhere"));

function untilOf(row, offers) {
  const first = row.until ? make("span", { className: "first", title: `until ${minute(row.until)}` }, clock(row.until), " ") : line("first soft", "no end");
  if (row.until) first.append(make("span", { className: `left ${isLastHour(row.until) ? "soon" : "soft"}` }, left(row.until)));
  const second = make("span", { className: "second" });
  for (const offer of offers) {
    const fills = link(at("chat", { line: offer.line }), offer.words, { className: "offer", title: offer.line });
    fills.dataset.name = offer.words;
    second.append(fills, " ");
  }
  return value("until", first, second);
}

function whoOf(row) {
  if (!row.change) return value("who");
  const change = link(changeAt(row.change), row.change);
  change.dataset.name = "change";
  const since = row.since ? line("soft", ` ${clock(row.since)}`, `since ${minute(row.since)}`) : "";
  const who = make("span", { className: "first", title: `${row.change} by ${row.by}` }, change, ` ${row.by}`, since);
  return value("who", who, row.reason ? line("second soft", row.reason) : null);
}

function packetsOf(row) {
  const words = row.rate ? short(row.rate.packets) : row.isCounted ? "0/s" : "";
  const title = row.rate?.words ?? (row.isCounted ? "nothing has passed" : "not counted by itself");
  return value("packets", line("first", words, title), seenOf(row));
}

function seenOf(row) {
  if (row.rate?.seen) return line("second soft", ago(row.rate.seen), `last packet ${minute(row.rate.seen)}`);
  if (!row.isCounted || !row.countedSince) return line("second soft", "", "not counted by itself");
  const began = `${minute(row.countedSince)}, when counting began`;
  if (row.rate?.isUsed) return line("second soft", "earlier", `last packet before ${began}`);
  if (Date.parse(row.since) >= Date.parse(row.countedSince)) return line("second soft", "unused", "no traffic since it was opened");
  return line("second soft", `none in ${span(row.countedSince)}`, `no traffic seen since ${began}`);
}
