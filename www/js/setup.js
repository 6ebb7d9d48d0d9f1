// The setup page's check: no probe may be fetched from here. Only then does the
// form come, with the address by which this site is seen.

const words = {
  checking: 'Checking whether anyone can read your data…',
  safe: 'Good: nobody can read your data from outside.',
  unknown: 'We couldn’t check because the server didn’t answer. Are you online?',
};

const $ = (id) => document.getElementById(id);
const [list, said, slow, again] = ['probes', 'said', 'slow', 'again'].map($);
const links = [...list.querySelectorAll('a')];

/** An address without the name and password that the page's own may have. */
function plain(address) {
  const url = new URL(address, location.href);
  url.username = '';
  url.password = '';
  return url.href;
}

/** Whether anyone can read this. What is cut off or refused is not read. */
async function isExposed({ href }) {
  const reply = await fetch(plain(href), {
    cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer',
  });
  return (await reply.text()).includes(list.dataset.marker);
}

function fillCallback() {
  const field = $('callback');
  if (!field || field.value) return;
  const within = location.pathname.includes('/cgi-bin/') ? 'cgi-bin/' : '';
  field.value = plain(`${field.dataset.home}${within}auth/callback`);
}

function showForm() {
  said.textContent = words.safe;
  fillCallback();
  $('steps').hidden = false;
}

async function check() {
  again.hidden = true;
  said.textContent = words.checking;
  try {
    const found = await Promise.all(links.map(isExposed));
    if (!found.includes(true)) {
      showForm();
      return;
    }
    said.hidden = true;
    $('exposed').hidden = false;
  } catch {
    said.textContent = words.unknown;
    again.hidden = false;
  }
}

slow.hidden = true;
again.querySelector('button').addEventListener('click', check);
// A second click would end the answer to the first, which alone shows the key.
document.querySelector('form').addEventListener('submit', () => { $('make').disabled = true; });
addEventListener('pageshow', () => { $('make').disabled = false; });
check();
