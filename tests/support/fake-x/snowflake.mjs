// Ids as X makes them: milliseconds since 2010-11-04 above 22 low bits.

const EPOCH = 1288834974657n;

/** The first id of that millisecond; what a `since_id` is made from. */
export function snowflakeAt(ms) {
  return (BigInt(Math.floor(ms)) - EPOCH) << 22n;
}

/** Unix milliseconds at which an id was made. */
export function snowflakeTime(id) {
  return Number((BigInt(id) >> 22n) + EPOCH);
}

/** A source of ids, strictly rising even within one millisecond. */
export function snowflakes(now) {
  let last = 0n;
  return () => {
    const id = snowflakeAt(now());
    last = id > last ? id : last + 1n;
    return last.toString();
  };
}
