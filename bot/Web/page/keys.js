// Keys for whoever would rather not reach for a mouse. They mean nothing while something is typed.

import { $ } from "./dom.js";

const FIELDS = "input, textarea, select, [contenteditable]";

addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  if (e.key === "?") $("keys").showModal();
  else if (e.key === "/") finder().focus();
  else return;
  e.preventDefault();
});

function finder() {
  const field = document.querySelector("#views section:not([hidden]) input[type=search]");
  return field?.checkVisibility() ? field : $("line");
}
