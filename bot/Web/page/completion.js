// What a line so far may become, offered by the browser's own list, which a keyboard and a screen reader know.

import { make } from "./dom.js";
import { ask } from "./server.js";

let lists = 0;

// lineOf makes the line of what is typed ("" for nothing to offer), and textOf what is typed of a whole line.
export function completes(field, lineOf, textOf) {
  const list = make("datalist", { id: `completions-${++lists}` });
  field.after(list);
  field.setAttribute("list", list.id);
  let newest = 0;
  field.addEventListener("input", async () => {
    const mine = ++newest;
    const line = lineOf(field.value);
    const found = line ? await ask("suggest", { line }).catch(() => null) : null;
    if (mine === newest) list.replaceChildren(...(found?.lines ?? []).map((l) => make("option", { value: textOf(l) })));
  });
}
