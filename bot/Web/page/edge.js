// The edge as rows: what is open with what is heard of it, filtered, sorted, and together by where it leads when there is much of it.

import { at, count } from "./dom.js";
import { DAY, isSoon, now } from "./times.js";

export const MOST_ONE_BY_ONE = 40; // as many ports a gateway are drawn one by one
const MOST_GROUPS = 40;
const MOST_RANGES = 6;

// The picture of the log and what was last heard, as one.
export function together(edge, live) {
  const heard = new Map((live?.gateways ?? []).map((g) => [g.name, g]));
  const gateways = edge.gateways.map((g) => {
    const of = heard.get(g.name);
    return {
      ...g,
      heard: of?.heard ?? "",
      isFolder: !!of?.isFolder,
      rate: of?.rate ?? null,
      rates: of?.ports ?? null,
      countedSince: of?.countedSince ?? null,
      trouble: of?.trouble ?? g.trouble,
      peers: g.peers.map((p) => ({ ...p, story: `peer ${p.name} at ${g.name}`, handshake: "", traffic: "", ...of?.peers[p.name] })),
      vms: g.vms.map((v) => ({ ...v, story: `vm ${v.name} at ${g.name}` })),
    };
  });
  return { ...edge, gateways, rows: gateways.flatMap((g) => g.ports.map((p) => rowOf(g, p))) };
}

function rowOf(g, p) {
  const [protocol, port] = p.label.includes(" ") ? p.label.split(" ") : ["", ""];
  const hosts = g.addresses.map((a) => (a.includes(":") ? `[${a}]` : a));
  const dials = port ? hosts.map((h) => `${h}:${port}`) : [p.endpoint];
  const scheme = !port ? (p.tls ? "https" : "http") : protocol === "tcp" ? { 80: "http", 443: "https" }[port] : undefined;
  return {
    ...p,
    static: p,
    gateway: g.name,
    key: `${g.name} ${p.endpoint}`,
    number: Number(port) || 0,
    dials,
    url: scheme && !p.endpoint.startsWith("*") ? `${scheme}://${port ? hosts[0] : p.endpoint}/` : null,
    isWritten: g.isFolder,
    isCounted: !!g.rates && !!port,
    rate: g.rates?.[p.endpoint] ?? null,
    countedSince: g.countedSince,
    story: port ? `port ${p.endpoint} at ${g.name}` : `host ${p.endpoint} at ${g.name}`,
  };
}

// --- Filters: what stands in the address bar.

const SHOWN = {
  ending: (row) => isSoon(row.until),
  unused: (row) => row.isCounted && !row.rate?.isUsed,
  unused30: (row) => row.isCounted && quietSince(row) <= now() - 30 * DAY,
  trouble: (row) => !!row.trouble,
};

// Since when nothing has passed, for certain: not before anybody counted.
const quietSince = (row) => Math.max(...[row.rate?.seen, row.countedSince, row.since].map((at) => time(at, 0)));

// When counting began, where that is less than so many days ago: then what is unused for as long is not known yet.
export const countedSince = (edge, days) => edge.gateways.map((g) => g.countedSince).filter((at) => time(at, 0) > now() - days * DAY).sort().at(-1);

export const FILTERS = ["find", "gateway", "vm", "by", "engine", "show"];

// "vm2": whatever leads to it, with or without others. "only vm1,vm2": what leads to exactly these.
export function filtered(rows, asked) {
  const words = (asked.find ?? "").toLowerCase();
  const only = asked.vm?.startsWith("only ") ? asked.vm.slice(5) : "";
  return rows.filter(
    (row) =>
      (!words || textOf(row).includes(words)) &&
      (!asked.gateway || row.gateway === asked.gateway) &&
      (!asked.vm || (only ? row.vms.join() === only : row.vms.includes(asked.vm))) &&
      (!asked.by || row.by === asked.by) &&
      (!asked.engine || row.engines.includes(asked.engine)) &&
      (!asked.show || SHOWN[asked.show]?.(row)),
  );
}

const textOf = (row) => (row.static.text ??= [row.label, row.endpoint, row.targets, row.from, row.by, row.reason, row.tls, row.detail, row.change, ...row.engines, ...row.dials].join(" ").toLowerCase());

// --- Order: "packets", or "-packets" for the other way round. Numbers and times begin with the greater or the sooner one.

const text = (of) => (a, b) => of(a).localeCompare(of(b), "en", { numeric: true });
const number = (of) => (a, b) => of(a) - of(b);
const time = (at, otherwise) => (at ? Date.parse(at) : otherwise);

export const ORDERS = {
  port: (a, b) => a.number - b.number || text((r) => r.label)(a, b),
  target: text((r) => r.targets),
  from: text((r) => r.from ?? ""),
  until: number((r) => time(r.until, Number.MAX_SAFE_INTEGER)),
  who: text((r) => `${r.by ?? ""} ${r.change ?? ""}`),
  packets: number((r) => -(r.rate?.packets ?? -1)),
  seen: number((r) => -(time(r.rate?.seen, r.rate?.isUsed ? 1 : 0))),
};

export function sorted(rows, order) {
  const back = order?.startsWith("-");
  const by = ORDERS[back ? order.slice(1) : order];
  if (!by) return rows;
  return [...rows].sort(back ? (a, b) => by(b, a) : by);
}

// --- What is drawn of it: a line a port up to some dozens, beyond that a line for all that lead to the same VMs.

export function drawn(edge, rows, asked) {
  const isNarrowed = FILTERS.some((f) => asked[f]);
  const several = edge.gateways.length > 1;
  const all = asked.groups === "all";
  const gateways = edge.gateways
    .map((g) => {
      const mine = rows.filter((r) => r.gateway === g.name);
      const address = (vms) => at("now", { ...asked, vm: vms, gateway: several ? g.name : "" });
      const ports = linesOf(mine, g.ports.length, address, all);
      const whole = at("now", { ...asked, groups: "all" });
      const unnarrowed = at("now", { at: asked.at });
      ports.all = ports.more ? whole : unnarrowed;
      const led = new Set(ports.lines.flatMap((l) => l.vms));
      const named = (one) => !isNarrowed || (asked.find && one.name.toLowerCase().includes(asked.find.toLowerCase()));
      const vms = g.vms.filter((v) => led.has(v.name) || named(v)).sort((a, b) => led.has(b.name) - led.has(a.name));
      const peers = g.peers.filter(named);
      const most = all ? Infinity : MOST_GROUPS;
      const isCut = vms.length > most || peers.length > most;
      return { ...g, ports, all: isCut ? whole : unnarrowed, vmTotal: g.vms.length, vms: vms.slice(0, most), peerTotal: g.peers.length, peers: peers.slice(0, most) };
    })
    .filter((g) => !asked.gateway || g.name === asked.gateway);
  return { ...edge, gateways, words: inWords(edge) };
}

function linesOf(rows, total, address, all) {
  const badFirst = (a, b) => !!b.trouble - !!a.trouble;
  if (rows.length <= MOST_ONE_BY_ONE) return { total, shown: rows.length, more: 0, lines: [...rows].sort(badFirst) };
  const groups = new Map();
  for (const row of rows) {
    const vms = row.vms.join();
    if (groups.has(vms)) groups.get(vms).push(row);
    else groups.set(vms, [row]);
  }
  const leads = new Map(); // how many rows lead to a VM at all
  for (const row of rows) for (const vm of row.vms) leads.set(vm, (leads.get(vm) ?? 0) + 1);
  const lines = [...groups].map(([vms, of]) => groupOf(vms, of, address(leads.get(vms) === of.length ? vms : `only ${vms}`)));
  lines.sort((a, b) => badFirst(a, b) || b.count - a.count || a.targets.localeCompare(b.targets, "en", { numeric: true }));
  const shown = all ? lines : lines.slice(0, MOST_GROUPS);
  return { total, shown: shown.reduce((sum, l) => sum + l.count, 0), more: lines.length - shown.length, lines: shown };
}

function groupOf(vms, rows, href) {
  if (rows.length === 1) return { ...rows[0], count: 1 };
  const bad = rows.filter((r) => r.trouble);
  const rates = rows.flatMap((r) => (r.rate ? [r.rate.packets] : []));
  const packets = rates.reduce((a, b) => a + b, 0);
  return {
    key: `${rows[0].gateway} ${vms}`,
    label: count(rows.length, "port"),
    detail: ranges(rows),
    count: rows.length,
    engines: [...new Set(rows.flatMap((r) => r.engines))],
    tls: rows.some((r) => r.tls) ? "some" : null,
    targets: vms,
    vms: rows[0].vms,
    rate: rates.length ? { packets, words: `${count(Math.round(packets), "packet")}/s` } : null,
    trouble: bad.length > 1 ? `${bad[0].trouble}; and ${bad.length - 1} more` : bad[0]?.trouble,
    href,
  };
}

// tcp 80, tcp 19000-19009, app.example.com: neighbours as one.
function ranges(rows) {
  const found = [];
  for (const protocol of ["tcp", "udp"]) {
    const numbers = rows.filter((r) => r.label.startsWith(`${protocol} `)).map((r) => r.number).sort((a, b) => a - b);
    for (let from = 0, to = 0; from < numbers.length; from = ++to) {
      while (numbers[to + 1] === numbers[to] + 1) to++;
      found.push(`${protocol} ${numbers[from]}${to > from ? `-${numbers[to]}` : ""}`);
    }
  }
  found.push(...rows.filter((r) => !r.number).map((r) => r.endpoint));
  return found.length <= MOST_RANGES ? found.join(", ") : `${found.slice(0, MOST_RANGES).join(", ")} and ${found.length - MOST_RANGES} more`;
}

// How many ports there are: those of a gateway that is a folder are written, and none of them is open.
export function portsOf(rows) {
  const written = rows.filter((r) => r.isWritten).length;
  const open = rows.length - written;
  return [open || !written ? `${count(open, "port")} open` : null, written ? `${count(written, "port")} written` : null].filter(Boolean).join(", ");
}

// One sentence that says what there is to see.
export function inWords(edge) {
  const sum = (of) => edge.gateways.reduce((all, g) => all + of(g), 0);
  const bad = sum((g) => g.trouble.length + g.vms.filter((v) => v.trouble).length + g.peers.filter((p) => p.trouble).length) + edge.rows.filter((r) => r.trouble).length;
  const parts = [
    count(edge.gateways.length, "gateway"),
    portsOf(edge.rows),
    count(sum((g) => g.vms.length), "VM"),
    count(sum((g) => g.peers.length), "peer"),
    bad ? `${bad} in trouble` : "nothing in trouble",
  ];
  return `${edge.isNow ? "The edge now" : `The edge at ${edge.time}`}: ${parts.join(", ")}.`;
}
