// Opening the page: it comes up whole, quiet and in place, wherever it is hosted.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CANVAS, MOUNT, site } from './lib.mjs';

for (const mount of [MOUNT, '/']) {
  describe(`hosted under ${mount}`, () => {
    const { open } = site({ mount });

    test('the app runs without an error, a warning or a request to another host', async (t) => {
      const page = await open(t, { reducedMotion: 'no-preference' });
      await page.evaluate(async () => {
        for (const figure of document.querySelectorAll('figure[data-figure]')) {
          figure.scrollIntoView({ block: 'center' });
          await new Promise((done) => setTimeout(done, 50));
        }
      });
      await page.waitForLoadState('networkidle');
      assert.deepEqual(page.complaints, []);
    });

    test('every figure is drawn', async (t) => {
      const page = await open(t);
      const figures = await page.locator('figure[data-figure]').evaluateAll((all) => all.map((el) => el.dataset.figure));
      for (const name of ['race', 'gunicorn', 'event-loop', 'executor']) assert.ok(figures.includes(name), `no figure '${name}'`);
      for (const canvas of await page.locator(CANVAS).all()) {
        if (!(await canvas.isVisible())) continue;
        await canvas.scrollIntoViewIfNeeded();
        await canvas
          .evaluate(
            (el) =>
              new Promise((drawn, failed) => {
                const deadline = performance.now() + 5000;
                (function look() {
                  const { data } = el.getContext('2d').getImageData(0, 0, el.width, el.height);
                  const words = new Uint32Array(data.buffer);
                  if (words.some((word) => word !== words[0])) drawn();
                  else if (performance.now() > deadline) failed(new Error(`blank: ${el.closest('figure').dataset.figure}`));
                  else requestAnimationFrame(look);
                })();
              }),
          );
      }
    });

    test('every link within the page leads somewhere, and every file it names is there', async (t) => {
      const page = await open(t);
      const lost = await page.evaluate(async () => {
        const anchors = [...document.querySelectorAll('a[href^="#"]')]
          .map((a) => a.getAttribute('href'))
          .filter((href) => href.length > 1 && !document.getElementById(decodeURIComponent(href.slice(1))));
        const files = [...document.querySelectorAll('link[href], script[src], img[src], a[href]')]
          .map((el) => el.href || el.src)
          .filter((url) => url.startsWith(location.origin) && !url.includes('#'));
        const missing = [];
        for (const url of new Set(files)) if (url !== location.href && !(await fetch(url)).ok) missing.push(url);
        return [...anchors, ...missing];
      });
      assert.deepEqual(lost, []);
    });
  });
}

describe('the layout', () => {
  const { open } = site();

  for (const width of [320, 390, 820, 1440]) {
    test(`nothing reaches past the right edge at ${width} px`, async (t) => {
      const page = await open(t, { width });
      const wide = await page.evaluate(() => {
        const room = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= room) return [];
        return [...document.querySelectorAll('body *')]
          .filter((el) => el.getBoundingClientRect().right > room + 1)
          .map((el) => `${el.tagName.toLowerCase()}.${el.getAttribute('class') ?? ''} ends at ${Math.round(el.getBoundingClientRect().right)}`)
          .slice(0, 8);
      });
      assert.deepEqual(wide, []);
    });
  }

  for (const width of [390, 1440]) {
    test(`the page keeps its height when the app takes over at ${width} px`, async (t) => {
      const height = async (options) => {
        const page = await open(t, { width, ...options });
        await page.evaluate(() => document.fonts.ready.then(() => true));
        return page.evaluate(() => document.documentElement.scrollHeight);
      };
      const [still, live] = [await height({ javaScriptEnabled: false }), await height({})];
      assert.ok(Math.abs(live - still) <= 4, `${still} px without JavaScript, ${live} px with it`);
    });

    test(`nothing shifts while the page loads at ${width} px`, async (t) => {
      const page = await open(t, {
        width,
        prepare: (page) =>
          page.addInitScript(() => {
            window.shifts = [];
            new PerformanceObserver((list) => {
              for (const entry of list.getEntries())
                window.shifts.push({ value: entry.value, by: entry.sources?.map((s) => s.node?.nodeName + '.' + (s.node?.className ?? '')) });
            }).observe({ type: 'layout-shift', buffered: true });
          }),
      });
      await page.waitForLoadState('networkidle');
      const shifts = await page.evaluate(() => window.shifts);
      assert.ok(shifts.reduce((sum, { value }) => sum + value, 0) <= 0.02, JSON.stringify(shifts));
    });
  }
});
