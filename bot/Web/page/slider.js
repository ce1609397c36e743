// A slider through time: it stops at the moments at which the edge became another, and at now; and a field for any other time.

import { changeAt, count, latest, link, make } from "./dom.js";
import { ask } from "./server.js";

// moved({ at }) is called with the time to show, "" for now, while the slider is dragged; chosen too when it is let go.
export function timeSlider(moved, chosen) {
  const range = make("input", { type: "range", min: 0, max: 0, value: 0, className: "time", ariaLabel: "Time" });
  const words = make("output", { className: "moment" });
  const now = make("button", { type: "button", className: "to-now", hidden: true }, "Back to now");
  const oldest = make("span", { className: "oldest soft" });
  const date = make("input", { className: "date", placeholder: "7d, 2026-11-01", ariaLabel: "As it was at", autocomplete: "off" });
  const element = make("div", { className: "slider" }, oldest, range, date, now, words);
  let moments = [];
  let total = 0;
  let time = "";

  function tell() {
    const moment = moments[range.valueAsNumber];
    const text = moment ? `${moment.time}, ${moment.change} ${moment.headline}` : time ? `as of ${time}` : "now";
    range.setAttribute("aria-valuetext", text);
    words.replaceChildren(...(moment ? [moment.time, " ", link(changeAt(moment.change), moment.change), ` ${moment.headline}`] : time ? [text] : []));
    now.hidden = !time;
    oldest.textContent = moments[0]?.time.slice(0, 10) ?? "";
    oldest.title = total > moments.length ? `${count(total, "change")}; the slider stops at ${moments.length.toLocaleString("en")} of them` : "";
    if (date !== document.activeElement) date.value = moment?.time.slice(0, 16) ?? (time.includes("T") ? "" : time);
  }

  function place() {
    range.max = moments.length;
    const isExact = time.includes("T"); // as a moment is; what was typed is by the reader's clock
    const isTyped = !isExact && !/^\d{4}-/.test(time); // 7d, yesterday: the program knows when that is
    const found = isTyped ? -1 : moments.findLastIndex((m) => (isExact ? Date.parse(m.at) <= Date.parse(time) : m.time <= time));
    range.value = time ? Math.max(found, 0) : moments.length;
    tell();
  }

  range.addEventListener("input", () => {
    time = moments[range.valueAsNumber]?.at ?? "";
    tell();
    moved(time);
  });
  range.addEventListener("change", () => chosen(time));
  date.addEventListener("change", () => {
    time = date.value.trim();
    moved(time);
    chosen(time);
    place();
    if (time) words.textContent = `as of ${time}`;
  });
  now.addEventListener("click", () => {
    range.value = range.max;
    range.dispatchEvent(new Event("input"));
    range.dispatchEvent(new Event("change"));
    range.focus();
  });

  const load = latest(async () => {
    const found = await ask("moments").catch(() => null);
    if (!found) return;
    [moments, total] = [found.moments, found.total];
    place();
  });
  return {
    element,
    load,
    set(value) {
      time = value;
      place();
    },
  };
}
