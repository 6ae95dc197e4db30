// Opening the page: it comes up whole, quiet and in place, wherever it is hosted.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CANVAS, MOUNT, settle, site, whenReady } from './lib.mjs';

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

    test('every figure is drawn, seen or not', async (t) => {
      const page = await open(t);
      const figures = await page.locator('figure[data-figure]').evaluateAll((all) => all.map((el) => el.dataset.figure));
      for (const name of ['race', 'gunicorn', 'event-loop', 'executor']) assert.ok(figures.includes(name), `no figure '${name}'`);
      for (const canvas of await page.locator(CANVAS).all()) {
        if (!(await canvas.isVisible())) continue;
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

    test('the page says what it is, to search engines and to whoever gets the link', async (t) => {
      const page = await open(t);
      const { title, description } = JSON.parse(await readFile(join(import.meta.dirname, '../../content/site.json'), 'utf8'));
      assert.equal(await page.title(), title);
      assert.equal(await page.locator('meta[name=description]').getAttribute('content'), description);
      assert.equal(await page.locator('meta[property="og:title"]').getAttribute('content'), title);
      assert.equal(await page.locator('meta[property="og:description"]').getAttribute('content'), description);
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
        const kept = (el) => {
          for (let box = el.parentElement; box !== document.body; box = box.parentElement) if (!box.matches('.figure') && getComputedStyle(box).overflowX !== 'visible') return true;
          return false;
        };
        return [...document.querySelectorAll('body *')]
          .filter((el) => el.getBoundingClientRect().right > room + 1 && !kept(el))
          .map((el) => `${el.tagName.toLowerCase()}.${el.getAttribute('class') ?? ''} ends at ${Math.round(el.getBoundingClientRect().right)}`)
          .slice(0, 8);
      });
      assert.deepEqual(wide, []);
    });
  }

  test('a picture takes its still\'s place when it is drawn, before the whole page is ready', async (t) => {
    // What is to be seen of the stills of those that are drawn, as soon as each is.
    const page = await open(t, {
      prepare: (page) =>
        page.addInitScript(() => {
          window.stills = [];
          new MutationObserver((changes) => {
            for (const { target } of changes) if (target.matches('.plot canvas')) window.stills.push([getComputedStyle(target.nextElementSibling).display, 'ready' in document.documentElement.dataset]);
          }).observe(document, { subtree: true, attributeFilter: ['width'] });
        }),
    });
    const stills = await page.evaluate(() => window.stills);
    assert.ok(stills.filter(([, ready]) => !ready).length > 10, 'they were not drawn one after the other');
    assert.deepEqual(stills.filter(([display]) => display !== 'none'), []);
  });

  /** What `look` makes of each figure beside text that is much longer. */
  const besideLongText = async (page, look) => {
    const out = [];
    for (const stand of await page.locator('.row.beside > .stand').all()) {
      if (await stand.evaluate((el) => el.parentElement.getBoundingClientRect().height - el.offsetHeight >= 400)) out.push(await stand.evaluate(look));
    }
    assert.ok(out.length > 4, JSON.stringify(out));
    return out;
  };

  test('on a low screen a figure scrolls with the page until its end is in view, and stays there beside its text', async (t) => {
    const page = await open(t, { width: 1366, height: 768 });
    const places = await besideLongText(page, async (stand) => {
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const row = stand.parentElement.getBoundingClientRect();
      const top = row.top + scrollY;
      const at = async (y) => {
        scrollTo({ top: top + y, behavior: 'instant' });
        await new Promise((done) => requestAnimationFrame(done));
        return stand.getBoundingClientRect();
      };
      const first = (await at(-100)).top;
      const last = (await at(row.height - innerHeight)).bottom;
      const figure = stand.querySelector('.figure');
      const inside = figure.getBoundingClientRect();
      return { name: figure.dataset.figure, first: Math.round(first), low: Math.round(innerHeight - rem - last), free: getComputedStyle(figure).overflowY, whole: inside.height > innerHeight - 5.25 * rem || inside.top >= 4.2 * rem };
    });
    for (const { name, ...place } of places) assert.deepEqual(place, { first: 100, low: 0, free: 'visible', whole: true }, name);
  });

  test('a figure stays in view beside its text, and what is too high for the screen scrolls in it', async (t) => {
    const page = await open(t, { width: 1440, height: 800 });
    const places = await besideLongText(page, async (stand) => {
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      scrollTo({ top: stand.parentElement.getBoundingClientRect().top + scrollY + 200, behavior: 'instant' });
      await frame();
      const { top, bottom } = stand.getBoundingClientRect();
      const figure = stand.querySelector('figure');
      const controls = [...figure.querySelectorAll('button, input, select')].filter((el) => el.checkVisibility());
      const hidden = [];
      for (const control of [controls.at(-1), controls[0]]) {
        control.focus();
        await frame();
        const at = control.getBoundingClientRect();
        if (at.top < top || at.bottom > bottom) hidden.push(control.name || control.textContent);
      }
      return { name: figure.dataset.figure, low: Math.round(top - 4.25 * rem), over: Math.max(0, bottom - innerHeight), wide: figure.scrollWidth - figure.clientWidth, scrolls: figure.scrollHeight > figure.clientHeight + 1, hidden };
    });
    assert.ok(places.some(({ scrolls }) => scrolls), JSON.stringify(places));
    for (const { name, scrolls, ...wrong } of places) assert.deepEqual(wrong, { low: 0, over: 0, wide: 0, hidden: [] }, name);
  });

  for (const height of [650, 900])
    test(`the sliders of a figure beside its text leave what they change in sight at ${height} px`, async (t) => {
      const page = await open(t, { width: 1440, height });
      const places = await page.evaluate(async () => {
        const frame = () => new Promise((done) => requestAnimationFrame(done));
        const out = [];
        for (const stand of document.querySelectorAll('.row.beside > .stand')) {
          stand.scrollIntoView({ block: 'end', behavior: 'instant' });
          await frame();
          const box = (of) => (of.at ? stand.querySelector(of) : of).getBoundingClientRect();
          const [figure, form, picture] = ['.figure', '.form', '.bands, .lanes'].map(box);
          const scroller = stand.querySelector('.figure');
          const sliders = [...stand.querySelectorAll('.form input')];
          const hidden = sliders.map(box).filter(({ top, bottom }) => top < figure.top || bottom > Math.min(innerHeight, figure.bottom)).length;
          const sticky = getComputedStyle(stand.querySelector('.form')).position === 'sticky';
          // With the keyboard: a slider moves nothing away, and nothing else is focused beneath the sliders.
          let [moved, beneath] = [0, []];
          if (sticky) {
            for (const slider of sliders) {
              slider.focus();
              await frame();
              moved = Math.max(moved, scroller.scrollTop);
            }
            for (const control of stand.querySelectorAll('.shown, .under :is(button, select, input, summary)')) {
              if (!control.checkVisibility()) continue;
              control.focus();
              await frame();
              if (box(control).bottom > box('.form').top + 1 && box(control).height < 200) beneath.push(control.textContent || control.name);
            }
          }
          const free = form.top > picture.top + 0.75 * picture.height;
          out.push({ name: scroller.dataset.figure, sticky, hidden: sticky ? hidden : 0, free, moved, beneath });
        }
        return out;
      });
      assert.ok(places.length > 10, JSON.stringify(places));
      for (const { name, ...place } of places) assert.deepEqual(place, { sticky: height > 800, hidden: 0, free: true, moved: 0, beneath: [] }, name);
    });

  for (const width of [390, 1440]) {
    test(`the page keeps its height when the app takes over at ${width} px`, async (t) => {
      let letIn;
      const held = new Promise((done) => (letIn = done));
      const page = await open(t, { width, ready: false, prepare: (page) => page.route('**/*.wasm', (route) => held.then(() => route.continue())) });
      const height = () => page.evaluate(() => document.fonts.ready.then(() => document.documentElement.scrollHeight));
      await page.waitForSelector('html:not([data-parts])');
      const still = await height();
      letIn();
      await whenReady(page);
      await settle(page);
      const live = await height();
      assert.ok(Math.abs(live - still) <= 4, `${still} px before, ${live} px after`);
    });

    test(`all of the page is laid out soon, and at once where a link leads into it, at ${width} px`, async (t) => {
      const heights = (page) => page.evaluate(() => [...document.querySelectorAll('.prose:not(:empty), .stand')].map((part) => Math.round(part.getBoundingClientRect().height)));
      // Fonts that come late or early would tell the two apart.
      const prepare = (page) => page.route('**/*.woff2', (route) => route.abort());
      const page = await open(t, { width, prepare });
      await page.waitForSelector('html:not([data-parts])');
      const slowly = await heights(page);
      assert.ok(slowly.every((height) => height > 0) && new Set(slowly).size > 20, `${slowly}`);
      const linked = await open(t, { width, prepare, path: '#figure-stall', ready: false });
      assert.equal(await linked.evaluate(() => document.documentElement.dataset.parts), undefined);
      await whenReady(linked);
      assert.deepEqual(await heights(linked), slowly);
    });

    test(`whoever jumps into the page while it is laid out gets there, at ${width} px`, async (t) => {
      let letIn;
      const held = new Promise((done) => (letIn = done));
      // With the last of the page's bytes held back, nothing is laid out yet that is not near.
      const page = await open(t, {
        width,
        ready: false,
        prepare: async (page) => {
          await page.route('**/*.wasm', (route) => held.then(() => route.continue()));
          await page.addInitScript(() => {
            const later = window.setTimeout.bind(window);
            window.setTimeout = (work, ms, ...rest) => (window.stalled ? 0 : later(work, ms, ...rest));
            addEventListener('DOMContentLoaded', () => (window.stalled = true), true);
          });
        },
      });
      assert.notEqual(await page.evaluate(() => document.documentElement.dataset.parts), undefined);
      await page.evaluate(() => document.querySelector('.site a[href="#lab"]').click());
      await page.waitForSelector('html:not([data-parts])');
      await settle(page);
      const top = await page.evaluate(() => document.querySelector('#lab').getBoundingClientRect().top);
      assert.ok(top >= 0 && top < 120, `the lab is ${top} px below the top`);
      letIn();
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
