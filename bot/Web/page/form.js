// A form to open a port. It does nothing of its own: it writes the line that one would type, as it is filled in, and says that.

import { at, link, make } from "./dom.js";
import { entryOf, say } from "./server.js";

const LASTS = { "": "until it is closed", "1h": "for 1 hour", "8h": "for 8 hours", "1d": "for 1 day", "7d": "for 7 days", "30d": "for 30 days" };

export function openForm() {
  const names = make("datalist", { id: "form-vms" });
  const vm = field("form-vm", "VM", { placeholder: "vm2" });
  vm.input.setAttribute("list", names.id);
  const port = field("form-port", "Its port", { placeholder: "8080", inputMode: "numeric" });
  const on = field("form-on", "Open on", { placeholder: "80, 53/udp or app.example.com" });
  const from = field("form-from", "For whom", { placeholder: "anywhere, or 203.0.113.0/24" });
  const lasts = make("select", { id: "form-for" }, ...Object.entries(LASTS).map(([value, words]) => make("option", { value }, words)));
  const why = field("form-why", "Because", { placeholder: "launch of the shop", maxLength: 500 });
  const line = make("output", { className: "line" });
  const send = make("button", { className: "send" }, "Propose");
  const edit = link("#/chat", "Edit in the chat");
  const said = make("div", { role: "alert" });
  const form = make(
    "form",
    { className: "opens" },
    vm.element,
    port.element,
    on.element,
    from.element,
    make("p", {}, make("label", { htmlFor: lasts.id }, "How long"), lasts),
    why.element,
    names,
    make("p", { className: "written" }, make("span", { className: "soft" }, "The line: "), line),
    make("p", { className: "buttons" }, send, edit),
    said,
  );
  const element = make("details", { className: "opener" }, make("summary", {}, "Open a port"), form);
  let gateways = [];

  function write() {
    const of = (f, otherwise) => f.input.value.trim() || otherwise;
    const where = gateways.filter((g) => !g.mirrors && g.vms.some((v) => v.name === vm.input.value.trim()));
    const parts = [
      `expose ${of(vm, "VM")}:${of(port, "PORT")} on ${of(on, of(port, "PORT"))}`,
      from.input.value.trim() && `from ${from.input.value.replaceAll(" ", "")}`,
      lasts.value && `for ${lasts.value}`,
      where.length > 1 && `at ${where[0].name}`,
      why.input.value.trim() && `because "${why.input.value.trim().replaceAll('"', "'")}"`,
    ];
    const isDone = vm.input.value.trim() && port.input.value.trim();
    send.disabled = !isDone;
    line.textContent = parts.filter(Boolean).join(" ");
    edit.href = atChat(line.textContent);
  }

  form.addEventListener("input", write);
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    form.inert = true;
    const { isTaken, answer, problem } = await say(line.textContent);
    form.inert = false;
    if (problem) return said.replaceChildren(make("p", { className: "problem" }, problem));
    if (!isTaken) return said.replaceChildren(make("pre", { className: "refused" }, (await entryOf(answer)).text));
    form.reset();
    write();
    said.replaceChildren();
    element.open = false;
    location.hash = "#/changes";
  });

  return {
    element,
    // Only for who may say the line, and of what is there now.
    show(edge) {
      gateways = edge.gateways;
      element.hidden = !edge.isNow || !edge.may.includes("expose") || !gateways.some((g) => g.vms.length);
      const vms = [...new Set(gateways.flatMap((g) => g.vms.map((v) => v.name)))];
      if (names.childElementCount !== vms.length) names.replaceChildren(...vms.map((value) => make("option", { value })));
      write();
    },
  };
}

const atChat = (text) => at("chat", { line: text });

function field(id, words, properties) {
  const input = make("input", { id, autocomplete: "off", autocapitalize: "off", spellcheck: false, ...properties });
  return { input, element: make("p", {}, make("label", { htmlFor: id }, words), input) };
}
