// An agent for HTTPS that leads api.x.com, to which real clients of X are
// hard-wired, to the fake X.

import https from 'node:https';
import tls from 'node:tls';

export class AgentToFake extends https.Agent {
  constructor(port, cert) {
    super({ keepAlive: false });
    Object.assign(this, { port, cert });
  }

  createConnection(options, done) {
    return tls.connect({
      host: '127.0.0.1', port: this.port, ca: this.cert, servername: 'api.x.com',
    }, done);
  }
}
