// What the first page says, which asks for the key.
import { words as shared } from '../../words.js';

const WHERE = 'You’ll find it as API_KEY in the server’s .env file.';

export const words = {
  title: `Welcome · ${shared.product}`,
  welcome: 'Welcome to Twitter Manager',
  lead: 'Manage all your X accounts from one queue. Every tweet is posted exactly once.',
  yourKey: 'Your API key', key: 'API key', where: WHERE,
  remember: 'Remember on this device', forget: 'Otherwise it’s forgotten when you close this tab.',
  open: 'Open the dashboard',
  wrong: `That’s not this server’s key. ${WHERE}`,
  changed: 'This key no longer works. Enter the current one.',
};
