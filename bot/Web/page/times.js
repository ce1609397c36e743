// One clock and one zone on all of the page: the program's, by the zone that the reader has there.

const MINUTE = 60e3;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let zone = "";
let writer = writerOf("UTC");
let ahead = 0; // how far the program's clock is ahead of the browser's

function writerOf(timeZone) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

// The zone, as the program says it; UTC where the browser does not know it.
export function keepTime(zoneName, at) {
  if (at) ahead = Date.parse(at) - Date.now();
  if (!zoneName || zone === zoneName) return;
  try {
    writer = writerOf(zoneName);
    zone = zoneName;
  } catch {
    [writer, zone] = [writerOf("UTC"), "UTC"];
  }
}

export const zoneName = () => zone || "UTC";
export const now = () => Date.now() + ahead;

// 2026-11-30 08:05:12
export const second = (at) => writer.format(typeof at === "string" ? Date.parse(at) : at);
export const minute = (at) => second(at).slice(0, 16);

// The time of day; with the date before it on any day but today.
export const clock = (at) => (minute(at).slice(0, 10) === minute(now()).slice(0, 10) ? minute(at).slice(11) : minute(at));

export const ago = (at) => (now() - Date.parse(at) < 10e3 ? "now" : `${span(at)} ago`);

// How long it is since then, in one unit.
export function span(at) {
  const past = Math.max(0, now() - Date.parse(at));
  if (past < 2 * MINUTE) return `${Math.floor(past / 1000)} s`;
  if (past < 2 * HOUR) return `${Math.floor(past / MINUTE)} min`;
  return past < 2 * DAY ? `${Math.floor(past / HOUR)} h` : `${Math.floor(past / DAY)} d`;
}

// How long until then, to the second in the last hour.
export function left(at) {
  const span = Math.max(0, Date.parse(at) - now());
  const two = (n) => String(Math.floor(n)).padStart(2, "0");
  if (span < HOUR) return `${two(span / MINUTE)}:${two((span % MINUTE) / 1000)} left`;
  return span < 2 * DAY ? `in ${Math.floor(span / HOUR)} h` : `in ${Math.floor(span / DAY)} d`;
}

export const isSoon = (at) => !!at && Date.parse(at) - now() < DAY;
export const isLastHour = (at) => !!at && Date.parse(at) - now() < HOUR;
