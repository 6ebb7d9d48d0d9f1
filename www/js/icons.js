// Icons, drawn with the text's colour.
import { svg } from './dom.js';

const PATHS = {
  overview: 'M4 13h6V4H4zm10 7h6V4h-6zM4 20h6v-3H4z',
  accounts: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 9c0-3.5 3-6 7-6s7 2.500 7 6'
    + 'M16 3.500a4 4 0 0 1 0 7M18 14.500c2.400.8 4 2.800 4 5.500',
  compose: 'M4 20h4L19 9l-4-4L4 16zM13.500 6.500l4 4',
  queue: 'M8 6h13M8 12h13M8 18h13M3.500 6h.01M3.500 12h.01M3.500 18h.01',
  settings: 'M4 7h9m5 0h2M4 17h2m5 0h9M15.500 4.500v5M8.500 14.500v5',
  warn: 'M12 3 2 20h20zM12 10v4m0 3h.01',
  bad: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.500v5m0 3.500h.01',
  good: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm-4-9 3 3 5-6',
  close: 'M6 6l12 12M18 6 6 18',
  out: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  plus: 'M12 5v14M5 12h14',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
};

/** An icon; it says nothing to a screen reader. */
export const icon = (name) => svg('svg', {
  class: 'icon', viewBox: '0 0 24 24', width: 20, height: 20, fill: 'none', stroke: 'currentColor',
  'stroke-width': 1.8, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true',
}, svg('path', { d: PATHS[name] }));
