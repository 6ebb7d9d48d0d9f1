// The servers under which the HTTP suite runs: SERVER names one, lighttpd if
// it is not set. Each is a module of this folder that exports one:
//
//   start(instance)   runs it for an instance: { ended, kill, stop }
//   version()         "2.4.71", of what is installed
//   wirePath(path)    where a path of the API is, if elsewhere
//   noHeaders         why its files have no headers of ours, if so

import { apache, apachePrefork, apacheVhost } from './apache.mjs';
import { busybox } from './busybox.mjs';
import { caddy } from './caddy.mjs';
import { civetweb } from './civetweb.mjs';
import { lighttpd, lighttpdSite } from './lighttpd.mjs';
import { nginx } from './nginx.mjs';

export const SERVERS = {
  lighttpd,
  'lighttpd-site': lighttpdSite,
  apache,
  'apache-prefork': apachePrefork,
  'apache-vhost': apacheVhost,
  nginx,
  busybox,
  caddy,
  civetweb,
};

/** The name that SERVER gives; one that is unknown is thrown. */
export function serverName() {
  const name = process.env.SERVER || 'lighttpd';
  if (!Object.hasOwn(SERVERS, name)) {
    throw new Error(`no server ${name}; known are ${Object.keys(SERVERS).join(', ')}`);
  }
  return name;
}

/** Its module; unknown names have none. */
export const server = SERVERS[process.env.SERVER || 'lighttpd'];
