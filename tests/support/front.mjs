// A web server's own login in front of an instance: everything that comes
// without it is turned away before it reaches the instance.
//
//   const front = await startFront(instance, 'basic');
//   front.logIn(context); … front.url … front.close();
//
// Kinds: "basic" (401, a name and a password), and by a cookie: "unauthorized"
// (401, and nothing that a browser could ask for), "forbidden" (403), "redirect" (a cookie; without it, on to another host's form), "form" (a cookie;
// without it, the form itself as 200).

import http from 'node:http';

const NAME = 'guest';
const PASSWORD = 'front-door';
const COOKIE = 'front=open';
const FORM = '<!doctype html><title>Log in</title><form>Log in to the intranet</form>';

const REFUSALS = {
  basic: [401, { 'WWW-Authenticate': 'Basic realm="Intranet"' }, '<h1>Unauthorized</h1>'],
  unauthorized: [401, {}, '{"error":"unauthorized"}'],
  forbidden: [403, {}, '<h1>Forbidden</h1>'],
  redirect: [302, { Location: 'http://127.0.0.1:9/login' }, ''],
  form: [200, {}, FORM],
};

const credentials = `Basic ${Buffer.from(`${NAME}:${PASSWORD}`).toString('base64')}`;

/** Starts a front of that kind; `asked` has what it turned away. */
export async function startFront(instance, kind) {
  const front = { kind, asked: [], isOpen: false, httpCredentials: { username: NAME, password: PASSWORD } };
  const lets = ({ headers }) => front.isOpen || (kind === 'basic'
    ? headers.authorization === credentials : (headers.cookie ?? '').includes(COOKIE));
  const server = http.createServer((request, reply) => {
    if (!lets(request)) {
      front.asked.push(request.url);
      const [status, headers, page] = REFUSALS[kind];
      reply.writeHead(status, { 'Content-Type': 'text/html', ...headers });
      reply.end(page);
      return;
    }
    const onward = http.request({
      host: '127.0.0.1', port: instance.port, path: request.url, method: request.method, headers: request.headers,
    }, (answer) => {
      reply.writeHead(answer.statusCode, answer.headers);
      answer.pipe(reply);
    });
    onward.on('error', () => reply.destroy());
    request.pipe(onward);
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const { port } = server.address();
  front.url = `http://localhost:${port}/`;
  front.urlWithPassword = `http://${NAME}:${PASSWORD}@localhost:${port}/`;
  front.cookie = { name: 'front', value: 'open', url: front.url };
  front.close = () => new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  return front;
}
