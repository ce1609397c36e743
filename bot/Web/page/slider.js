// A slider through time: it stops at each moment at which the edge became another, and at now.

import { changeAt, latest, link, make } from "./dom.js";
import { ask } from "./server.js";

// moved({ at }) is called with the time to show, "" for now, while the slider is dragged; chosen too when it is let go.
export function timeSlider(moved, chosen) {
  const range = make("input", { type: "range", min: 0, max: 0, value: 0, className: "time", ariaLabel: "Time" });
  const words = make("output", { className: "moment" }, "now");
  const now = make("button", { type: "button", className: "to-now", hidden: true }, "Back to now");
  const element = make("div", { className: "slider" }, range, words, now);
  let moments = [];
  let time = "";

  function tell() {
    const moment = moments[range.valueAsNumber];
    const text = moment ? `${moment.time}, ${moment.change} ${moment.headline}` : time ? `as of ${time}` : "now";
    range.setAttribute("aria-valuetext", text);
    words.replaceChildren(...(moment ? [moment.time, " ", link(changeAt(moment.change), moment.change), ` ${moment.headline}`] : [text]));
    now.hidden = !time;
  }

  function place() {
    range.max = moments.length;
    const found = moments.findLastIndex((m) => Date.parse(m.at) <= Date.parse(time));
    range.value = time ? Math.max(found, 0) : moments.length;
    tell();
  }

  range.addEventListener("input", () => {
    time = moments[range.valueAsNumber]?.at ?? "";
    tell();
    moved(time);
  });
  range.addEventListener("change", () => chosen(time));
  now.addEventListener("click", () => {
    range.value = range.max;
    range.dispatchEvent(new Event("input"));
    range.dispatchEvent(new Event("change"));
    range.focus();
  });

  const load = latest(async () => {
    const found = await ask("moments").catch(() => null);
    if (!found) return;
    moments = found.moments;
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
