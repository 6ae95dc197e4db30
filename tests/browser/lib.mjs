// What every browser test needs: Chromium, the served page, and a list of what the browser complained about.
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';

export const DIST = resolve(process.env.DIST ?? join(import.meta.dirname, '../../dist'));
export const MOUNT = '/concurrency-explained/';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium's path: `$CHROMIUM`, or the first of its names on PATH. */
export function chromiumPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const directory of process.env.PATH.split(delimiter)) {
      try {
        accessSync(join(directory, name), constants.X_OK);
        return join(directory, name);
      } catch {}
    }
  }
  throw new Error('no Chromium found: install it, or set CHROMIUM to its path');
}

export const launch = (...flags) => chromium.launch({ executablePath: chromiumPath(), args: [...FLAGS, ...flags] });

/** Serves `dist` and runs one browser for the tests of the calling file or suite, from the first page it opens. */
export function site({ mount = MOUNT } = {}) {
  let running;
  after(async () => {
    const [server, browser] = (await running) ?? [];
    await browser?.close();
    await server?.stop();
  });

  return {
    /**
     * Opens the page in a context of its own, closed after the test `t` (with the browser if `t` is null). The page
     * carries `complaints`: console errors and warnings, uncaught exceptions, failed requests and requests to other hosts.
     */
    async open(t, { path = '', width = 1440, height = 900, ready = true, prepare, ...options } = {}) {
      const [server, browser] = await (running ??= Promise.all([serve({ root: DIST, mount }), launch()]));
      const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', ...options });
      t?.after(() => context.close());
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      listen(page, server.url);
      await prepare?.(page);
      await page.goto(server.url + path);
      if (ready && options.javaScriptEnabled !== false) await whenReady(page);
      return page;
    },
  };
}

function listen(page, url) {
  page.complaints = [];
  const complain = (what) => page.complaints.push(what.slice(0, 500));
  // Tests read pixels back; the page does not.
  const own = (text) => !text.includes('willReadFrequently');
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && own(m.text()) && complain(`console ${m.type()}: ${m.text()}`));
  page.on('pageerror', (e) => complain(`uncaught: ${e.message}`));
  page.on('requestfailed', (r) => complain(`failed: ${r.url()} (${r.failure()?.errorText})`));
  page.on('response', (r) => r.status() >= 400 && complain(`status ${r.status()}: ${r.url()}`));
  page.on('request', (r) => /^(https?|wss?):/.test(r.url()) && new URL(r.url()).host !== new URL(url).host && complain(`other host: ${r.url()}`));
}

/** Waits for the app to run. */
export const whenReady = (page) => page.waitForSelector('html[data-ready="true"]', { state: 'attached', timeout: 10_000 });

/** Two frames: whatever an event set off has been drawn. */
export const settle = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

/** The numbers shown in `scope` (the document by default), keyed `metric|system`, or `metric|system|n` where one repeats. */
export function metrics(page, scope = 'body') {
  return page.evaluate((scope) => {
    const all = {};
    for (const el of document.querySelectorAll(`${scope} [data-metric]`)) {
      const key = `${el.dataset.metric}|${el.dataset.system ?? ''}`;
      let n = 1;
      while ((n === 1 ? key : `${key}|${n}`) in all) n += 1;
      all[n === 1 ? key : `${key}|${n}`] = el.dataset.value ?? el.getAttribute('value') ?? el.value ?? '';
    }
    return all;
  }, scope);
}

/** Every field of a lab's form with all values that go by its name, as a browser would submit them. */
export const fields = (page, lab = 'lab') =>
  page.evaluate((lab) => {
    const all = {};
    for (const [name, value] of new FormData(document.querySelector(`form[data-lab="${lab}"]`))) (all[name] ??= []).push(value);
    return all;
  }, lab);

/** A number that changes when any pixel of the canvas does. */
export const pixels = (locator) =>
  locator.evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let hash = 2166136261;
    for (const word of new Uint32Array(data.buffer)) hash = Math.imul(hash ^ word, 16777619);
    return hash >>> 0;
  });

/** Canvases: each carries a drawing. */
export const CANVAS = 'figure[data-figure] canvas';
