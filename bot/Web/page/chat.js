// The room: one element a message; a second message with the key of an earlier one takes its place.

import { $, changeAt, count, diffLines, lines, link, make } from "./dom.js";
import { fetchButton } from "./private.js";
import { nextLine } from "./refused.js";
import { say as sayLine, told } from "./server.js";
import { completes } from "./completion.js";
import { clock, second } from "./times.js";

const FIRST_LINES = 6; // of a diff that is folded
const REMEMBERED = 500; // as many messages as the server keeps
const TONES = { waiting: "waiting", working: "under way", good: "done", bad: "not done" };

const room = $("room");
const field = $("line");
const shown = new Map(); // key -> { json, element }
let follows = true; // true while the reader is at the newest message

told.addEventListener("entry", (e) => show(e.detail.entry, e.detail.json));
told.addEventListener("you", () => {
  room.ariaLive = "off"; // what was there before is not read out
  setTimeout(() => (room.ariaLive = "polite"), 500);
});

function show(entry, json) {
  $("nothing").hidden = true;
  const earlier = shown.get(entry.key);
  if (earlier?.json === json) return; // sent again after a lost connection
  const opened = [...(earlier?.element.querySelectorAll("details") ?? [])].map((d) => [d.dataset.name, d.open]);
  const element = card(entry, Object.fromEntries(opened));
  if (earlier) {
    const hadFocus = earlier.element.contains(document.activeElement);
    earlier.element.replaceWith(element);
    if (hadFocus) field.focus();
  } else {
    room.append(element);
    $("newest").hidden = follows;
  }
  shown.set(entry.key, { json, element });
  if (shown.size > REMEMBERED) {
    const [key, oldest] = shown.entries().next().value;
    shown.delete(key);
    oldest.element.remove();
  }
  if (follows) toNewest();
}

// opened: which of its parts the reader has unfolded or folded, by name.
function card(entry, opened) {
  const time = make("time", { dateTime: entry.at, title: second(entry.at) }, clock(entry.at));
  const head = make("p", { className: "head" }, make("b", {}, entry.author ?? "ChatOps"), time);
  if (/^[a-z0-9-]+#\d+$/.test(entry.key)) head.append(link(changeAt(entry.key), entry.key));
  head.append(make("span", { className: "tone" }, TONES[entry.tone] ?? ""));
  const text = linked(entry.text, entry.next);
  const element = make("article", { className: `${entry.author ? "person" : "bot"} ${entry.tone}` }, head, text);
  const end = entry.folded ? unfolded(text, entry.folded, opened.routes) : text;
  if (entry.diff) element.append(...folded(entry.diff, opened.diff));
  if (entry.diff && entry.next.length && end.children.length > 1) element.append(make("pre", {}, end.lastChild)); // what to type next comes last
  const row = make("p", { className: "buttons" });
  row.append(...entry.buttons.map((b) => button(b, entry.key, row)));
  if (entry.file) row.append(fetchButton(entry.file));
  if (entry.download) row.append(link(`/export?id=${encodeURIComponent(entry.download)}`, "Save the file", { download: "" }));
  element.append(row);
  return element;
}

// What the text only counts is unfolded where it is counted: nothing need be approved unseen. Returns the text after it.
function unfolded(text, { words, lines: rest }, isOpen) {
  const rows = [...text.children];
  const place = rows.findIndex((row) => row.textContent.trim() === words);
  if (place < 0) return text;
  const details = make("details", { open: !!isOpen }, make("summary", {}, words), lines(rest.join("\n")));
  details.dataset.name = "routes";
  details.addEventListener("toggle", look);
  const after = make("pre", {}, ...rows.slice(place + 1));
  rows[place].remove();
  text.after(details, after);
  return after;
}

// Its first lines are there to be seen; all of it is, where that is hardly more.
function folded(diff, isOpen) {
  const rows = diff.trimEnd().split("\n");
  const isShort = rows.length <= FIRST_LINES + 2;
  const summary = make("summary");
  const details = make("details", { open: isOpen ?? isShort }, summary, diffLines(diff));
  details.dataset.name = "diff";
  const name = () => (summary.textContent = details.open || isShort ? "file diff" : `and ${count(rows.length - FIRST_LINES, "line")} more`);
  details.addEventListener("toggle", () => (name(), look()));
  name();
  if (isShort) return [details];
  const first = diffLines(rows.slice(0, FIRST_LINES).join("\n"));
  first.className = "beginning";
  return [first, details];
}

function button(meant, key, row) {
  const element = make("button", { type: "button", ariaLabel: `${meant.label} ${key}` }, meant.label);
  element.addEventListener("mousedown", (e) => e.preventDefault()); // leaves the focus in the field
  element.addEventListener("click", async () => {
    if (meant.asksReason) return askReason(meant, key);
    row.inert = true; // pressing twice says it once
    await say(meant.line);
    row.inert = false;
  });
  return element;
}

// What may be typed next is there to be pressed: it fills the field, and is said by whoever sends it.
function linked(text, next) {
  const all = lines(text);
  if (!next.length) return all;
  const rows = text.split("\n");
  rows.forEach((row, i) => {
    if (i === rows.length - 1 || row.startsWith("Next: ")) all.children[i].replaceChildren(...pressed(row, next), "\n");
  });
  return all;
}

function pressed(row, next) {
  const parts = [];
  for (let rest = row; rest; ) {
    const found = next.filter((n) => rest.includes(n)).sort((a, b) => rest.indexOf(a) - rest.indexOf(b) || b.length - a.length)[0];
    if (!found) return [...parts, rest];
    const place = rest.indexOf(found);
    parts.push(rest.slice(0, place), nextLine(found));
    rest = rest.slice(place + found.length);
  }
  return parts;
}

const toNewest = () => (room.scrollTop = room.scrollHeight);

function look() {
  follows = room.scrollHeight - room.scrollTop - room.clientHeight < 40;
  $("newest").hidden ||= follows;
}

room.addEventListener("scroll", look);
new ResizeObserver(() => follows && toNewest()).observe(room);
$("newest").addEventListener("click", toNewest);

// --- Saying: a line, or the reason that a button asked for.

let asking = null; // the button whose reason is being typed
let draft = ""; // what stood in the field before that, or before the Up key
const said = []; // for the Up key
let back = 0; // how far back in it the field is

function askReason(meant, key) {
  if (!asking) draft = field.value;
  setAsking(meant, `${meant.label} ${key} because ...`, "");
  field.focus();
}

function setAsking(meant, words, value) {
  asking = meant;
  $("asked").textContent = words;
  $("say").classList.toggle("asking", !!meant);
  $("cancel").hidden = !meant;
  $("send").textContent = meant?.label ?? "Send";
  field.placeholder = meant ? "reason" : "help";
  field.value = value;
}

const stopAsking = () => setAsking(null, "Line", draft);

// Puts a line into the field, for the reader to complete and to send.
export function propose(line) {
  if (asking) stopAsking();
  field.value = line;
  field.focus();
}

// True when the server took it; otherwise the reason why not is on the page.
async function say(line) {
  const { problem } = await sayLine(line);
  $("problem").textContent = problem ?? "";
  return !problem;
}

$("say").addEventListener("submit", async (e) => {
  e.preventDefault();
  const typed = field.value.trim();
  if (!typed) return;
  follows = true;
  if (asking) {
    $("send").disabled = true; // Enter twice says it once
    if (await say(`${asking.line} "${typed.replaceAll('"', "'")}"`)) stopAsking();
    $("send").disabled = false;
    return;
  }
  said.push(typed);
  back = 0;
  field.value = "";
  if (!(await say(typed)) && !field.value) field.value = typed;
});

field.addEventListener("keydown", (e) => {
  if (e.key === "Escape" && asking) stopAsking();
  if (asking || e.isComposing || (e.key !== "ArrowUp" && e.key !== "ArrowDown")) return;
  e.preventDefault();
  if (!back) draft = field.value;
  back = Math.min(Math.max(back + (e.key === "ArrowUp" ? 1 : -1), 0), said.length);
  field.value = back ? said[said.length - back] : draft;
});

completes(field, (typed) => (asking ? "" : typed), (line) => line);
$("cancel").addEventListener("click", () => (stopAsking(), field.focus()));
