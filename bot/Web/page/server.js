// What this page asks and says, and what it is told as it happens.

import { keepTime } from "./times.js";

export const told = new EventTarget(); // "you", "changed", "entry", "connection"

const entries = new Map(); // the messages of the room by key, for who waits for one

// Asks for something; what comes back is the answer, or { refusal }. Throws when there is none.
export async function ask(name, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, v]) => v));
  let answer;
  try {
    answer = await fetch(`/api/${name}?${query}`);
  } catch {
    throw new Error("No connection to ChatOps.");
  }
  if (!answer.ok) throw new Error((await answer.text()) || `ChatOps failed over this (status ${answer.status}); the terminal says why.`);
  return answer.json();
}

// Says a line as it could be typed. { isTaken, answer }: the key of the message that answers it; or { problem }.
export async function say(line) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/say", { method: "POST", headers, body: JSON.stringify({ line }) });
    if (answer.ok) return await answer.json();
    return { problem: (await answer.text()) || `ChatOps failed over this line (status ${answer.status}); the terminal says why.` };
  } catch {
    return { problem: "No connection to ChatOps: this line may not have been sent." };
  }
}

// The message with a key, as soon as it is in the room.
export function entryOf(key) {
  if (entries.has(key)) return Promise.resolve(entries.get(key));
  return new Promise((resolve) => {
    told.addEventListener("entry", function look(e) {
      if (e.detail.entry.key !== key) return;
      told.removeEventListener("entry", look);
      resolve(e.detail.entry);
    });
  });
}

// The newest message that a test is true of, or undefined.
export const newestEntry = (isMeant) => [...entries.values()].reverse().find(isMeant);

let known = null; // which room this page shows

export function follow() {
  const events = new EventSource("/room");
  events.addEventListener("you", (e) => {
    const you = JSON.parse(e.data);
    if ((known ??= you.room) !== you.room) return location.reload(); // ChatOps was started anew
    keepTime(you.zone, you.now);
    tell("you", you);
    tell("connection", { isUp: true, words: "connected" });
  });
  events.addEventListener("changed", (e) => tell("changed", JSON.parse(e.data)));
  events.addEventListener("message", (e) => {
    const entry = JSON.parse(e.data);
    entries.delete(entry.key);
    entries.set(entry.key, entry);
    tell("entry", { entry, json: e.data });
  });
  events.addEventListener("error", async () => {
    tell("connection", { isUp: false, words: "reconnecting..." });
    if (events.readyState !== EventSource.CLOSED) return;
    const page = await fetch("/").catch(() => null);
    if (page?.status === 401) tell("connection", { isUp: false, words: "signed out; load the page anew" });
    else setTimeout(follow, 3000);
  });
}

function tell(type, detail) {
  told.dispatchEvent(new CustomEvent(type, { detail }));
}
