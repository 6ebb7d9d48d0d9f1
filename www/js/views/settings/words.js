// What Settings says.
export const words = {
  lead: 'Settings for this dashboard. Server settings are in .env.',

  mock: {
    title: 'Mock mode', on: 'On', off: 'Off',
    onMeans: 'Nothing is sent to X. Posts get an id that begins with mock_, '
      + 'and linking leads to a test page instead of X.',
    offMeans: 'Tweets are sent to X.',
    turnOn: 'Turn mock mode on', turnOff: 'Turn mock mode off…',
    ask: 'Turn mock mode off?', action: 'Turn it off',
    means: 'From then on, tweets of real accounts are sent to X, which charges for each one.',
    apart: 'Test accounts stay separate and are never used with X.',
    isOn: 'Mock mode is on: nothing is sent to X.',
    isOff: 'Mock mode is off: tweets are sent to X.',
  },

  key: {
    title: 'API key', forget: 'Forget the key',
    remembered: 'This device remembers the key in all tabs until you forget it.',
    forTab: 'The key is kept for this tab and forgotten when you close it.',
  },

  sending: {
    title: 'When you post', hint: 'On this device, for tweets you post by hand.',
    ways: [['undo', 'Wait 10 seconds, so that I can undo it'], ['ask', 'Ask each time'],
      ['now', 'Post at once']],
    leave: 'Post at once if I leave the page during the 10 seconds',
  },

  server: {
    title: 'Server', version: 'Version', time: 'Server time', zone: 'Your time zone',
    api: 'API', docs: 'Documentation', reference: 'API reference',
  },

  libraries: {
    title: 'Libraries in the programs',
    system: 'They are the system’s, which keeps them up to date.',
    newest: (day) => `They were the newest on ${day}.`,
    old: (day) => `They were the newest on ${day} and may lack security updates by now. `
      + 'Unpack a newer archive over this one.',
  },

  device: { title: 'This device', keys: 'Keyboard shortcuts (press ? to see them)' },
};
