// What a server cannot pass, each with the line of cgi-servers.md (our survey of
// servers) that says why. An excused test that passes is a failure: then its
// line goes. Nothing else is excused, but that some servers set no headers for
// files (noHeaders in tests/support/servers/).

const rows = (server, suite, why, ...tests) =>
  tests.map((test) => ({ server, suite, test, why }));

const BUSYBOX_BASE = '9.5, busybox: "URLs are /cgi-bin/accounts.cgi/7; there is no rewriting"';
const BUSYBOX_TAG = 'no line yet: busybox keeps If-None-Match for its own files, and'
  + ' passes it to no program, so every reply is complete';
const CIVETWEB_PUT = '9.5, civetweb: "PUT/DELETE on non-CGI paths are 401" (and so are those of'
  + ' a program that nothing follows)';

export const EXCUSED = [
  ...rows('busybox', 'http/common', '3, busybox, X-API-Key sent twice: "last"',
    'two keys in one request are refused, in whatever spelling'),
  ...rows('busybox', 'http/common', BUSYBOX_BASE, 'unknown paths below /api/ are our 404'),
  ...rows('busybox', 'postman', BUSYBOX_BASE, 'An unknown path'),
  ...rows('busybox', 'servers/requests', BUSYBOX_BASE, 'an unknown path below /api/ is our 404'),
  ...rows('busybox', 'http/common', 'no line yet: where a path ends with a slash, busybox looks for'
    + ' index.html, and has its own 404', 'a trailing slash is ignored'),
  ...rows('busybox', 'http/etag', BUSYBOX_TAG,
    'the same question is answered by 304 as long as nothing is written',
    'a list of tags, weak or strong, a star, and what a server adds to a tag are read',
    'HEAD is told the same', 'a tag is of one question, and of who may ask',
    'with a rollback journal it is the same',
    'what becomes due is no 304 any more, wherever it shows'),
  ...rows('busybox', 'postman', BUSYBOX_TAG, 'List, not modified'),

  ...rows('civetweb', 'http/common', CIVETWEB_PUT, 'a method that a path does not know is 405 with Allow'),
  ...rows('civetweb', 'postman', CIVETWEB_PUT, 'An unsupported method'),
  ...rows('civetweb', 'http/common', '4, civetweb, /a%00b: "/a"',
    'broken and hiding percent-encoding does no harm'),
  ...rows('civetweb', 'http/robust-input', '5, civetweb is not among those that answer 400 to'
    + ' bad lengths: "400 on lighttpd, apache, nginx, caddy, haproxy"',
    'a Content-Length that is no plain length is refused'),
];

/** The excuses that hold under a server for a job: { test: why }. */
export const excusesFor = (server, job) => Object.fromEntries(EXCUSED
  .filter((row) => row.server === server && row.suite === job)
  .map(({ test, why }) => [test, why]));
