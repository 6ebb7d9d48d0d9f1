// Days as a date field wants them.

export const two = (n) => String(n).padStart(2, '0');

/** A moment's day, in the person's zone. */
export const localDay = (date) =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
