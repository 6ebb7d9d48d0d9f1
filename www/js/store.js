// What several views want to know, fetched once and kept for a short while.
import { get, post } from './api.js';
import { stuckStates, waitingStates } from './words.js';

/** Tells "mock" when mock mode is known or has changed, "counts" for the menu. */
export const store = new EventTarget();

const FRESH = 20_000;
const tell = (name) => store.dispatchEvent(new Event(name));

let mock = null;
/** Whether mock mode is on; null while nobody knows. */
export const isMock = () => mock;

function setMock(on) {
  if (on === mock) return;
  mock = on;
  tell('mock');
}

/** Asks the server whether mock mode is on. */
export async function readMock() {
  setMock((await get('mock-mode')).mock_mode);
  return mock;
}

/** Turns it on or off. */
export async function switchMock(enabled) {
  setMock((await post('mock-mode', { enabled }, { once: null })).mock_mode);
  forgetAccounts();
}

let counts = {};
/** Numbers for the menu: { waiting, needing, alerts }. */
export const getCounts = () => counts;

let countsAt = 0;
let asked = 0; // questions about monitoring so far
let answered = 0; // the last of them whose answer is shown

function setCounts(all) {
  countsAt = Date.now();
  counts = all;
  tell('counts');
}

let accounts = null;
let accountsAt = 0;

/** All accounts, newest first: [{ id, username, status, mock, … }]. */
export function listAccounts() {
  if (accounts && Date.now() - accountsAt < FRESH) return accounts;
  accountsAt = Date.now();
  const wanted = get('accounts').then((json) => json.accounts);
  // What failed is not kept.
  wanted.catch(() => { if (accounts === wanted) accounts = null; });
  accounts = wanted;
  return wanted;
}

/** After an account was linked, changed or deleted. */
export function forgetAccounts() {
  accounts = null;
}

/** What the menu shows of an answer of /monitoring. */
function countsIn({ tweets = {}, needs_person: needs = [], alert_causes: causes = [] }) {
  return {
    waiting: [...waitingStates, ...stuckStates]
      .reduce((sum, state) => sum + (tweets[state] ?? 0), 0),
    needing: needs.length,
    alerts: causes.filter(({ open, snoozed }) => open > snoozed).length,
  };
}

/**
 * /monitoring; null where the server has none. What the menu shows comes with
 * it, unless a question that was asked later has been answered before.
 */
export async function readMonitoring(signal) {
  const mine = ++asked;
  try {
    const all = await get('monitoring', {}, signal);
    if (mine > answered) {
      answered = mine;
      setCounts(countsIn(all));
    }
    return all;
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

/** Sees that the menu's numbers are of the last few seconds. */
export async function freshenCounts() {
  if (Date.now() - countsAt > FRESH) await readMonitoring();
}
