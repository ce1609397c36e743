// Now: the picture of the edge, as it is or as it was, with the same as tables beneath it.

import { at, count, latest, link, make, replace } from "./dom.js";
import { inWords, pictureOf } from "./picture.js";
import { nextLine, problem, refused } from "./refused.js";
import { ask } from "./server.js";
import { timeSlider } from "./slider.js";
import { tablesOf } from "./tables.js";

export function nowView(root) {
  const title = make("h2", { id: "now-title", tabIndex: -1 }, "Now");
  const find = make("input", { type: "search", id: "find", placeholder: "port, VM, peer", autocomplete: "off", spellcheck: false });
  const form = make("form", { className: "find", role: "search" }, make("label", { htmlFor: "find" }, "Find"), find);
  const slider = timeSlider((time) => travel(time), (time) => settle(time));
  const notes = make("div", { className: "notes" });
  const shown = edgeFigure((text) => at("now", { find: text, at: time }));
  root.append(make("div", { className: "bar" }, title, form, slider.element), notes, shown.element);

  let time = "";
  let narrowed = "";

  const load = latest(async () => {
    const asked = { time, narrowed };
    try {
      const edge = await ask(time ? "then" : "now", { at: time, find: narrowed });
      if (asked.time !== time || asked.narrowed !== narrowed) return;
      title.textContent = edge.isNow === false ? "As it was" : "Now";
      replace(notes, ...(edge.refusal ? [refused(edge.refusal)] : notesOf(edge)));
      if (!edge.refusal) shown.show(edge);
    } catch (error) {
      replace(notes, problem(error));
    }
  });

  function travel(to) {
    time = to;
    load();
  }

  // Where the slider was let go is an address; on the way there no step is kept to go back to.
  function settle(to) {
    history.replaceState(null, "", at("now", { find: narrowed, at: to }));
  }

  form.addEventListener("submit", (e) => e.preventDefault());
  find.addEventListener("input", () => {
    narrowed = find.value.trim();
    settle(time);
    load();
  });

  return {
    title: () => title.textContent,
    show(rest, parameters) {
      time = parameters.get("at") ?? "";
      narrowed = parameters.get("find") ?? "";
      find.value = narrowed;
      slider.set(time);
      slider.load();
      return load();
    },
    changed({ log }) {
      if (log !== this.log) slider.load();
      this.log = log;
      if (!time) load();
    },
    hide() {},
  };
}

// What wants a person, in words above the picture.
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

// The picture and the tables of an edge; drawn anew when there is more or less room.
export function edgeFigure(find) {
  const canvas = make("div", { className: "canvas" });
  const words = make("figcaption");
  const tables = make("div", { className: "tables" });
  const element = make("figure", { className: "edge" }, canvas, words, make("details", {}, make("summary", {}, "The same as tables"), tables));
  let edge = null;
  let width = 0;

  function paint() {
    if (!edge || width < 40) return;
    replace(canvas, pictureOf(edge, width, find));
  }

  new ResizeObserver(([entry]) => {
    const room = Math.min(1100, Math.floor(entry.contentRect.width));
    if (room === width) return;
    width = room;
    paint();
  }).observe(canvas);

  return {
    element,
    show(newer) {
      edge = newer;
      paint();
      if (words.textContent !== inWords(edge)) words.textContent = inWords(edge);
      replace(tables, ...tablesOf(edge));
    },
  };
}
