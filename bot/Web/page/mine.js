// What waits for this reader's own consent: as a number at "Changes" and in the title, and as a notification for whoever has allowed that.

import { $, changeAt } from "./dom.js";
import { ask } from "./server.js";

let asked = -1; // how far the log was when it was last asked
let known = null; // the keys that were told of
let title = document.title;
let waiting = 0;

export function titled(text) {
  title = text;
  document.title = waiting ? `(${waiting}) ${title}` : title;
}

export async function counted({ log }) {
  if (log === asked) return;
  asked = log;
  const found = await ask("mine").catch(() => null);
  if (!found) return;
  waiting = found.mine.length;
  const badge = $("mine");
  badge.hidden = !waiting;
  badge.textContent = waiting;
  badge.title = `${waiting} wait${waiting === 1 ? "s" : ""} for you`;
  titled(title);
  navigator.setAppBadge?.(waiting).catch(() => {});
  const newer = known ? found.mine.filter((m) => !known.has(m.key)) : [];
  known = new Set(found.mine.map((m) => m.key));
  for (const one of newer) notify(one);
  offer();
}

function notify(one) {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  const told = new Notification(`${one.key} waits for you`, { body: `${one.headline}, by ${one.by}`, tag: one.key });
  told.addEventListener("click", () => {
    focus();
    location.hash = changeAt(one.key).slice(1);
    told.close();
  });
}

// Asked only of whoever something has waited for, and never twice.
function offer() {
  $("notify").hidden = !waiting || !("Notification" in window) || Notification.permission !== "default";
}

$("notify").addEventListener("click", async () => {
  await Notification.requestPermission();
  offer();
});
