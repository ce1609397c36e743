// Timeline: all that the log says, found by the words that can be typed after "audit"; and the edge as it was at any time of it.

import { at, changeAt, latest, link, make, replace } from "./dom.js";
import { completes } from "./completion.js";
import { drawn, together } from "./edge.js";
import { edgeFigure } from "./figure.js";
import { problem, refused } from "./refused.js";
import { ask, entryOf, newestEntry, say } from "./server.js";
import { timeSlider } from "./slider.js";

const FORMATS = { csv: "CSV", json: "JSON", md: "Markdown" };

export function timelineView(root) {
  const field = make("input", { type: "search", id: "filter", placeholder: "vm2 since 7d", autocomplete: "off", autocapitalize: "off", spellcheck: false, maxLength: 1000 });
  const form = make("form", { className: "find", role: "search" }, make("label", { htmlFor: "filter" }, "Filter"), field, make("button", {}, "Show"));
  const slider = timeSlider((to) => travel(to), () => settle());
  const understood = make("p", { className: "understood", role: "status" });
  const edge = make("div", { className: "then", hidden: true });
  const figure = edgeFigure();
  const list = make("ol", { className: "lines" });
  const pages = make("p", { className: "pages" });
  const exported = make("span", { role: "status" });
  const exports = make("p", { className: "exports" }, "Export as ", ...Object.keys(FORMATS).map(exportButton), exported);
  edge.append(figure.element);
  root.append(make("div", { className: "bar" }, make("h2", { id: "timeline-title", tabIndex: -1 }, "Timeline"), form, slider.element), edge, understood, list, pages, exports);
  completes(field, (typed) => `audit ${typed}`, (line) => line.slice("audit ".length));

  let filter = "";
  let page = 0;
  let time = "";
  let line = ""; // the filter as it was understood, for the export

  const load = latest(async () => {
    const asked = filter + page;
    try {
      const found = await ask("timeline", { q: filter, page: page || "" });
      if (asked !== filter + page) return;
      if (found.refusal) {
        understood.replaceChildren(refused(found.refusal));
        [list, pages].forEach((e) => e.replaceChildren());
        exports.hidden = true;
        return;
      }
      line = found.line;
      exports.hidden = found.count === 0;
      understood.textContent = `${found.understood}, ${found.range}: ${found.isMore ? "more than " : ""}${found.count.toLocaleString("en")} ${found.count === 1 ? "line" : "lines"}, times in ${found.zone}`;
      replace(list, ...found.lines.map(item));
      shade();
      replace(pages, ...turns(found));
    } catch (error) {
      understood.replaceChildren(problem(error));
    }
  });

  const loadEdge = latest(async () => {
    const asked = time;
    edge.hidden = !asked;
    if (!asked) return;
    const then = await ask("then", { at: asked }).catch(() => null);
    if (!then || then.refusal || asked !== time) return;
    const whole = together(then, null);
    figure.show(drawn(whole, whole.rows, { at: time }));
  });

  const address = (more) => at("timeline", { q: filter, at: time, ...more });

  function travel(to) {
    time = to;
    shade();
    loadEdge();
  }

  function settle() {
    history.replaceState(null, "", address({ page: page > 1 ? page : "" }));
  }

  // What had not happened yet at the time of the picture is paler.
  function shade() {
    const then = Date.parse(time);
    for (const one of list.children) one.classList.toggle("later", !!time && Date.parse(one.dataset.at) > then);
  }

  function turns(found) {
    if (found.pages < 2) return [];
    const to = (p, text) => link(address({ page: p > 1 ? p : "" }), text);
    return [found.page > 1 ? to(found.page - 1, "Newer") : null, ` page ${found.page} of ${found.pages} `, found.page < found.pages ? to(found.page + 1, "Older") : null];
  }

  function exportButton(format) {
    const button = make("button", { type: "button" }, FORMATS[format]);
    button.addEventListener("click", async () => {
      button.disabled = true;
      exported.textContent = "writing ...";
      const { isTaken, answer, problem: why } = await say(`export audit ${line} as ${format}`.replace("  ", " "));
      button.disabled = false;
      if (why) return exported.replaceChildren(problem(new Error(why)));
      const entry = await entryOf(answer);
      const file = isTaken ? newestEntry((e) => e.download) : null;
      if (!file) return exported.replaceChildren(entry.text);
      const save = link(`/export?id=${encodeURIComponent(file.download)}`, file.text.split(" ")[0], { download: "" });
      exported.replaceChildren(save);
      save.click();
    });
    return button;
  }

  form.addEventListener("submit", (e) => {
    e.preventDefault();
    location.hash = at("timeline", { q: field.value.trim(), at: time }).slice(1);
  });

  return {
    title: () => "Timeline",
    show(rest, parameters) {
      [filter, page, time] = [parameters.get("q") ?? "", Number(parameters.get("page")) || 0, parameters.get("at") ?? ""];
      field.value = filter;
      exported.replaceChildren();
      slider.set(time);
      slider.load();
      loadEdge();
      return load();
    },
    changed({ log }) {
      if (log === this.log) return;
      this.log = log;
      slider.load();
      load();
    },
    hide() {},
  };
}

function item(one) {
  const key = one.gateway && one.change ? `${one.gateway}#${one.change}` : "";
  const element = make(
    "li",
    { className: one.what },
    link(at("now", { at: one.at }), one.time, { className: "time", title: "the edge at this time" }),
    make("b", {}, one.what),
    make("span", { className: "who" }, one.who),
    key ? link(changeAt(key), key, { className: "key" }) : make("span", { className: "key" }, one.gateway),
    make("span", { className: "details" }, one.details),
  );
  element.dataset.at = one.at;
  return element;
}
