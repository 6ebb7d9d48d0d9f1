// Accounts for tests: linked the whole OAuth way, or put straight into the
// database as another program of the same schema would leave them.

import { seal } from './fernet.mjs';
import { send } from './http.mjs';
import { db, quote, request } from './instance.mjs';

const JSON_PLEASE = { Accept: 'application/json' };

/** Starts linking: { auth_url, state }. */
export async function begin(instance, query = '') {
  const reply = await request(instance, 'GET', `/api/v1/auth/twitter${query}`);
  if (reply.status !== 200) throw new Error(`auth/twitter: ${reply.status} ${reply.text}`);
  return reply.json;
}

/** Brings a callback address, wherever it points, to this instance. */
export function callback(instance, address, { headers = JSON_PLEASE } = {}) {
  const { pathname, search } = new URL(address, instance.url);
  return send(instance.url, 'GET', pathname + search, { headers });
}

/** Links `user` of the fake X; the reply of the callback. */
export async function link(instance, x, user, query = '') {
  const { auth_url: authUrl } = await begin(instance, query);
  return callback(instance, await x.consent(authUrl, user));
}

const attributesOf = (tag) => Object.fromEntries(
  [...tag.matchAll(/([\w-]+)(?:\s*=\s*"([^"]*)"|\s*=\s*'([^']*)')?/g)]
    .map(([, name, a, b]) => [name.toLowerCase(), unescape(a ?? b ?? '')]));

const unescape = (text) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'")
  .replaceAll('&#x27;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>')
  .replaceAll('&amp;', '&');

/** The forms of a page: [{ action, method, inputs, buttons }]. */
export function formsOf(html) {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head, inside]) => {
    const tags = (name) => [...inside.matchAll(new RegExp(`<${name}\\b([^>]*)>`, 'gi'))]
      .map(([, tag]) => attributesOf(tag));
    const { action = '', method = 'get' } = attributesOf(head);
    return { action, method: method.toUpperCase(), inputs: tags('input'), buttons: tags('button') };
  });
}

const isDeny = (button) => /den|cancel|refus/i.test(`${button.id} ${button.value}`);

function fill(form, username, decision) {
  const fields = new URLSearchParams();
  for (const { name, type = 'text', value = '', checked } of form.inputs) {
    if (!name || type === 'submit') continue;
    if (type === 'radio' && checked === undefined) continue;
    fields.set(name, type === 'text' && username ? username : value);
  }
  const button = form.buttons.find((b) => isDeny(b) === (decision === 'deny'));
  if (button?.name) fields.set(button.name, button.value);
  return fields;
}

/** Fills in our own consent page of mock mode; the reply of the callback. */
export async function walkMock(instance, authUrl, { username, decision = 'allow' } = {}) {
  const page = await callback(instance, authUrl, { headers: { Accept: 'text/html' } });
  const forms = formsOf(page.text);
  const wanted = (f) => f.buttons.some((b) => isDeny(b) === (decision === 'deny'));
  const form = forms.find(wanted) ?? forms[0];
  if (page.status !== 200 || !form) throw new Error(`mock page: ${page.status} ${page.text}`);
  const fields = fill(form, username, decision);
  const target = new URL(form.action || authUrl, authUrl);
  const isPost = form.method === 'POST';
  if (!isPost) target.search = fields;
  const reply = await send(instance.url, form.method, target.pathname + target.search, {
    headers: isPost ? { ...JSON_PLEASE, 'Content-Type': 'application/x-www-form-urlencoded' }
      : JSON_PLEASE,
    body: isPost ? fields.toString() : undefined,
  });
  return reply.headers.location ? callback(instance, reply.headers.location) : reply;
}

/** Links an account in mock mode; the reply of the callback. */
export async function linkMock(instance, username, query = '') {
  const { auth_url: authUrl } = await begin(instance, query);
  return walkMock(instance, authUrl, { username });
}

/** A row in twitter_account; its id. Tokens are given in the clear. */
export async function addAccount(instance, {
  username, status = 'active', accessToken = `at-${username}`, refreshToken = null,
  secret = null, sealedAccess, createdAt = null,
}) {
  const sealed = (text) => text && seal(instance.encryptionKey, text);
  const [row] = await db(instance, `INSERT INTO twitter_account (username,
    access_token, access_token_secret, refresh_token, status, created_at)
    VALUES (${[username, sealedAccess ?? sealed(accessToken), sealed(secret),
    sealed(refreshToken), status].map(quote).join(', ')},
    coalesce(${quote(createdAt)}, CURRENT_TIMESTAMP)) RETURNING id`);
  return row.id;
}

/** A person of the fake X with a grant, put straight into the database. */
export async function addGranted(instance, x, username, how = {}) {
  const user = x.addUser({ username });
  const grant = x.grant(user, how);
  const id = await addAccount(instance, {
    username, accessToken: grant.access_token, refreshToken: grant.refresh_token,
  });
  return { id, user, grant };
}

/** A row in tweet; its id. */
export async function addTweet(instance, {
  accountId, text, status = 'pending', twitterId = null, createdAt = null, postedAt = null,
}) {
  const [row] = await db(instance, `PRAGMA foreign_keys = ON; INSERT INTO tweet
    (twitter_account_id, content, status, twitter_id, created_at, posted_at)
    VALUES (${[accountId, text, status, twitterId].map(quote).join(', ')},
    coalesce(${quote(createdAt)}, CURRENT_TIMESTAMP), ${quote(postedAt)}) RETURNING id`);
  return row.id;
}

/** Queues a tweet over the API; its id. */
export async function queue(instance, accountId, text) {
  const reply = await request(instance, 'POST', '/api/v1/tweet',
    { body: { account_id: accountId, text } });
  if (reply.status !== 201) throw new Error(`tweet: ${reply.status} ${reply.text}`);
  return reply.json.tweet_id;
}
