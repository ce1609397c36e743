// The page: four views with addresses (#/now, #/changes/gw1/12, #/timeline?q=vm2, #/chat), and the stream that tells them to look again.

import { $ } from "./dom.js";
import "./keys.js";
import { counted, titled } from "./mine.js";
import { follow, told } from "./server.js";
import { wanted } from "./wanted.js";
import { propose } from "./chat.js";
import { changesView } from "./changes.js";
import { nowView } from "./now.js";
import { timelineView } from "./timeline.js";

const views = { now: nowView($("now")), changes: changesView($("changes")), timeline: timelineView($("timeline")), chat: chatView() };
const isBeside = matchMedia("(width >= 75rem)"); // as in style.css
let current = null;

function chatView() {
  return {
    title: () => "Chat",
    show(rest, parameters) {
      const line = parameters.get("line");
      if (!line) return;
      history.replaceState(null, "", "#/chat");
      propose(line);
    },
    changed() {},
    hide() {},
  };
}

function go() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/").map(decodeURIComponent);
  if (!Object.hasOwn(views, name)) return history.replaceState(null, "", "#/now"), go();
  const parameters = new URLSearchParams(query ?? "");
  if (name === "chat" && current && current !== "chat" && isBeside.matches && parameters.has("line")) {
    propose(parameters.get("line")); // the chat is on the screen already
    return history.back();
  }
  const isOther = current !== name;
  if (isOther && current) views[current].hide();
  const moves = isOther && current;
  current = name;
  document.body.dataset.view = name;
  for (const view of ["now", "changes", "timeline"]) $(view).hidden = view !== name;
  for (const a of document.querySelectorAll("nav a")) {
    if (a.getAttribute("href") === `#/${name}`) a.setAttribute("aria-current", "page");
    else a.removeAttribute("aria-current");
  }
  views[name].show(rest, parameters);
  titled(`${views[name].title()} - ChatOps`);
  if (moves) (name === "chat" ? $("line") : $(name).querySelector("h2"))?.focus({ preventScroll: true });
}

addEventListener("hashchange", go);
told.addEventListener("changed", (e) => (views[current].changed(e.detail), counted(e.detail)));
told.addEventListener("you", (e) => {
  $("you").textContent = `${e.detail.name} (${e.detail.roles.join(", ") || "no role"})`;
  $("program").textContent = `version ${e.detail.version}`;
});
told.addEventListener("connection", (e) => {
  $("connection").textContent = e.detail.words;
  $("connection").classList.toggle("lost", !e.detail.isUp);
});

$("sign-out").addEventListener("click", async () => {
  const answer = await fetch("/sign-out", { method: "POST" }).catch(() => null);
  location.href = answer?.ok ? await answer.text() : "/";
});

if (!location.hash && wanted()) history.replaceState(null, "", wanted(true));
go();
follow();
