// The OAuth 2.0 endpoints: consent page, token, revoke.

import { createHash, timingSafeEqual } from 'node:crypto';

import { problem } from './problems.mjs';
import { SCOPES } from './state.mjs';
import { escapeHtml } from './text.mjs';

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;
const ASKED = ['response_type', 'client_id', 'redirect_uri', 'scope', 'state',
  'code_challenge', 'code_challenge_method'];

const html = (status, body) => ({
  status, body, headers: { 'content-type': 'text/html; charset=utf-8' },
});

const attribute = (text) => escapeHtml(text).replaceAll('"', '&quot;');

const document = (title, body) => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body>${body}</body></html>
`;

// X shows these to the person and never tells the app.
function brokenPage(reason) {
  return html(400, document('Something went wrong',
    '<h1>Something went wrong</h1><p>You weren’t able to give access to the'
    + ` App. Go back and try logging in again.</p><p id="reason">${
      attribute(reason)}</p>`));
}

// X also takes code_challenge_method=plain; the fake does not, since a client
// that falls back to it has given PKCE away.
function faultOf(state, asked) {
  const client = state.clients.get(asked.get('client_id'));
  if (asked.get('response_type') !== 'code') return 'response_type is not code';
  if (!client) return 'unknown client_id';
  if (!client.redirectUris.has(asked.get('redirect_uri'))) {
    return `redirect_uri is not registered: ${asked.get('redirect_uri')}`;
  }
  const given = asked.get('state') ?? '';
  if (given === '') return 'state is missing';
  if (given.length > 500) return 'state is longer than 500 characters';
  const scopes = (asked.get('scope') ?? '').split(' ');
  if (scopes.some((s) => !SCOPES.includes(s))) return 'unknown scope';
  const method = asked.get('code_challenge_method') ?? '';
  if (method.toLowerCase() !== 's256') return 'code_challenge_method not S256';
  if (!CHALLENGE.test(asked.get('code_challenge') ?? '')) {
    return 'code_challenge is no SHA-256 in base64url';
  }
  return null;
}

function choices(state) {
  const first = [...state.users.values()][0]?.id;
  return [...state.users.values()].map((user) => `<p><label>
    <input type="radio" name="user" value="${attribute(user.id)}"${
  user.id === first ? ' checked' : ''}> @${attribute(user.username)}
    </label></p>`).join('\n');
}

export function authorizePage(state, request) {
  const asked = request.query;
  const fault = faultOf(state, asked);
  if (fault) return brokenPage(fault);
  const hidden = ASKED.map((name) => `<input type="hidden" name="${name}"`
    + ` value="${attribute(asked.get(name))}">`).join('\n');
  return html(200, document('Authorize app', `
<h1>An app wants to access your X account.</h1>
<ul>${asked.get('scope').split(' ').map((s) => `<li>${s}</li>`).join('')}</ul>
<form method="post" action="/i/oauth2/authorize">
${hidden}
<fieldset><legend>Who are you?</legend>${choices(state)}</fieldset>
<button id="allow" name="decision" value="allow">Authorize app</button>
<button id="deny" name="decision" value="deny">Cancel</button>
</form>`));
}

export function authorizeDecision(state, request) {
  const { form } = request;
  const fault = faultOf(state, form);
  if (fault) return brokenPage(fault);
  const target = new URL(form.get('redirect_uri'));
  target.searchParams.set('state', form.get('state'));
  if (form.get('decision') === 'allow') {
    const user = state.user(form.get('user'));
    target.searchParams.set('code', state.newCode({
      userId: user.id,
      clientId: form.get('client_id'),
      redirectUri: form.get('redirect_uri'),
      scope: form.get('scope'),
      challenge: form.get('code_challenge'),
    }));
  } else {
    target.searchParams.set('error', 'access_denied');
  }
  return { status: 302, body: '', headers: { location: target.href } };
}

const missing = (name) => ({ refusal: problem('missingParameter', 'old', name) });

function basicOf(request) {
  const given = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!given) return null;
  const text = Buffer.from(given, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return null;
  // Clients differ in whether they percent-encode both parts first.
  const plain = (part) => {
    try { return decodeURIComponent(part); } catch { return part; }
  };
  return { id: plain(text.slice(0, colon)), secret: plain(text.slice(colon + 1)) };
}

function sameText(a, b) {
  const digest = (text) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** { client } or { refusal }. */
function clientOf(state, request) {
  const basic = basicOf(request);
  const id = basic?.id ?? request.form.get('client_id');
  if (!id) return missing('client_id');
  const client = state.clients.get(id);
  if (!client) return { refusal: problem('invalidClient') };
  if (client.secret === null) {
    return request.form.get('client_id') === id ? { client } : missing('client_id');
  }
  // The secret is taken from the header alone, never from the body.
  if (!basic || !sameText(basic.secret, client.secret)) {
    return { refusal: problem('unauthorizedClient') };
  }
  return { client };
}

const challengeOf = (verifier) =>
  createHash('sha256').update(verifier).digest('base64url');

function exchangeCode(state, form, client) {
  for (const name of ['code', 'redirect_uri', 'code_verifier']) {
    if (!form.get(name)) return missing(name).refusal;
  }
  const code = state.codes.get(form.get('code'));
  const verifier = form.get('code_verifier');
  const fits = code && !code.used && code.expires > state.now()
    && code.clientId === client.id
    && code.redirectUri === form.get('redirect_uri')
    && VERIFIER.test(verifier) && challengeOf(verifier) === code.challenge;
  if (code) code.used = true;
  if (!fits) return problem('codeInvalid');
  const user = state.user(code.userId);
  if (state.settings.endsOldGrants) state.revoke(user, client.id);
  const body = state.newGrant({ user, scope: code.scope, clientId: client.id });
  return { status: 200, body };
}

function refreshGrant(state, form, client) {
  if (!form.get('refresh_token')) return missing('refresh_token').refusal;
  const token = state.refresh.get(form.get('refresh_token'));
  if (!token || token.clientId !== client.id) return problem('tokenInvalid');
  if (token.spent) {
    if (state.settings.spentEndsFamily) state.endFamily(token.family);
    return problem('tokenInvalid');
  }
  token.spent = true;
  const body = state.newGrant({
    user: state.user(token.userId),
    scope: token.scope,
    clientId: client.id,
    family: token.family,
  });
  return { status: 200, body };
}

export function tokenEndpoint(state, request) {
  const { client, refusal } = clientOf(state, request);
  if (refusal) return refusal;
  const type = request.form.get('grant_type');
  if (!type) return missing('grant_type').refusal;
  if (type === 'authorization_code') {
    return exchangeCode(state, request.form, client);
  }
  if (type === 'refresh_token') return refreshGrant(state, request.form, client);
  return {
    status: 400,
    body: {
      error: 'unsupported_grant_type',
      error_description: 'Value passed for the grant type was invalid.',
    },
  };
}

export function revokeEndpoint(state, request) {
  const { client, refusal } = clientOf(state, request);
  if (refusal) return refusal;
  const value = request.form.get('token');
  if (!value) return missing('token').refusal;
  const token = state.access.get(value) ?? state.refresh.get(value);
  if (token && token.clientId === client.id) state.endFamily(token.family);
  return { status: 200, body: { revoked: true } };
}
