// An instance with the rows of the examples, on which each call is run as bare
// CGI, every time as if it were the first.
//
//   const stage = await Stage.make('build/static', 10_000);
//   const { status, stderr } = await stage.run('POST /api/v1/tweet', counting);
//   stage.remove();

import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { db } from '../support/instance.mjs';
import { root } from '../support/paths.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';
import { Site } from '../support/site.mjs';
import { example, exampleRows } from './examples.mjs';
import { fill } from './fill.mjs';

const SETUP = { 'GET /api/v1/setup': 'open', 'POST /api/v1/setup': 'make' };

export class Stage {
  static async make(build, tweets) {
    const stage = new Stage(build);
    const { INSTANCE_DIR: instance, ENCRYPTION_KEY: key } = stage.settings;
    const path = join(instance, 'twitter_manager.db');
    await stage.bare('GET /api/v1/stats');
    await db(path, `${fill(tweets)} ${exampleRows(1, key)}`);
    await stage.bare('GET /api/v1/monitoring'); // opens the alerts that are due
    await db(path, 'PRAGMA wal_checkpoint(TRUNCATE)');
    await stage.bare('GET /api/v1/stats'); // the log is there, and empty
    cpSync(instance, stage.template, { recursive: true });
    return stage;
  }

  constructor(build) {
    this.build = resolve(root, build);
    this.dir = newFolder();
    this.template = join(this.dir, 'template');
    this.settings = settingsFor(this.dir);
  }

  program(name) { return join(this.build, 'cgi-bin', name); }

  bare(name, command) {
    const { program, body, ...call } = example(name);
    return runCgi(this.program(program), {
      env: cgiEnv(this.settings, { ...call, body }), body, command,
    });
  }

  /** Runs the call of that name, with `command` before its program. */
  async run(name, command) {
    if (SETUP[name]) return this.setUp(SETUP[name], command);
    rmSync(this.settings.INSTANCE_DIR, { recursive: true });
    cpSync(this.template, this.settings.INSTANCE_DIR, { recursive: true });
    return this.bare(name, command);
  }

  /** The setup page answers only where there is no key. */
  async setUp(step, command) {
    const site = new Site();
    const how = { program: this.program('setup'), command };
    try {
      if (step === 'open') return await site.open(how);
      await site.open({ program: how.program });
      site.upload();
      return await site.make({}, how);
    } finally {
      site.remove();
    }
  }

  remove() { removeFolder(this.dir); }
}
