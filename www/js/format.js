// Numbers and times as people read them: in their language and zone, with UTC
// beside where it matters.

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** The person's own zone, as IANA names it. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const numbers = new Intl.NumberFormat();
const percents = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const minute = { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' };
const date = { year: 'numeric', month: 'short', day: 'numeric' };
const moments = new Intl.DateTimeFormat(undefined, { ...date, ...minute });
const momentsUtc = new Intl.DateTimeFormat(undefined, { ...date, ...minute, timeZone: 'UTC' });
const thisYear = new Intl.DateTimeFormat(undefined, { ...date, year: undefined, ...minute });
const clocks = new Intl.DateTimeFormat(undefined, minute);
const days = new Intl.DateTimeFormat(undefined,
  { day: 'numeric', month: 'short', timeZone: 'UTC' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'always' });

export const number = (n) => numbers.format(n);
/** A share from 0 to 1. */
export const percent = (share) => percents.format(share);
/** "Nov 28, 2026, 3:40 PM GMT+1". */
export const dateTime = (iso) => moments.format(new Date(iso));
/** The same in UTC. */
export const dateTimeUtc = (iso) => momentsUtc.format(new Date(iso));
/** The same without what goes without saying: "3:40 PM GMT+1" when it is near. */
export function clock(iso, now = Date.now()) {
  const at = new Date(iso);
  if (Math.abs(at - now) < 12 * HOUR * 1000) return clocks.format(at);
  return (at.getFullYear() === new Date(now).getFullYear() ? thisYear : moments).format(at);
}
/** A date without time, YYYY-MM-DD. */
export const day = (date) => days.format(new Date(`${date}T00:00:00Z`));

/** US dollars; X's prices have parts of a cent. */
export const dollars = (usd) => new Intl.NumberFormat(undefined, {
  style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: 3,
}).format(usd);

/** "one tweet", "3 tweets": the number and the word that goes with it. */
export const count = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

const UNITS = [['day', DAY], ['hour', HOUR], ['minute', MINUTE]];

/** "in 2 hours", "3 minutes ago". */
export function ago(iso, now = Date.now()) {
  const seconds = Math.round((new Date(iso) - now) / 1000);
  const [unit, size] = UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? ['second', 1];
  if (unit === 'second' && Math.abs(seconds) < 10) return 'just now';
  return relative.format(Math.trunc(seconds / size), unit);
}

/** "1 h 12 min", "3 d 4 h": what is left until then; '' when it is over. */
export function left(iso, now = Date.now()) {
  const minutes = Math.floor((new Date(iso) - now) / 60_000);
  if (minutes < 0) return '';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}
