// What the fake remembers: apps, people, grants, posts, and who asked what.

import { randomBytes } from 'node:crypto';

import { snowflakes } from './snowflake.mjs';

export const SCOPES = Object.freeze([
  'tweet.read', 'tweet.write', 'tweet.moderate.write', 'users.read',
  'users.email', 'follows.read', 'follows.write', 'offline.access',
  'space.read', 'mute.read', 'mute.write', 'like.read', 'like.write',
  'list.read', 'list.write', 'block.read', 'block.write', 'bookmark.read',
  'bookmark.write', 'dm.read', 'dm.write', 'media.write', 'broadcast.read',
  'broadcast.write', 'timeline.read',
]);

export const USUAL_SCOPE = 'tweet.read tweet.write users.read offline.access'
  + ' media.write';

export const DEFAULTS = Object.freeze({
  tokenLife: 7200, // seconds an access token lives
  codeLife: 30, // seconds an authorization code lives
  duplicates: true, // refuse the same text of the same account
  lag: 0, // milliseconds until a post shows up in timelines
  trims: false, // cut white space off both ends of a text
  lineEnds: true, // keep every line end as LF
  echo: false, // 201 gives the text as sent instead of as shown
  maxLength: 280,
  lengthOf: null, // text => length; null is the simple count of text.mjs
  generation: 'old', // of error bodies: "old" or "new"
  rateHeaders: true,
  limits: {}, // "POST /2/tweets": calls per user in 15 minutes
  appLimit: 0, // posts per app in 24 hours; 0: no such headers
  userLimit: 0, // posts per user in 24 hours; 0: no such headers
  missingDelete: 404, // or 200: the answer to deleting what is not there
  endsOldGrants: true, // a fresh consent ends the person's earlier grants
  spentEndsFamily: false, // a spent refresh token kills its successors
});

// X's tokens decode to RANDOM:UNIX_MS:1:1:KIND:1.
function opaque(kind, now) {
  const random = randomBytes(33).toString('base64url').replaceAll('-', 'x');
  return Buffer.from(`${random}:${now}:1:1:${kind}:1`).toString('base64url');
}

export class State {
  constructor(options, now = () => Date.now()) {
    this.now = now;
    this.settings = { ...DEFAULTS, ...options };
    this.clients = new Map();
    this.nextId = snowflakes(now);
    this.clear();
  }

  /** Forgets everything but the apps and the settings. */
  clear() {
    this.users = new Map();
    this.codes = new Map();
    this.access = new Map();
    this.refresh = new Map();
    this.posts = [];
    this.requests = [];
    this.faults = [];
    this.windows = new Map();
  }

  addClient({ id, secret = null, redirectUris = [] }) {
    this.clients.set(id, { id, secret, redirectUris: new Set(redirectUris) });
    return this.clients.get(id);
  }

  addUser({ username, id = this.nextId(), name = username, ...more }) {
    const user = { id: String(id), username, name, ...more };
    user.created_at ??= new Date(this.now()).toISOString();
    this.users.set(user.id, user);
    return user;
  }

  /** By id, username or the user itself; throws on a stranger. */
  user(who) {
    const key = typeof who === 'object' ? who.id : String(who);
    const found = this.users.get(key)
      ?? [...this.users.values()].find((u) => u.username === key);
    if (!found) throw new Error(`no such user of the fake: ${key}`);
    return found;
  }

  newCode(details) {
    const code = opaque('ac', this.now());
    const expires = this.now() + this.settings.codeLife * 1000;
    this.codes.set(code, { ...details, expires, used: false });
    return code;
  }

  /** The answer of the token endpoint; starts a family unless given one. */
  newGrant({ user, scope, clientId, family = {}, expiresIn }) {
    const life = expiresIn ?? this.settings.tokenLife;
    const grant = { userId: user.id, scope, clientId, family };
    const answer = {
      token_type: 'bearer',
      expires_in: life,
      access_token: opaque('at', this.now()),
      scope,
    };
    const expires = this.now() + life * 1000;
    this.access.set(answer.access_token, { ...grant, expires });
    if (scope.split(' ').includes('offline.access')) {
      answer.refresh_token = opaque('rt', this.now());
      this.refresh.set(answer.refresh_token, { ...grant, spent: false });
    }
    return answer;
  }

  expire(user) {
    for (const token of this.access.values()) {
      if (token.userId === user.id) token.expires = 0;
    }
  }

  revoke(user, clientId) {
    for (const tokens of [this.access, this.refresh]) {
      for (const [value, token] of tokens) {
        const same = clientId === undefined || token.clientId === clientId;
        if (token.userId === user.id && same) tokens.delete(value);
      }
    }
  }

  endFamily(family) {
    for (const tokens of [this.access, this.refresh]) {
      for (const [value, token] of tokens) {
        if (token.family === family) tokens.delete(value);
      }
    }
  }

  /** { user, scopes } of a live bearer token, else null. */
  bearer(authorization) {
    const value = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    const token = value && this.access.get(value);
    if (!token || token.expires <= this.now()) return null;
    const user = this.users.get(token.userId);
    return user && { user, scopes: new Set(token.scope.split(' ')) };
  }

  /** Whose token this is, even if it has expired; for records and faults. */
  ownerOf({ authorization, form }) {
    const value = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    const token = this.access.get(value)
      ?? this.refresh.get(form?.get('refresh_token'))
      ?? this.codes.get(form?.get('code'));
    return token ? this.users.get(token.userId) ?? null : null;
  }
}
