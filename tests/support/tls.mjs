// Certificates for tests, made by the openssl tool and gone with their folder.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const subjectAltName = (names) => names
  .map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`))
  .join(',');

/** { key, cert } as PEM text, self-signed, good for a day. */
export function makeCertificate(...names) {
  const dir = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [keyFile, certFile] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
      'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj',
      `/CN=${names[0]}`, '-addext', `subjectAltName=${subjectAltName(names)}`,
      '-keyout', keyFile, '-out', certFile], { stdio: 'pipe' });
    return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
