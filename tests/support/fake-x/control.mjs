// A small JSON API under /_fake/ for callers that are not Node programs.
//
//   POST   /_fake/users      {username, id?, name?}
//   GET    /_fake/users
//   POST   /_fake/clients    {id, secret?, redirectUris}
//   POST   /_fake/grant      {user, scope?, expires_in?}
//   POST   /_fake/expire     {user}
//   POST   /_fake/revoke     {user}
//   POST   /_fake/consent    {auth_url, user, decision?} -> {location}
//   POST   /_fake/faults     a fault; times null = for ever; match.pattern = a
//                            regular expression for the path
//   DELETE /_fake/faults
//   POST   /_fake/settings   any of lag, duplicates, maxLength, limits, …
//   GET    /_fake/requests   ?method= &path= &user=
//   GET    /_fake/posts
//   GET    /_fake/arrivals   ?text=  -> {arrivals, posts}
//   POST   /_fake/reset

const readFault = ({ times, match = {}, ...what }) => {
  const { pattern, ...rest } = match;
  if (pattern !== undefined) rest.path = new RegExp(pattern);
  return { ...what, match: rest, times: times === null ? Infinity : times ?? 1 };
};

const CALLS = {
  'POST users': (x, body) => x.addUser(body),
  'GET users': (x) => [...x.state.users.values()],
  'POST clients': (x, body) => {
    x.addClient(body);
    return { id: body.id };
  },
  'POST grant': (x, { user, ...how }) => x.grant(user, how),
  'POST expire': (x, { user }) => {
    x.expire(user);
    return {};
  },
  'POST revoke': (x, { user }) => {
    x.revoke(user);
    return {};
  },
  'POST consent': async (x, { auth_url, user, decision = 'allow' }) =>
    ({ location: await x.decide(auth_url, user, decision) }),
  'POST faults': (x, body) => {
    x.fault(readFault(body));
    return {};
  },
  'DELETE faults': (x) => {
    x.clearFaults();
    return {};
  },
  'POST settings': (x, body) => {
    Object.assign(x.settings, body);
    return x.settings;
  },
  'GET requests': (x, body, query) => x.find(Object.fromEntries(query)),
  'GET posts': (x) => x.posts,
  'GET arrivals': (x, body, query) => ({
    arrivals: x.arrivals(query.get('text')),
    posts: x.posted(query.get('text')).length,
  }),
  'POST reset': (x) => {
    x.reset();
    return {};
  },
};

/** { status, body } of a control request. */
export async function control(x, record) {
  const call = CALLS[`${record.method} ${record.path.slice('/_fake/'.length)}`];
  if (!call) return { status: 404, body: { error: 'no such control call' } };
  try {
    const body = await call(x, record.json ?? {}, record.query);
    return { status: 200, body };
  } catch (fault) {
    return { status: 400, body: { error: fault.message } };
  }
}
