// Elements. Text from the server only ever becomes a text node or an attribute: whatever it holds, it stays text.

export const $ = (id) => document.getElementById(id);

// make("p", { className: "soft" }, "text", element, ...): properties, then children; null and "" are left out.
export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return element;
}

// The same for SVG, whose properties are attributes.
export function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) element.setAttribute(key, value);
  element.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return element;
}

export const link = (href, text, properties = {}) => make("a", { href, ...properties }, text);

export const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

// An address of this page: at("timeline", { q: "vm2" }).
export function at(view, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, v]) => v)).toString();
  return `#/${view}${query ? `?${query}` : ""}`;
}

// gw1#12 -> #/changes/gw1/12
export const changeAt = (key) => `#/changes/${key.replace("#", "/")}`;

// Puts new children in the place of the old ones, and leaves the focus on the element that bears the same name.
export function replace(parent, ...children) {
  const name = parent.contains(document.activeElement) ? document.activeElement.getAttribute("data-name") : null;
  parent.replaceChildren(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  if (name) parent.querySelector(`[data-name="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
}

// Calls a function now, and once more after it when it was called again meanwhile: never two at a time, and never too few.
export function latest(work) {
  let running = null;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return running;
    }
    running = work().finally(() => {
      running = null;
      if (again) {
        again = false;
        run();
      }
    });
    return running;
  };
}

// A unified diff or any other text, line by line.
export function lines(text, kindOf = () => "") {
  return make("pre", {}, ...text.split("\n").map((line) => make("span", { className: kindOf(line) }, line + "\n")));
}

export const diffLines = (diff) =>
  lines(diff, (line) => (/^(---|\+\+\+) /.test(line) ? "file" : { "+": "added", "-": "removed", "@": "place" }[line[0]] ?? ""));
