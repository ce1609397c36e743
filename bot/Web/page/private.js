// A file with a secret: asked for once, shown here and nowhere else, forgotten when it is closed.

import { $, make } from "./dom.js";

export function fetchButton(id) {
  const element = make("button", { type: "button" }, "Fetch it");
  element.addEventListener("click", async () => {
    element.disabled = true;
    try {
      const answer = await fetch(`/file?id=${encodeURIComponent(id)}`, { method: "POST" });
      if (answer.ok) open(await answer.json());
      else $("problem").textContent = await answer.text();
    } catch {
      element.disabled = false;
      $("problem").textContent = "No connection to ChatOps: the file was not fetched.";
    }
  });
  return element;
}

function open(file) {
  $("private-name").textContent = file.name;
  $("private-content").textContent = file.content;
  $("private-code").setAttribute("viewBox", `0 0 ${file.size} ${file.size}`);
  $("private-code").firstElementChild.setAttribute("d", file.path);
  $("private-save").href = URL.createObjectURL(new Blob([file.content], { type: "application/octet-stream" }));
  $("private-save").download = file.name;
  $("private").showModal();
}

$("private-close").addEventListener("click", () => $("private").close());
$("private").addEventListener("close", () => {
  URL.revokeObjectURL($("private-save").href);
  $("private-save").removeAttribute("href");
  $("private-content").textContent = $("private-name").textContent = "";
  $("private-code").firstElementChild.removeAttribute("d");
});
