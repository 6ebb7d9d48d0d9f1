// The calls on users and posts.

import { invalid, notFound, problem } from './problems.mjs';
import { cutLong, shortLink, shown, simpleLength } from './text.mjs';

const BODY_KEYS = Object.freeze(['text', 'reply', 'quote_tweet_id', 'media',
  'poll', 'reply_settings', 'for_super_followers_only', 'nullcast',
  'made_with_ai', 'paid_partnership', 'share_with_followers', 'community_id',
  'geo', 'card_uri', 'direct_message_deep_link', 'edit_options']);

// X calls the same parameter tweet.fields and, since 2026, post.fields.
const FIELDS = ['tweet.fields', 'post.fields', 'user.fields', 'media.fields',
  'poll.fields', 'place.fields', 'expansions'];
const TIMELINE = [...FIELDS, 'max_results', 'since_id', 'until_id', 'start_time',
  'end_time', 'exclude', 'pagination_token'];

const ID = /^[0-9]{1,19}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
const USER_FIELDS = ['created_at', 'description', 'profile_image_url',
  'protected', 'public_metrics', 'url', 'verified', 'verified_type',
  'subscription_type', 'confirmed_email'];

class Refused extends Error {
  constructor(answer) {
    super('refused');
    this.answer = answer;
  }
}

const refuse = (state, parameters, message) => {
  throw new Refused(invalid(state.settings.generation, parameters, message));
};

/** Turns a thrown refusal into the answer it carries. */
export function answering(handler) {
  return (state, request) => {
    try {
      return handler(state, request);
    } catch (fault) {
      if (fault instanceof Refused) return fault.answer;
      throw fault;
    }
  };
}

function onlyKnown(state, query, known) {
  for (const [name, value] of query) {
    if (known.includes(name)) continue;
    refuse(state, { [name]: [value] },
      `The query parameter [${name}] is not one of [${known.join(',')}]`);
  }
}

const listOf = (query, ...names) =>
  names.flatMap((name) => (query.get(name) ?? '').split(',').filter(Boolean));

export const usersMe = answering((state, request) => {
  onlyKnown(state, request.query, FIELDS);
  const { user } = request;
  const data = { id: user.id, name: user.name, username: user.username };
  for (const field of listOf(request.query, 'user.fields')) {
    if (!USER_FIELDS.includes(field)) {
      refuse(state, { 'user.fields': [field] },
        `The \`user.fields\` query parameter value [${field}] is not one of [${
          USER_FIELDS.join(',')}]`);
    }
    if (user[field] !== undefined) data[field] = user[field];
  }
  return { status: 200, body: { data } };
});

function checkBody(state, body) {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    refuse(state, {}, 'Request body must be a JSON object.');
  }
  for (const key of Object.keys(body)) {
    if (BODY_KEYS.includes(key)) continue;
    refuse(state, {}, `$.${key}: is not defined in the schema and the schema`
      + ' does not allow additional properties');
  }
  const { text, media } = body;
  if (text !== undefined && typeof text !== 'string') {
    refuse(state, {}, '$.text: must be string');
  }
  if ((text ?? '').trim() === '' && !media) {
    refuse(state, { text: [text ?? ''] }, 'text is required unless media is given');
  }
}

function lengthOf(state, text) {
  return (state.settings.lengthOf ?? simpleLength)(text);
}

function isDuplicate(state, user, text) {
  if (!state.settings.duplicates) return false;
  return state.posts.some((post) =>
    post.userId === user.id && !post.deleted && post.text === text);
}

export const createPost = answering((state, request) => {
  checkBody(state, request.json);
  const { user } = request;
  let text = (request.json.text ?? '').normalize('NFC');
  if (state.settings.lineEnds) text = text.replace(/\r\n?/g, '\n');
  if (state.settings.trims) text = text.trim();
  if (lengthOf(state, text) > state.settings.maxLength) {
    return problem('notPermitted', state.settings.generation);
  }
  if (isDuplicate(state, user, text)) {
    return problem('duplicate', state.settings.generation);
  }
  const post = addPost(state, user, { ...request.json, text });
  post.sent = request.json.text ?? '';
  return {
    status: 201,
    body: {
      data: {
        edit_history_tweet_ids: [post.id],
        id: post.id,
        text: state.settings.echo ? post.sent : shown(text).text,
      },
    },
  };
});

/** A post made here, or by hand in the person's own app. */
export function addPost(state, user, { text, ...body }) {
  const now = state.now();
  const post = {
    id: state.nextId(),
    userId: user.id,
    username: user.username,
    text,
    sent: text,
    body: { text, ...body },
    at: now,
    visibleAt: now + state.settings.lag,
    deleted: false,
  };
  state.posts.push(post);
  return post;
}

function checkId(state, id) {
  if (ID.test(id)) return;
  refuse(state, { id: [id] }, `The \`id\` query parameter value [${id}] is not valid`);
}

export const deletePost = answering((state, request) => {
  const { id } = request.params;
  checkId(state, id);
  const post = state.posts.find((p) => p.id === id && !p.deleted);
  if (!post && state.settings.missingDelete === 404) {
    const { generation } = state.settings;
    return { status: 404, body: { errors: [notFound(generation, 'tweet', 'id', id)] } };
  }
  if (post && post.userId !== request.user.id) {
    return problem('notOwner', state.settings.generation);
  }
  if (post) post.deleted = true;
  return { status: 200, body: { data: { deleted: true } } };
});

const metrics = (post) => ({
  retweet_count: 0,
  reply_count: 0,
  like_count: 0,
  quote_count: 0,
  bookmark_count: 0,
  impression_count: 0,
  ...post.metrics,
});

function view(state, post, fields) {
  const { text, entities } = shown(post.text);
  const whole = {
    created_at: () => new Date(post.at).toISOString(),
    author_id: () => post.userId,
    entities: () => entities,
    public_metrics: () => metrics(post),
    in_reply_to_user_id: () => replyTo(state, post)?.userId,
    note_tweet: () => (cut === text ? undefined : { text }),
  };
  const cut = cutLong(text, shortLink(`post/${post.id}`));
  const data = { id: post.id, text: cut, edit_history_tweet_ids: [post.id] };
  for (const field of fields) {
    const value = whole[field]?.();
    if (value !== undefined) data[field] = value;
  }
  return data;
}

const replyTo = (state, post) => {
  const id = post.body.reply?.in_reply_to_tweet_id;
  return id && state.posts.find((p) => p.id === id);
};

const fieldsOf = (query) => listOf(query, 'tweet.fields', 'post.fields');

export const lookUpPosts = answering((state, request) => {
  const { generation } = state.settings;
  onlyKnown(state, request.query, [...FIELDS, 'ids']);
  const ids = listOf(request.query, 'ids');
  if (ids.length < 1 || ids.length > 100 || !ids.every((id) => ID.test(id))) {
    refuse(state, { ids }, 'The `ids` query parameter must hold 1 to 100 ids');
  }
  const body = {};
  for (const id of ids) {
    const post = state.posts.find((p) => p.id === id && !p.deleted);
    if (post) (body.data ??= []).push(view(state, post, fieldsOf(request.query)));
    else (body.errors ??= []).push(notFound(generation, 'tweet', 'ids', id));
  }
  return { status: 200, body };
});

export const lookUpPost = answering((state, request) => {
  onlyKnown(state, request.query, FIELDS);
  const { id } = request.params;
  checkId(state, id);
  const post = state.posts.find((p) => p.id === id && !p.deleted);
  const body = post
    ? { data: view(state, post, fieldsOf(request.query)) }
    : { errors: [notFound(state.settings.generation, 'tweet', 'id', id)] };
  return { status: 200, body };
});

function pageSize(state, query) {
  const given = query.get('max_results') ?? '10';
  const size = /^\d+$/.test(given) ? Number(given) : 0;
  if (size < 5 || size > 100) {
    refuse(state, { max_results: [given] }, 'The `max_results` query parameter'
      + ` value [${given}] is not between 5 and 100`);
  }
  return size;
}

function idIn(state, query, name) {
  const given = query.get(name);
  if (given === null) return null;
  if (!ID.test(given)) {
    refuse(state, { [name]: [given] },
      `The \`${name}\` query parameter value [${given}] is not a valid id`);
  }
  return BigInt(given);
}

function timeIn(state, query, name) {
  const given = query.get(name);
  if (given === null) return null;
  if (!TIME.test(given) || Number.isNaN(Date.parse(given))) {
    refuse(state, { [name]: [given] }, `Invalid '${name}':'${given}'.`
      + ' Must be of form YYYY-MM-DDTHH:mm:ssZ');
  }
  return Date.parse(given);
}

function timelineFilter(state, query) {
  const since = idIn(state, query, 'since_id');
  const until = idIn(state, query, 'until_id');
  const from = timeIn(state, query, 'start_time');
  const to = timeIn(state, query, 'end_time');
  const token = query.get('pagination_token');
  const before = token === null ? null : pageStart(state, token);
  const exclude = listOf(query, 'exclude');
  if (exclude.some((word) => !['replies', 'retweets'].includes(word))) {
    refuse(state, { exclude }, 'exclude is not one of [replies,retweets]');
  }
  return (post) => {
    const id = BigInt(post.id);
    return (since === null || id > since) && (until === null || id < until)
      && (from === null || post.at >= from) && (to === null || post.at < to)
      && (before === null || id < before)
      && !(exclude.includes('replies') && post.body.reply);
  };
}

// A token names the last post of the page before it.
const pageToken = (post) => Buffer.from(`before:${post.id}`).toString('base64url');

function pageStart(state, token) {
  const text = Buffer.from(token, 'base64url').toString();
  const id = /^before:(\d+)$/.exec(text)?.[1];
  if (!id) {
    refuse(state, { pagination_token: [token] },
      'The `pagination_token` query parameter value is not valid');
  }
  return BigInt(id);
}

export const timeline = answering((state, request) => {
  const { query, params } = request;
  onlyKnown(state, query, TIMELINE);
  const size = pageSize(state, query);
  const wanted = timelineFilter(state, query);
  if (!state.users.has(params.id)) {
    const { generation } = state.settings;
    return { status: 200, body: { errors: [notFound(generation, 'user', 'id', params.id)] } };
  }
  const now = state.now();
  const found = state.posts.filter((post) => post.userId === params.id
    && !post.deleted && post.visibleAt <= now && wanted(post)).reverse();
  const page = found.slice(0, size);
  const meta = { result_count: page.length };
  if (page.length === 0) return { status: 200, body: { meta } };
  meta.newest_id = page[0].id;
  meta.oldest_id = page.at(-1).id;
  if (found.length > size) meta.next_token = pageToken(page.at(-1));
  const data = page.map((post) => view(state, post, fieldsOf(query)));
  return { status: 200, body: { data, meta } };
});
