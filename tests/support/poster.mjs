// A fake X and an instance that posts to it, with the calls that tests of
// posting make all the time.

import { isJson, unique } from './checks.mjs';
import { startFakeX } from './fake-x/index.mjs';
import { db, request, startInstance } from './instance.mjs';
import { addGranted, queue } from './link.mjs';

/** What faults match that are to strike posts only. */
export const TWEETS = Object.freeze({ method: 'POST', path: '/2/tweets' });

export class Poster {
  static async start(options = {}) {
    const x = await startFakeX(options);
    try {
      return new Poster(x, await startInstance({ fakeX: x }));
    } catch (fault) {
      await x.close(); // or this process would wait for it for ever
      throw fault;
    }
  }

  constructor(x, instance) {
    Object.assign(this, { x, instance });
  }

  async stop() {
    await this.instance.stop();
    await this.x.close();
  }

  post(path, body) { return request(this.instance, 'POST', path, { body }); }

  publish(id) { return this.post(`/api/v1/tweet/post/${id}`); }

  pending(body) { return this.post('/api/v1/tweets/post-pending', body); }

  /** The JSON of a run that succeeded. */
  async run(body) { return isJson(await this.pending(body), 200); }

  async show(id) {
    return (await request(this.instance, 'GET', `/api/v1/tweets/${id}`)).json;
  }

  async account(id) {
    return (await db(this.instance, `SELECT * FROM twitter_account WHERE id = ${id}`))[0];
  }

  /** { id, user, grant } of a new account. */
  granted(how) { return addGranted(this.instance, this.x, unique('poster'), how); }

  queue(accountId, text) { return queue(this.instance, accountId, text); }

  /** The same with a tweet that is ready to be posted: { text, tweet }. */
  async ready(how) {
    const owner = await this.granted(how);
    const text = unique('tweet');
    return { ...owner, text, tweet: await this.queue(owner.id, text) };
  }
}
