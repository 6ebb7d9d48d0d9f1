// What the API reference says besides the description itself.

export const words = {
  body: 'Body', parameters: 'Parameters', tryIt: 'Try it',
  responses: 'Responses', example: 'Example',
  memberColumns: ['Member', 'Type', 'Required', 'Meaning'],
  parameterColumns: ['Name', 'In', 'Type', 'Required', 'Meaning'],
  headerColumns: ['Header', 'Meaning'],
  headersOf: (status) => `Headers of ${status}`, membersOf: (status) => `Members of ${status}`,
  as: 'As ',
  required: 'required', optional: 'optional', oneOf: (names) => `one of ${names.join(', ')}`,
  open: 'Needs no key.',
  key: 'The key', keyColumns: ['Send the key as', 'In', 'Meaning'],
  groups: 'Groups of calls',
  here: 'This installation',
  failed: (why) => `The API’s description couldn’t be loaded: ${why}. `
    + 'Reload the page to try again.',
  answered: (status) => `the server answered ${status}`,
};
