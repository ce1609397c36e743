// The picture's content as tables: for screen readers, for copying, and for whoever would rather read.

import { at, changeAt, link, make } from "./dom.js";

export function tablesOf(edge) {
  const named = edge.gateways.length > 1;
  const rows = (of) => edge.gateways.flatMap((g) => of(g).map((one) => [named ? g.name : null, one]));
  return [
    table("Open ports", [named && "Gateway", "Port", "Carried by", "TLS", "Leads to", "Traffic", "State", "Change"], rows((g) => g.ports.lines).map(([gateway, p]) => [
      gateway,
      make("span", {}, link(at("timeline", { q: p.story }), p.label), p.detail ? ` ${p.detail}` : ""),
      p.engines.join(", "),
      p.tls ?? "no",
      p.targets,
      p.rate?.words ?? (edge.isNow ? "not counted by itself" : ""),
      state(p.trouble, "open"),
      p.change ? link(changeAt(p.change), p.change) : "",
    ])),
    table("Machines", [named && "Gateway", "Name", "Kind", "Address", "State"], [
      ...rows((g) => g.vms).map(([gateway, v]) => [gateway, link(at("timeline", { q: v.story }), v.name), "VM", v.addresses, state(v.trouble, v.ports ? "open ports lead to it" : "nothing leads to it")]),
      ...rows((g) => g.peers).map(([gateway, p]) => [gateway, link(at("timeline", { q: p.story }), p.name), "peer", p.address, state(p.trouble, [p.handshake, p.traffic].filter(Boolean).join(", "))]),
    ]),
    table("Rules", [named && "Gateway", "Rule", "Means"], rows((g) => g.rules).map(([gateway, r]) => [gateway, make("code", {}, r.text), r.words])),
  ].filter(Boolean);
}

const state = (trouble, otherwise) => (trouble ? make("span", { className: "trouble" }, trouble) : otherwise);

function table(caption, heads, rows) {
  if (!rows.length) return null;
  const head = make("tr", {}, ...heads.filter(Boolean).map((h) => make("th", { scope: "col" }, h)));
  const body = rows.map((cells) => make("tr", {}, ...cells.filter((c) => c !== null).map((c) => make("td", {}, c))));
  return make("div", { className: "scrolls", tabIndex: 0, role: "region", ariaLabel: caption }, make("table", {}, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body)));
}
