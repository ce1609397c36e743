// The page of the room. Text from the server is only ever set as textContent: whatever a line holds, it stays text.

const REMEMBERED = 500; // as many messages as the server keeps
const TONES = { waiting: "waiting", working: "under way", good: "done", bad: "not done" };

const $ = (id) => document.getElementById(id);
const room = $("room");
const field = $("line");

// --- Messages: one element a key; a second message with the key of an earlier one takes its place.

const shown = new Map(); // key -> { json, element }
let follows = true; // true while the reader is at the newest message

function show(json) {
  const entry = JSON.parse(json);
  const earlier = shown.get(entry.key);
  if (earlier?.json === json) return; // sent again after a lost connection
  const element = card(entry, earlier?.element.querySelector("details")?.open);
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

function card(entry, isOpen) {
  const at = new Date(entry.at);
  const time = Object.assign(make("time", "", clock(at)), { dateTime: entry.at, title: at.toLocaleString() });
  const head = make("p", "head");
  head.append(make("b", "", entry.author ?? "ChatOps"), time, make("span", "tone", TONES[entry.tone] ?? ""));
  const element = make("article", `${entry.author ? "person" : "bot"} ${entry.tone}`);
  element.append(head, lines(entry.text, () => ""));
  if (entry.diff) element.append(folded(entry.diff, isOpen));
  const row = make("p", "buttons");
  row.append(...entry.buttons.map((b) => button(b, entry.key, row)));
  if (entry.file) row.append(fetchButton(entry.file));
  if (entry.download) row.append(Object.assign(make("a", "", "Save the file"), { href: `/export?id=${encodeURIComponent(entry.download)}`, download: "" }));
  element.append(row);
  return element;
}

// --- A file with a secret: asked for once, shown here and nowhere else, forgotten when it is closed.

function fetchButton(id) {
  const element = Object.assign(make("button", "", "Fetch it"), { type: "button" });
  element.addEventListener("click", async () => {
    element.disabled = true;
    try {
      const answer = await fetch(`/file?id=${encodeURIComponent(id)}`, { method: "POST" });
      if (answer.ok) open(await answer.json());
      else $("problem").textContent = await answer.text();
    } catch {
      element.disabled = false;
      $("problem").textContent = "No connection to ChatOps: the file was not fetched.";
    }
  });
  return element;
}

function open(file) {
  $("private-name").textContent = file.name;
  $("private-content").textContent = file.content;
  $("private-code").setAttribute("viewBox", `0 0 ${file.size} ${file.size}`);
  $("private-code").firstElementChild.setAttribute("d", file.path);
  $("private-save").href = URL.createObjectURL(new Blob([file.content], { type: "application/octet-stream" }));
  $("private-save").download = file.name;
  $("private").showModal();
}

$("private-close").addEventListener("click", () => $("private").close());
$("private").addEventListener("close", () => {
  URL.revokeObjectURL($("private-save").href);
  $("private-save").removeAttribute("href");
  $("private-content").textContent = $("private-name").textContent = "";
  $("private-code").firstElementChild.removeAttribute("d");
});

function folded(diff, isOpen) {
  const details = Object.assign(make("details"), { open: isOpen ?? false });
  const kindOf = (line) => (/^(---|\+\+\+) /.test(line) ? "file" : { "+": "added", "-": "removed", "@": "place" }[line[0]] ?? "");
  details.addEventListener("toggle", look);
  details.append(make("summary", "", "file diff"), lines(diff, kindOf));
  return details;
}

function lines(text, kindOf) {
  const all = make("pre");
  all.append(...text.split("\n").map((line) => make("span", kindOf(line), line + "\n")));
  return all;
}

function button(meant, key, row) {
  const element = Object.assign(make("button", "", meant.label), { type: "button", ariaLabel: `${meant.label} ${key}` });
  element.addEventListener("mousedown", (e) => e.preventDefault()); // leaves the focus in the field
  element.addEventListener("click", async () => {
    if (meant.asksReason) return ask(meant, key);
    row.inert = true; // pressing twice says it once
    await say(meant.line);
    row.inert = false;
  });
  return element;
}

function make(name, className = "", text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

function clock(at) {
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return at.toDateString() === new Date().toDateString() ? time : `${at.toLocaleDateString()} ${time}`;
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

function ask(meant, key) {
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

// True when the server took it; otherwise the reason why not is on the page.
async function say(line) {
  let problem = "";
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/say", { method: "POST", headers, body: JSON.stringify({ line }) });
    if (!answer.ok) problem = (await answer.text()) || `ChatOps failed over this line (status ${answer.status}); the terminal says why.`;
  } catch {
    problem = "No connection to ChatOps: this line may not have been sent.";
  }
  $("problem").textContent = problem;
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

$("cancel").addEventListener("click", () => (stopAsking(), field.focus()));
$("sign-out").addEventListener("click", async () => {
  await fetch("/sign-out", { method: "POST" }).catch(() => {});
  location.reload();
});

// --- Connection

let known = null; // which room this page shows

function follow() {
  const events = new EventSource("/room");
  events.addEventListener("you", (e) => {
    const you = JSON.parse(e.data);
    if ((known ??= you.room) !== you.room) return location.reload(); // ChatOps was started anew
    $("you").textContent = `${you.name} (${you.roles.join(", ") || "no role"})`;
    connection("connected");
    room.ariaLive = "off"; // what was there before is not read out
    setTimeout(() => (room.ariaLive = "polite"), 500);
  });
  events.addEventListener("message", (e) => show(e.data));
  events.addEventListener("error", async () => {
    connection("reconnecting...");
    if (events.readyState !== EventSource.CLOSED) return;
    const page = await fetch("/").catch(() => null);
    if (page?.status === 401) connection("signed out; use a sign-in link from the terminal");
    else setTimeout(follow, 3000);
  });
}

function connection(words) {
  $("connection").textContent = words;
  $("connection").classList.toggle("lost", words !== "connected");
}

follow();
