// Now: what is open, as a table that can be narrowed and sorted, with the picture of the edge above it; as it is or as it was.

import { $, at, count, latest, link, make, replace } from "./dom.js";
import { FILTERS, countedSince, drawn, filtered, portsOf, sorted, together } from "./edge.js";
import { edgeFigure } from "./figure.js";
import { openForm } from "./form.js";
import { openTable } from "./open.js";
import { nextLine, problem, refused } from "./refused.js";
import { ask } from "./server.js";
import { timeSlider } from "./slider.js";
import { tablesOf } from "./tables.js";
import { keepTime, minute, zoneName } from "./times.js";

const SHOWS = { ending: "ends within a day", unused: "unused", unused30: "unused for 30 days", trouble: "in trouble" };

export function nowView(root) {
  const title = make("h2", { id: "now-title", tabIndex: -1 }, "Now");
  const find = make("input", { type: "search", id: "find", placeholder: "port, VM, person, reason", autocomplete: "off", spellcheck: false });
  const selects = Object.fromEntries(["gateway", "vm", "by", "engine", "show"].map((name) => [name, make("select", { name, ariaLabel: LABELS[name] })]));
  const clear = link("#/now", "Clear", { className: "clear", hidden: true });
  const shown = make("span", { role: "status", className: "soft shown" });
  const form = make("form", { className: "find filters", role: "search" }, make("label", { htmlFor: "find" }, "Find"), find, ...Object.values(selects), clear, shown);
  const slider = timeSlider((time) => travel(time), (time) => narrow({ at: time }));
  const notes = make("div", { className: "notes" });
  const gateways = make("ul", { className: "gateways" });
  const figure = edgeFigure();
  const picture = make("details", { className: "picture" }, make("summary", {}, "Picture"), figure.element);
  const table = openTable($("views"), (sort) => narrow({ sort }), offersOf);
  const rest = make("details", { className: "rest" }, make("summary", {}, "Machines and rules"), make("div", { className: "tables" }));
  const opens = openForm();
  const travels = make("details", { className: "travel", open: matchMedia("(width >= 48rem)").matches }, make("summary", {}, "As it was"), slider.element);
  const bar = make("div", { className: "bar" }, title, opens.element, travels);
  root.append(bar, notes, gateways, picture, form, table.element, rest);

  let asked = {}; // what stands in the address bar
  let edge = null; // from the log
  let live = null; // from the gateways
  let whole = null; // both

  const load = latest(async () => {
    const time = asked.at ?? "";
    try {
      const [newer, heard] = await Promise.all([ask(time ? "then" : "now", { at: time }), time ? null : ask("live")]);
      if ((asked.at ?? "") !== time) return;
      if (newer.refusal) return replace(notes, refused(newer.refusal));
      [edge, live] = [newer, heard];
      keepTime(edge.zone, live?.at);
      title.textContent = edge.isNow ? "Now" : "As it was";
      replace(notes, ...notesOf(edge));
      opens.show(edge);
      choices();
      paint();
    } catch (error) {
      replace(notes, problem(error));
    }
  });

  const hear = latest(async () => {
    const heard = await ask("live").catch(() => null);
    if (!heard || heard.refusal || asked.at || !edge) return;
    live = heard;
    keepTime("", live.at);
    paint();
  });

  function paint() {
    whole = together(edge, live);
    const several = edge.gateways.length > 1;
    const rows = filtered(whole.rows, asked);
    const isNarrowed = FILTERS.some((f) => asked[f]);
    clear.hidden = !isNarrowed;
    clear.href = at("now", { at: asked.at });
    const began = asked.show === "unused30" ? countedSince(whole, 30) : null;
    const unsure = began ? `, as packets are counted since ${minute(began)}` : "";
    shown.textContent = isNarrowed ? `${count(rows.length, "port")} of ${whole.rows.length.toLocaleString("en")}${unsure}` : `${portsOf(rows)}, times in ${zoneName()}`;
    replace(gateways, ...whole.gateways.map(gatewayOf));
    picture.open = { open: true, shut: false }[localStorage.getItem("picture")] ?? (matchMedia("(width >= 48rem)").matches && rows.length <= 6);
    if (picture.open) figure.show(drawn(whole, rows, asked));
    else figure.forget();
    table.show(sorted(rows, asked.sort), asked.sort, several);
    rest.hidden = !whole.gateways.some((g) => g.vms.length || g.peers.length || g.rules.length);
    if (rest.open) replace(rest.lastChild, ...tablesOf(whole, asked.find));
  }

  // Whoever has opened or shut it finds it so again; until then it is there while it leaves room for the table.
  picture.firstChild.addEventListener("click", () => localStorage.setItem("picture", picture.open ? "shut" : "open"));
  picture.addEventListener("toggle", () => whole && paint());
  rest.addEventListener("toggle", () => whole && paint());

  // What can be chosen is what there is.
  function choices() {
    const rows = together(edge, null).rows;
    const all = { gateway: edge.gateways.map((g) => g.name), vm: rows.flatMap((r) => r.vms), by: rows.map((r) => r.by), engine: rows.flatMap((r) => r.engines) };
    for (const [name, select] of Object.entries(selects)) {
      const values = name === "show" ? Object.keys(SHOWS) : [...new Set(all[name].filter(Boolean))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
      if (asked[name] && !values.includes(asked[name])) values.unshift(asked[name]);
      const options = ["", ...values];
      if ([...select.options].map((o) => o.value).join("\n") !== options.join("\n"))
        select.replaceChildren(...options.map((v) => make("option", { value: v }, v ? (name === "show" ? SHOWS[v] : v) : LABELS[name])));
      select.value = asked[name] ?? "";
      select.hidden = name === "gateway" && edge.gateways.length < 2;
      select.classList.toggle("on", !!asked[name]);
    }
  }

  // Lines about a row for who may say them: they go into the field of the chat, and are said by whoever sends them.
  function offersOf(row) {
    if (!edge?.isNow) return [];
    const on = edge.gateways.length > 1 ? ` at ${row.gateway}` : "";
    const number = row.change?.split("#")[1];
    return [
      edge.may.includes("extend") && row.until && number && { words: "extend", line: `extend ${edge.gateways.length > 1 ? row.change : number} for 1h` },
      edge.may.includes("unexpose") && { words: "close", line: `unexpose ${row.endpoint}${on}` },
    ].filter(Boolean);
  }

  // Where one ends up is an address; on the way there no step is kept to go back to.
  function narrow(change) {
    asked = { ...asked, ...change };
    history.replaceState(null, "", at("now", asked));
    if ("at" in change) load();
    else if (edge) choices(), paint();
  }

  function travel(to) {
    asked = { ...asked, at: to };
    load();
  }

  form.addEventListener("submit", (e) => e.preventDefault());
  find.addEventListener("input", () => narrow({ find: find.value.trim() }));
  for (const [name, select] of Object.entries(selects)) select.addEventListener("change", () => narrow({ [name]: select.value }));

  return {
    title: () => title.textContent,
    show(path, parameters) {
      const isElsewhen = (parameters.get("at") ?? "") !== (asked.at ?? "");
      asked = Object.fromEntries(parameters);
      find.value = asked.find ?? "";
      slider.set(asked.at ?? "");
      slider.load();
      if (edge && !isElsewhen) choices(), paint();
      return load();
    },
    changed({ log }) {
      if (log !== this.log) slider.load();
      const isSame = log === this.log;
      this.log = log;
      if (asked.at) return;
      if (isSame && edge) hear();
      else load();
    },
    hide() {},
  };
}

const LABELS = { gateway: "Any gateway", vm: "Any VM", by: "Anybody", engine: "Any engine", show: "All ports" };

function gatewayOf(g) {
  const story = link(at("timeline", { q: `gateway ${g.name}` }), g.name);
  story.dataset.name = `gateway ${g.name}`;
  const words = [g.mirrors && `mirrors ${g.mirrors}`, `revision ${g.revision}`, g.heard, g.rate?.words].filter(Boolean).join(", ");
  const trouble = g.trouble.length ? make("span", { className: "trouble" }, ` ${g.trouble[0]}`) : null;
  return make("li", {}, make("b", {}, story), " ", ...g.addresses.flatMap((a) => [make("code", {}, a), " "]), make("span", { className: "soft" }, words), trouble);
}

// What wants a person, in words above the rest.
function notesOf(edge) {
  const notes = [];
  if (edge.isNow && edge.waiting) notes.push(make("p", { className: "waiting" }, link("#/changes", `${count(edge.waiting, "change")} ${edge.waiting === 1 ? "waits" : "wait"} for approval`)));
  for (const gateway of edge.gateways) for (const alert of gateway.alerts) notes.push(alertOf(alert));
  if (edge.type.length) notes.push(make("p", { className: "type" }, edge.gateways.length ? "Nothing is open yet. Type: " : "There is no gateway yet. Type: ", ...edge.type.map(nextLine)));
  return notes;
}

function alertOf(alert) {
  const next = alert.next.flatMap((line, i) => (i ? [", ", nextLine(line)] : ["Next: ", nextLine(line)]));
  return make("div", { className: "alert" }, make("p", {}, alert.text, make("small", {}, ` since ${alert.since}`)), next.length ? make("p", { className: "next" }, ...next) : null);
}
