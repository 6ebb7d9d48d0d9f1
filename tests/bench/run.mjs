// What `make bench` shows: every call bare and under lighttpd, by static programs
// and those of `make run`, beside the floors and a Flask; creates by many
// clients; a publishing run. Tables are printed, figures written to
// build/bench/*.json. Ends within 15 minutes, with QUICK=1 within about two.
//
//   make bench
//   make bench QUICK=1

import { operations } from '../support/openapi.mjs';
import { bareTimes, cost, Database, KINDS } from './database.mjs';
import { isPlain } from './examples.mjs';
import { FLASK_CALLS } from './flask.mjs';
import { makeFloors, servedFloors } from './floors.mjs';
import { load } from './load.mjs';
import { publishing } from './publishing.mjs';
import { save, table } from './tables.mjs';

const isQuick = Boolean(Number(process.env.QUICK || 0));

// `seconds` a call has on each server, `rounds` it is run bare, `writes` each
// server gets of a call that uses rows up, and under which time bare a call is
// run once more to count its instructions (in microseconds), for valgrind takes
// fifty times as long.
const HOW = isQuick
  ? { sizes: [1_000, 100_000], rounds: 5, seconds: 0.25, writes: 8, creating: 1, countBelow: 0 }
  : {
    sizes: [1_000, 100_000, 1_000_000], rounds: 15, seconds: 1, writes: 20, creating: 4,
    countBelow: 50_000,
  };
const CLIENTS = [4, 32, 100];
const deadline = Date.now() + 13.5 * 60_000;

const CREATE = 'POST /api/v1/tweet';
// A setup page answers once, before there are keys: budgets.test.mjs runs it.
const calls = operations.map(({ name }) => name).filter((name) => !name.endsWith('/setup'));

async function showFloors() {
  const floors = makeFloors();
  const row = table('The floors: a program that writes a constant',
    { program: 8, 'ms bare': 8, 'M instr.': 8, faults: 6, 'a second': 8 });
  const served = await servedFloors(floors, HOW.seconds * 2);
  const { glibc, musl } = floors;
  const times = bareTimes({ glibc, musl }, glibc, { rounds: HOW.rounds * 20, seconds: 10 });
  const found = {};
  for (const [name, time] of Object.entries(times)) {
    const costs = cost(() => ({ file: floors[name], env: {} }), true);
    found[name] = { ...time, ...costs, served: served[name] };
    const { us, millions, faults } = found[name];
    row(name, us / 1000, millions, String(faults), served[name].perSecond);
  }
  save('floors', found);
  return floors;
}

/** What one call costs, bare and under each server that has it. */
async function measureCall(database, name, floors) {
  const bare = database.bareCosts(name, floors.glibc, HOW);
  const served = {};
  for (const [server, where] of Object.entries(database.servers)) {
    if (server === 'flask' && !FLASK_CALLS.includes(name)) continue;
    served[server] = await load(where, () => database.next(name), {
      seconds: HOW.seconds, most: isPlain(name) ? Infinity : HOW.writes,
    });
  }
  return { name, tweets: database.tweets, bare, served };
}

function callTable(tweets) {
  return table(`Calls among ${tweets.toLocaleString('en')} tweets, by the archive's static programs`
    + ' (a) and those of `make run` (r):\nmilliseconds bare, × the glibc floor, millions of'
    + ' instructions, page faults; requests a second of 4 clients', {
    call: 38, 'ms a': 6, 'ms r': 6, '× a': 5, '× r': 5, 'M a': 6, 'M r': 6,
    'faults a': 8, 'faults r': 8, a: 6, r: 6, Flask: 6,
  });
}

function callRow(row, { name, bare: { static: a, release: r }, served }) {
  const rate = (one) => (one?.errors ? `${one.errors} err` : one?.perSecond);
  row(name, a.us / 1000, r.us / 1000, a.floors, r.floors, a.millions, r.millions,
    String(a.faults), String(r.faults), rate(served.static), rate(served.release),
    rate(served.flask));
}

/** Plain calls first, for the others add rows. */
async function showCalls(database, floors) {
  const found = [];
  const row = callTable(database.tweets);
  const sorted = [...calls.filter(isPlain), null, ...calls.filter((name) => !isPlain(name))];
  for (const [i, name] of sorted.entries()) {
    if (Date.now() > deadline) {
      console.log(`Time is up: ${sorted.length - i} calls are left out.`);
      break;
    }
    if (name === null) {
      await database.addRows(KINDS.length * (HOW.rounds + 2 + HOW.writes));
    } else {
      found.push(await measureCall(database, name, floors));
      callRow(row, found.at(-1));
    }
  }
  return found;
}

async function showCreates(database) {
  const found = [];
  const row = table(`Creates among ${database.tweets.toLocaleString('en')} tweets`, {
    by: 8, clients: 7, requests: 8, errors: 6, 'a second': 8, 'median ms': 9, 'p99 ms': 8,
  });
  for (const clients of CLIENTS) {
    for (const [by, server] of Object.entries(database.servers)) {
      const seen = await load(server, () => database.next(CREATE),
        { clients, seconds: HOW.creating });
      found.push({ by, clients, tweets: database.tweets, ...seen });
      row(by, String(clients), String(seen.requests), String(seen.errors), seen.perSecond,
        seen.medianMs, seen.p99Ms);
    }
  }
  save('creates', found);
}

async function showPublishing() {
  const found = await publishing(KINDS);
  const row = table('Publishing 1,000 tweets on 100 accounts, X (TLS) answering after 200 ms',
    { by: 8, seconds: 8, ideal: 6, calls: 5, 'peak MiB': 8, HTTP: 5 });
  for (const [kind, { seconds, ideal, calls: n, kib, http }] of Object.entries(found)) {
    row(kind, seconds, ideal, String(n), kib / 1024, http);
  }
  save('publishing', found);
}

async function showSizes(floors) {
  const found = [];
  for (const tweets of HOW.sizes) {
    if (Date.now() > deadline) return;
    const database = await Database.open(tweets);
    try {
      found.push(...await showCalls(database, floors));
      if (tweets === HOW.sizes[1]) await showCreates(database);
    } finally {
      await database.close();
    }
    save('calls', found);
  }
}

const floors = await showFloors();
try {
  await showPublishing();
  await showSizes(floors);
} finally {
  floors.remove();
}
console.log('\nFigures are in build/bench/*.json. Only ratios carry over to other machines.');
