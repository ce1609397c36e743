// A "no" of the server: its sentence, and the lines that would work as something to press.

import { at, link, make } from "./dom.js";

// Lines that ask the log lead to the timeline, others into the chat's field.
export function refused(refusal) {
  const next = refusal.next.map((line) => nextLine(line));
  const all = make("div", { className: "refused" }, make("p", {}, refusal.sentence));
  if (next.length) all.append(make("p", { className: "next" }, "Next: ", ...next.flatMap((n, i) => (i ? [", ", n] : [n]))));
  return all;
}

export function nextLine(line) {
  if (line === "audit") return link(at("timeline"), line);
  if (line.startsWith("audit ")) return link(at("timeline", { q: line.slice(6) }), line);
  return link(at("chat", { line }), line);
}

export function problem(error) {
  return make("p", { className: "problem", role: "alert" }, error.message);
}
