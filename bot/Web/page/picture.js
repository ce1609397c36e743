// The picture of the edge: internet, gateways with what is open, VMs and peers, and the ways between them. Each thing is a link to its story.

import { at, count, draw } from "./dom.js";
import { minute } from "./times.js";

const NARROW = 620; // below it the internet stands above the gateway
const ROW = 28;
const HEAD = 32; // a gateway's name, above lines of LINE
const LINE = 15;
const GAP = 18;
const BOX = 40; // a VM, a peer
const BETWEEN = 8;
const SANS = "system-ui, sans-serif";
const FONTS = { mono: `600 12.5px ${getComputedStyle(document.documentElement).getPropertyValue("--mono")}`, strong: `600 13px ${SANS}`, small: `10.5px ${SANS}` }; // as in picture.css
const pen = document.createElement("canvas").getContext("2d");

// Draws what drawn() of edge.js has made, for a width in pixels.
export function pictureOf(edge, width) {
  const isNarrow = width < NARROW;
  const internet = isNarrow ? 0 : 78;
  const left = isNarrow ? 0 : internet + Math.max(36, Math.round(width * 0.06));
  const things = isNarrow ? Math.round(width * 0.34) : Math.min(210, Math.round(width * 0.24));
  const gateway = width - left - things - (isNarrow ? 28 : Math.max(60, Math.round(width * 0.1)));
  const place = { isNarrow, internet, left, things, gateway, right: width - things - 1 };
  const ways = draw("g", { class: "ways", "aria-hidden": "true" });
  const parts = [];
  let top = isNarrow ? 44 : 1;
  for (const one of edge.gateways) {
    const { part, bottom } = gatewayOf(one, top, place, ways);
    parts.push(part);
    top = bottom + GAP;
  }
  const height = Math.max(top - GAP + 1, 90);
  return draw(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": edge.words },
    ways,
    internetOf(place, height),
    ...parts,
  );
}

function internetOf({ isNarrow, internet, gateway }, height) {
  const [w, h] = isNarrow ? [gateway, 26] : [internet, height - 2];
  const word = draw("text", { x: 1 + w / 2, y: isNarrow ? 18 : Math.min(h / 2, 300), class: "middle strong" }, "internet");
  return draw("g", { class: "internet" }, draw("rect", { x: 1, y: 1, width: w - 1, height: h, rx: 6 }), word);
}

function gatewayOf(one, top, place, ways) {
  const { isNarrow, left, gateway, right, things } = place;
  const told = [one.addresses.join("  "), one.trouble[0] ?? one.heard, one.rate?.words].filter(Boolean);
  const head = HEAD + told.length * LINE;
  const rows = [...one.ports.lines];
  const hidden = one.ports.total - one.ports.shown;
  const bodyRows = Math.max(rows.length, 1) + (hidden > 0 ? 1 : 0) + (one.peers.length ? 1 : 0);
  const height = head + bodyRows * ROW + 8;
  const part = draw("g", { class: `gateway${one.trouble.length ? " bad" : ""}` });
  part.append(draw("rect", { x: left + 1, y: top, width: gateway - 2, height, rx: 8, class: "box" }), headOf(one, told, top, place));
  if (isNarrow) ways.append(way(left + gateway / 2, 27, left + gateway / 2, top, one.rate?.packets, one.trouble.length));
  else ways.append(way(place.internet, top + 30, left, top + 30, one.rate?.packets, one.trouble.length));

  // The right side: VMs at the height of what leads to them, so that few ways cross; then peers.
  const placed = new Map();
  const below = one.peers.length * (BOX + BETWEEN) + (one.vmTotal > one.vms.length ? 28 : 0) + (one.peerTotal > one.peers.length ? 28 : 0) + BETWEEN;
  const vms = [...one.vms].sort((a, b) => rank(rows, a.name) - rank(rows, b.name));
  const pause = Math.max(BETWEEN, Math.min(3 * BETWEEN, (height - below - vms.length * BOX) / Math.max(1, vms.length)));
  let y = top;
  for (const vm of vms) {
    part.append(thing(vm, "VM", vm.addresses, right, y, things));
    placed.set(vm.name, y + BOX / 2);
    y += BOX + pause;
  }
  y = more(part, one.vmTotal - vms.length, "VM", one, right, y);

  const names = Math.min(gateway * 0.4, Math.max(0, ...rows.map((p) => widthOf(p.label, "mono"))) + 40); // room for what is open, before what carries it
  rows.forEach((port, i) => {
    const middle = top + head + i * ROW + ROW / 2;
    part.append(portOf(port, one, middle, names, place));
    if (!isNarrow) ways.append(way(place.internet, middle, left, middle, port.rate?.packets, port.trouble));
    for (const vm of port.vms) if (placed.has(vm)) ways.append(way(left + gateway - 1, middle, right, placed.get(vm), port.rate?.packets, port.trouble));
  });
  if (!rows.length) part.append(draw("text", { x: left + 14, y: top + head + ROW / 2 + 4, class: "soft" }, one.ports.total ? "nothing of this name" : "nothing is open"));
  if (hidden > 0) {
    const words = draw("text", { x: left + 14, y: top + head + Math.max(rows.length, 1) * ROW + ROW / 2 + 4, class: "link" }, `and ${count(hidden, "port")} more`);
    part.append(draw("a", { href: one.ports.all, "data-name": `${one.name} more` }, words));
  }
  if (one.peers.length) {
    const middle = top + head + (bodyRows - 1) * ROW + ROW / 2;
    part.append(draw("text", { x: left + 14, y: middle + 4, class: "soft" }, "WireGuard"));
    y += vms.length ? BETWEEN : 0;
    for (const peer of one.peers) {
      part.append(thing(peer, `peer${peer.isLive ? " live" : ""}`, peer.handshake || peer.address, right, y, things));
      ways.append(way(left + gateway - 1, middle, right, y + BOX / 2, 0, peer.trouble, "tunnel"));
      y += BOX + BETWEEN;
    }
    y = more(part, one.peerTotal - one.peers.length, "peer", one, right, y);
  }
  return { part, bottom: Math.max(top + height, y - BETWEEN) };
}

// Where the ports that lead to a VM stand, on average; behind all others when none does.
function rank(rows, vm) {
  const places = rows.flatMap((p, i) => (p.vms.includes(vm) ? [i] : []));
  return places.length ? places.reduce((a, b) => a + b) / places.length : rows.length;
}

// told: its addresses, how it is, and what passes, as far as that is known.
function headOf(one, told, top, { left, gateway }) {
  const story = `gateway ${one.name}`;
  const label = [one.name, "gateway", `revision ${one.revision}`, one.mirrors && `mirrors ${one.mirrors}`, one.heard, one.rate?.words, ...one.trouble, "its story"];
  const room = gateway - 28;
  const after = widthOf(shortened(one.name, room * 0.6, "strong"), "strong") + 10;
  return linked(
    { href: at("timeline", { q: story }), "aria-label": label.filter(Boolean).join(", "), "data-name": story },
    [
      draw("rect", { x: left + 2, y: top + 1, width: gateway - 4, height: HEAD + told.length * LINE - 6, rx: 7, class: "hit" }),
      fit(one.name, room * 0.6, { x: left + 14, y: top + 20, class: "strong" }),
    ],
    fit(`revision ${one.revision}${one.mirrors ? `, mirrors ${one.mirrors}` : ""}`, room - after, { x: left + 14 + after, y: top + 20, class: "soft" }),
    ...told.map((words, i) => fit(words, room, { x: left + 14, y: top + 36 + i * LINE, class: words === one.trouble[0] ? "trouble" : "soft" })),
    draw("line", { x1: left + 10, x2: left + gateway - 10, y1: top + HEAD + told.length * LINE - 3, y2: top + HEAD + told.length * LINE - 3, class: "rule" }),
  );
}

function portOf(port, one, middle, names, { isNarrow, left, gateway }) {
  const detail = [port.from && `from ${port.from}`, port.until && `until ${minute(port.until)}`, port.detail].filter(Boolean).join(", ");
  const label = [
    port.label,
    detail,
    `carried by ${port.engines.join(" and ")}`,
    port.tls && `TLS, certificate ${port.tls}`,
    `leads to ${port.targets}`,
    port.rate?.words,
    port.trouble && `in trouble: ${port.trouble}`,
    port.href ? "look closer" : "its story",
  ];
  const rate = port.rate ? short(port.rate.packets) : "";
  const x = left + 14;
  const aside = { x: left + names + 14, y: middle + 4, class: port.trouble ? "trouble" : "soft" };
  const name = !isNarrow ? names : rate ? gateway - 70 : gateway - 24;
  return linked(
    {
      href: port.href ?? at("timeline", { q: port.story }),
      class: `port${port.trouble ? " bad" : ""}`,
      "aria-label": label.filter(Boolean).join(", "),
      "data-name": `${one.name} ${port.label} ${port.targets}`,
    },
    [
      draw("rect", { x: left + 6, y: middle - ROW / 2 + 2, width: gateway - 12, height: ROW - 4, rx: 4, class: "hit" }),
      port.tls ? lock(x, middle) : "",
      fit(port.label, name - 20, { x: x + (port.tls ? 15 : 0), y: middle + 4, class: "mono" }),
    ],
    isNarrow ? "" : fit(port.trouble ?? [port.engines.join(", "), detail].filter(Boolean).join(" · "), gateway - name - 90, aside),
    draw("text", { x: left + gateway - 14, y: middle + 4, class: "end rate" }, rate),
  );
}

function thing(one, kind, second, x, y, width) {
  const words = [one.name, kind.split(" ")[0], one.addresses || one.address, one.handshake, one.traffic, one.trouble && `in trouble: ${one.trouble}`, "its story"];
  return linked(
    { href: at("timeline", { q: one.story }), "aria-label": words.filter(Boolean).join(", "), "data-name": one.story },
    [
      draw("rect", { x, y, width: width - 1, height: BOX, rx: 6, class: `box ${kind}${one.trouble ? " bad" : ""}` }),
      draw("circle", { cx: x + 12, cy: y + 14, r: 4, class: `dot ${kind}${one.trouble ? " bad" : ""}` }),
      fit(one.name, width - 30, { x: x + 22, y: y + 18, class: "strong" }),
    ],
    fit(one.trouble ?? second, width - 28, { x: x + 22, y: y + 32, class: one.trouble ? "trouble small" : "soft small" }),
  );
}

// A thing is a link that is called what stands on it, and says the rest too. What else stands there is beside it, for eyes only.
function linked(attributes, label, ...asides) {
  const isCut = [...label, ...asides].some((part) => part.querySelector?.("title"));
  if (isCut) label.push(draw("title", {}, attributes["aria-label"]));
  return draw("g", {}, draw("a", attributes, ...label), draw("g", { class: "asides", "aria-hidden": "true" }, ...asides));
}

function more(part, number, noun, one, x, y) {
  if (number <= 0) return y;
  const words = draw("text", { x: x + 4, y: y + 14, class: "link" }, `and ${count(number, noun)} more`);
  part.append(draw("a", { href: one.all, "data-name": `${one.name} more ${noun}` }, words));
  return y + 20 + BETWEEN;
}

// Thicker for more packets; moving while there are any.
function way(x1, y1, x2, y2, packets = 0, bad = null, kind = "") {
  const bend = (x2 - x1) / 2;
  const d = x1 === x2 || y1 === y2 ? `M${x1},${y1} L${x2},${y2}` : `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
  const all = draw("g", { class: `way ${kind}${bad ? " bad" : ""}` }, draw("path", { d, "stroke-width": (1 + Math.min(4, Math.log10(1 + packets))).toFixed(1) }));
  if (packets > 0 && !bad) all.append(draw("path", { d, class: "flow", "stroke-width": 1.5 }));
  return all;
}

const lock = (x, y) =>
  draw("g", { class: "lock" }, draw("rect", { x, y: y - 2, width: 10, height: 7, rx: 1.5 }), draw("path", { d: `M${x + 2},${y - 2} v-2 a3,3 0 0 1 6,0 v2`, fill: "none" }));

export function short(packets) {
  if (packets >= 1e6) return `${(packets / 1e6).toFixed(1)} M/s`;
  if (packets >= 1000) return `${(packets / 1000).toFixed(1)} k/s`;
  return `${packets >= 10 || packets === 0 ? Math.round(packets) : packets.toFixed(1)}/s`;
}

// A text that fits into a width: where it is too long for that it ends in an ellipsis, and all of it is its title.
function fit(text, width, attributes) {
  const shown = shortened(text, width, attributes.class);
  return draw("text", attributes, shown, shown === text ? "" : draw("title", {}, text));
}

function shortened(text, width, style) {
  const whole = widthOf(text, style);
  if (whole <= width) return text;
  let most = Math.max(1, Math.floor((text.length * width) / whole));
  while (most > 1 && widthOf(`${text.slice(0, most)}…`, style) > width) most--;
  return `${text.slice(0, most)}…`;
}

function widthOf(text, style) {
  pen.font = FONTS[style.split(" ").find((c) => c in FONTS)] ?? `12px ${SANS}`;
  return pen.measureText(text).width;
}
