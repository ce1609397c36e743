// What else there is, as tables: machines and rules.

import { at, count, link, make } from "./dom.js";

const MOST = 500;

// find narrows it to what has that in its name.
export function tablesOf(edge, find = "") {
  const named = edge.gateways.length > 1;
  const isMeant = (one) => (one.name ?? one.text).toLowerCase().includes(find.toLowerCase());
  const rows = (of) => edge.gateways.flatMap((g) => of(g).filter(isMeant).map((one) => [named ? g.name : null, one]));
  return [
    table("Machines", [named && "Gateway", "Name", "Kind", "Address", "State"], [
      ...rows((g) => g.vms).map(([gateway, v]) => [gateway, link(at("timeline", { q: v.story }), v.name), "VM", v.addresses, state(v.trouble, "")]),
      ...rows((g) => g.peers).map(([gateway, p]) => [gateway, link(at("timeline", { q: p.story }), p.name), "peer", p.address, state(p.trouble, [p.handshake, p.traffic].filter(Boolean).join(", "))]),
    ]),
    table("Rules", [named && "Gateway", "Rule", "Means"], rows((g) => g.rules).map(([gateway, r]) => [gateway, make("code", {}, r.text), r.words])),
  ].filter(Boolean);
}

const state = (trouble, otherwise) => (trouble ? make("span", { className: "trouble" }, trouble) : otherwise);

function table(caption, heads, rows) {
  if (!rows.length) return null;
  const head = make("tr", {}, ...heads.filter(Boolean).map((h) => make("th", { scope: "col" }, h)));
  const body = rows.slice(0, MOST).map((cells) => make("tr", {}, ...cells.filter((c) => c !== null).map((c) => make("td", {}, c))));
  const more = rows.length > MOST ? make("p", { className: "soft" }, `and ${count(rows.length - MOST, "row")} more: find one by its name`) : null;
  const all = make("table", {}, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body));
  return make("div", { className: "scrolls", tabIndex: 0, role: "region", ariaLabel: caption }, all, more);
}
