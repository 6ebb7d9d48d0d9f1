// What changes something, sent again where the server could not be reached: by
// the same key, so that nothing is done twice.
import { connection, isGone } from './connection.js';
import { pause } from './dom.js';

const TRIES = 5;

/** Waits until the server can be reached. */
const back = () => new Promise((done) => {
  if (isGone()) connection.addEventListener('back', done, { once: true });
  else done();
});

/**
 * What `work` gives, which is called again once the server is back, or while it
 * still works on the call before. `told` is called each time that it has to wait
 * for the server.
 */
export async function surely(work, told = () => {}) {
  for (let lost = 0; ;) {
    try {
      return await work();
    } catch (error) {
      if (error.code === 'idempotency_in_flight') {
        await pause(1000);
      } else if (error.isOffline && ++lost < TRIES) {
        told();
        await back();
      } else {
        throw error;
      }
    }
  }
}
