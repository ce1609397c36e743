// Changes: those that wait and those that are over; and one of them with its plan, its files, its story and what may be decided.

import { $, at, changeAt, count, diffLines, draw, latest, link, make, replace } from "./dom.js";
import { problem, refused } from "./refused.js";
import { ask, entryOf, say, told } from "./server.js";

export function changesView(root) {
  let key = ""; // gw1#12; empty for the list
  let page = 1;

  const load = latest(async () => {
    const asked = key + page;
    try {
      const found = key ? await ask("change", { of: key }) : await ask("changes", { page: page > 1 ? page : "" });
      if (asked !== key + page) return;
      if (found.refusal) replace(root, heading(key ? `Change ${key}` : "Changes"), refused(found.refusal));
      else if (key) showOne(root, found);
      else replace(root, ...list(found));
    } catch (error) {
      replace(root, heading("Changes"), problem(error));
    }
  });

  // Between two events of the log: the step that it has come to.
  told.addEventListener("entry", ({ detail: { entry } }) => {
    const state = root.querySelector(".state.working");
    if (state && entry.tone === "working" && entry.key === state.dataset.key) state.textContent = entry.text.split(" · ").at(-1);
  });

  return {
    title: () => (key ? `Change ${key}` : "Changes"),
    async show(rest, parameters) {
      const asked = rest.length > 1 ? `${rest[0]}#${rest[1]}` : (rest[0] ?? "");
      const isOther = asked !== key;
      [key, page] = [asked, Number(parameters.get("page")) || 1];
      if (isOther || !root.firstChild) root.replaceChildren(heading(this.title()));
      await load();
    },
    changed: load,
    hide() {},
  };
}

const heading = (...text) => make("h2", { id: "changes-title", tabIndex: -1 }, ...text);

function list(found) {
  const parts = [heading("Changes"), make("h3", {}, found.open.length ? `${count(found.open.length, "change")} open` : "None is open")];
  if (found.open.length) parts.push(make("ul", { className: "changes" }, ...found.open.map(item)));
  parts.push(make("h3", {}, found.total ? `${found.total.toLocaleString("en")} over` : "None is over"));
  if (found.over.length) parts.push(make("ul", { className: "changes" }, ...found.over.map(item)));
  if (found.pages > 1) {
    const to = (p, text) => link(at("changes", { page: p > 1 ? p : "" }), text);
    parts.push(make("p", { className: "pages" }, found.page > 1 ? to(found.page - 1, "Newer") : null, ` page ${found.page} of ${found.pages} `, found.page < found.pages ? to(found.page + 1, "Older") : null));
  }
  return parts;
}

function item(change) {
  return make(
    "li",
    { className: change.tone },
    link(changeAt(change.key), change.key, { className: "key" }),
    make("span", { className: "headline" }, change.headline, change.reason ? make("q", {}, change.reason) : null),
    make("span", { className: "status" }, change.status),
    make("span", { className: "by" }, `${change.by}, ${change.time}`),
  );
}

// The parts that a reader may be busy with, the form for a reason above all, stay when the change moves on meanwhile.
function showOne(root, one) {
  const { change } = one;
  const open = new Set([...root.querySelectorAll("details[open]")].map((d) => d.dataset.name));
  const former = root.querySelector("form.reason");
  const keep = former && one.buttons.some((b) => b.line === former.dataset.line) ? former : null;
  const files = one.files.map((f) => {
    const details = make("details", { open: open.has(f.name) }, make("summary", {}, `${f.name} `, make("span", { className: "added" }, `+${f.added}`), " ", make("span", { className: "removed" }, `-${f.removed}`)), diffLines(f.text));
    details.dataset.name = f.name;
    return details;
  });
  const state = make("p", { className: `state ${change.tone}`, role: "status" }, change.status);
  state.dataset.key = change.key;
  const hadFocus = keep?.contains(document.activeElement) ? document.activeElement : null;
  replace(
    root,
    make("p", { className: "up" }, link("#/changes", "All changes")),
    heading(`${change.key} `, make("span", {}, change.headline)),
    state,
    make("dl", {}, ...facts(one).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    section("Plan", [...one.warnings.map((w) => make("li", { className: "warning" }, w)), ...one.routes.map((r) => make("li", {}, r)), ...one.touches.map((t) => make("li", {}, `touches ${t}`))]),
    files.length ? make("h3", {}, count(files.length, "file")) : null,
    ...files,
    one.steps.length ? make("h3", {}, "Steps") : null,
    one.steps.length ? steps(one.steps) : null,
    make("h3", {}, "Story"),
    make("ol", { className: "lines" }, ...one.lines.map((l) => make("li", {}, make("time", {}, l.time), make("b", {}, l.what), make("span", { className: "who" }, l.who), make("span", { className: "details" }, l.details)))),
    make("p", { className: "up" }, link(at("timeline", { q: change.key }), "In the timeline")),

    // Last, and always on the screen: after a long plan, and beside the thumb.
    decisions(one, keep),
  );
  hadFocus?.focus();
}

const section = (name, items) => (items.length ? make("div", {}, make("h3", {}, name), make("ul", { className: "plan" }, ...items)) : null);

function facts({ change, line, approvers }) {
  return [
    ["Line", make("code", {}, line)],
    change.reason && ["Because", change.reason],
    ["Proposed", `${change.by}, ${change.time}`],
    approvers.length && ["Approved", approvers.join(", ")],
    ["Gateway", link(at("timeline", { q: `gateway ${change.gateway}` }), change.gateway)],
  ].filter(Boolean);
}

// How long each step took, as a part of the whole; what has no bar is the sum.
function steps(all) {
  const most = Math.max(1, ...all.filter((s) => s.name !== "total").map((s) => s.milliseconds));
  const rows = all.map((s) => {
    const bar = draw("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" }, s.name === "total" ? "" : draw("rect", { width: ((100 * s.milliseconds) / most).toFixed(1), height: 8, rx: 1 }));
    return make("tr", {}, make("th", { scope: "row" }, s.name), make("td", { className: "number" }, `${s.milliseconds} ms`), make("td", {}, bar));
  });
  return make("table", { className: "steps" }, make("caption", { className: "hidden" }, "Milliseconds by step"), make("tbody", {}, ...rows));
}

// --- Deciding: the buttons say lines, as people do, and get the same answers.

function decisions(one, keep) {
  const said = $("decided") ?? make("div", { id: "decided", role: "alert" });
  if (said.dataset.key !== one.change.key) said.replaceChildren();
  said.dataset.key = one.change.key;
  const row = make("p", { className: "buttons" });
  for (const meant of one.buttons) {
    const button = make("button", { type: "button", className: meant.label.toLowerCase() }, meant.label);
    button.dataset.name = meant.label;
    button.addEventListener("click", async () => {
      if (meant.asksReason) return row.after(reasonForm(meant, row, said)), row.parentElement.querySelector("form.reason input").focus();
      row.inert = true; // pressing twice says it once
      await decide(meant.line, said);
      row.inert = false;
    });
    row.append(button);
  }
  const why = one.noButtons.map((sentence) => make("p", { className: "soft" }, sentence));
  return make("div", { className: "decisions" }, row, keep, ...why, said);
}

function reasonForm(meant, row, said) {
  row.parentElement.querySelector("form.reason")?.remove();
  const field = make("input", { id: "reason", required: true, maxLength: 500, autocomplete: "off" });
  const close = make("button", { type: "button" }, "Cancel");
  const form = make("form", { className: "reason" }, make("label", { htmlFor: "reason" }, `${meant.label} because`), field, make("button", {}, meant.label), close);
  form.dataset.line = meant.line;
  close.addEventListener("click", () => form.remove());
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    form.inert = true;
    if (await decide(`${meant.line} "${field.value.replaceAll('"', "'")}"`, said)) form.remove();
    form.inert = false;
  });
  return form;
}

async function decide(line, said) {
  said.replaceChildren();
  const { isTaken, answer, problem: why } = await say(line);
  if (why) said.replaceChildren(make("p", { className: "problem" }, why));
  else if (!isTaken) said.replaceChildren(make("pre", { className: "refused" }, (await entryOf(answer)).text));
  return isTaken;
}
