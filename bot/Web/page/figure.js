// The picture of an edge with its sentence; drawn anew when there is more or less room.

import { make, replace } from "./dom.js";
import { pictureOf } from "./picture.js";

export function edgeFigure() {
  const canvas = make("div", { className: "canvas" });
  const words = make("figcaption");
  const element = make("figure", { className: "edge" }, canvas, words);
  let view = null;
  let width = 0;

  function paint() {
    if (view && width >= 40) replace(canvas, pictureOf(view, width));
  }

  new ResizeObserver(([entry]) => {
    const room = Math.min(1100, Math.floor(entry.contentRect.width));
    if (room === width) return;
    width = room;
    paint();
  }).observe(canvas);

  return {
    element,
    show(newer) {
      view = newer;
      paint();
      if (words.textContent !== view.words) words.textContent = view.words;
    },
    // It is not looked at.
    forget() {
      view = null;
      canvas.replaceChildren();
    },
  };
}
