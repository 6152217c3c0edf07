// Dates in the school's time zone, whatever zone the browser is in.

const formats = new Map();

function format(zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }));
  return formats.get(key);
}

export const timeOfDay = (date, zone) => format(zone, { hour: "2-digit", minute: "2-digit" }).format(date);
export const secondsToo = (date, zone) => format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(date);
export const longDay = (date, zone) => format(zone, { weekday: "long", day: "numeric", month: "long" }).format(date);
export const shortDay = (date, zone) => format(zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" }).format(date);
export const fullTime = (date, zone) => `${longDay(date, zone)}, ${secondsToo(date, zone)}`;

function parts(date, zone) {
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  return Object.fromEntries(format(zone, options).formatToParts(date).map(({ type, value }) => [type, value]));
}

/** "2026-11-21" of that moment in the zone: two moments are on the same day when these are equal. */
export function dayKey(date, zone) {
  const { year, month, day } = parts(date, zone);
  return `${year}-${month}-${day}`;
}

/** "2026-11-21T07:00" as a datetime-local input wants it. */
export function localInput(date, zone) {
  const { hour, minute } = parts(date, zone);
  return `${dayKey(date, zone)}T${hour}:${minute}`;
}

/** Calendar arithmetic on the local date only, so that summer time does not shift it. */
function addDays(key, days) {
  const date = new Date(`${key}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export const tomorrow = (date, zone) => addDays(dayKey(date, zone), 1);

export function nextMonday(date, zone) {
  const key = dayKey(date, zone);
  const weekday = new Date(`${key}T12:00:00Z`).getUTCDay() || 7;
  return addDays(key, 8 - weekday);
}

/** "Today", "Yesterday" or the date, for the line between two days of a chat. */
export function dayName(date, now, zone) {
  const key = dayKey(date, zone);
  const today = dayKey(now, zone);
  if (key === today) return "Today";
  if (key === addDays(today, -1)) return "Yesterday";
  return key.slice(0, 4) === today.slice(0, 4) ? longDay(date, zone) : `${longDay(date, zone)} ${key.slice(0, 4)}`;
}

export function fileSize(bytes) {
  if (bytes === undefined || bytes === null) return "";
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let size = bytes;
  let unit = -1;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}
