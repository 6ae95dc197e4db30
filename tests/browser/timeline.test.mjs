// Exploring a timeline: by mouse, by keyboard alone, by touch; and what a reader takes away from it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import axe from 'axe-core';
import { pixels, settle, site } from './lib.mjs';

const { open } = site();
const RACE = 'figure[data-figure=race]';

/** The part of the axis in view, as the minimap says it: start and width in percent. */
const seen = (page, figure = RACE) =>
  page.locator(`${figure} .seen`).evaluate((el) => [parseFloat(el.style.left), parseFloat(el.style.width)]);

const shown = (page, figure = RACE, n = 0) => page.locator(`${figure} .shown`).nth(n);
const tip = (page, figure = RACE) => page.locator(`${figure} .tip`).first();
const pictures = async (page, figure = RACE) => (await Promise.all((await page.locator(`${figure} .shown canvas`).all()).map(pixels))).join();

/** Brings a figure's first timeline to the middle of the screen; its box. */
async function bring(page, figure = RACE, n = 0) {
  await shown(page, figure, n).evaluate((el) => el.scrollIntoView({ block: 'center' }));
  await settle(page);
  return shown(page, figure, n).boundingBox();
}

const point = (page, { x, y, width, height }, dx, dy = 0.5) => page.mouse.move(x + dx * width, y + dy * height, { steps: 5 });

async function wheel(page, by, key) {
  if (key) await page.keyboard.down(key);
  await page.mouse.wheel(0, by);
  await page.waitForTimeout(150);
  if (key) await page.keyboard.up(key);
}

describe('by mouse', () => {
  test('Ctrl and the wheel zoom on all timelines of the figure, around the pointer', async (t) => {
    const page = await open(t);
    const box = await bring(page);
    const before = await pictures(page);
    await point(page, box, 0.25);
    await wheel(page, -200, 'Control');
    const [left, width] = await seen(page);
    assert.ok(width < 40, `${width} % in view`);
    assert.ok(Math.abs(left + width / 4 - 25) < 1, `${left} to ${left + width} % in view, and the pointer at 25`);
    const after = await pictures(page);
    assert.equal(before.split(',').filter((picture, i) => picture !== after.split(',')[i]).length, 3, 'not every timeline followed');
    await wheel(page, 1000, 'Control');
    await settle(page);
    assert.deepEqual(await seen(page), [0, 100]);
    assert.deepEqual(page.complaints, []);
  });

  test('a view that is not of time has nothing to zoom, and the part in view is kept for the others', async (t) => {
    const page = await open(t);
    await bring(page);
    const [zoom, aspect, map] = ['[aria-label=Zoom]', 'select[name=aspect]', '.minimap'].map((part) => page.locator(`${RACE} ${part}`));
    await page.locator(`${RACE} [data-act=in]`).click();
    await settle(page);
    const part = await seen(page);
    assert.ok(part[1] < 60, `${part[1]} % in view`);
    await aspect.selectOption('Latency');
    await settle(page);
    assert.deepEqual([await zoom.isVisible(), await map.isVisible()], [false, false]);
    const picture = await pictures(page);
    await shown(page).focus();
    for (const key of ['0', '+', 'd', 'Shift+ArrowRight']) await page.keyboard.press(key);
    await settle(page);
    assert.equal(await pictures(page), picture);
    await aspect.selectOption('Timeline');
    await settle(page);
    assert.deepEqual([await zoom.isVisible(), await map.isVisible()], [true, true]);
    assert.deepEqual(await seen(page), part);
    assert.equal(await page.locator(`${RACE} .range`).count(), 0);
    assert.deepEqual(page.complaints, []);
  });

  test('the wheel alone scrolls the page', async (t) => {
    const page = await open(t);
    const box = await bring(page);
    const top = await page.evaluate(() => scrollY);
    await point(page, box, 0.5);
    await wheel(page, 300);
    assert.ok((await page.evaluate(() => scrollY)) > top + 100, 'the page did not scroll');
    assert.deepEqual(await seen(page), [0, 100]);
  });

  test('dragging pans, and the minimap too', async (t) => {
    const page = await open(t);
    const box = await bring(page);
    await point(page, box, 0.5);
    await wheel(page, -200, 'Control');
    const [left, width] = await seen(page);
    await page.mouse.down();
    await point(page, box, 0.3);
    await page.mouse.up();
    const [panned] = await seen(page);
    assert.ok(Math.abs(panned - left - 0.2 * width) < 0.5, `from ${left} to ${panned}`);
    const map = await page.locator(`${RACE} .minimap`).boundingBox();
    await page.mouse.move(map.x + 0.9 * map.width, map.y + map.height / 2);
    await page.mouse.down();
    await page.mouse.move(map.x + 0.8 * map.width, map.y + map.height / 2, { steps: 4 });
    await page.mouse.up();
    const [moved, still] = await seen(page);
    assert.ok(Math.abs(moved + still / 2 - 80) < 1, `the middle is at ${moved + still / 2} %`);
  });

  test('hovering tells a request\'s story, a click pins it, Escape lets it go', async (t) => {
    const page = await open(t);
    const box = await bring(page);
    await point(page, box, 0.2, 0.55);
    await settle(page);
    const story = await tip(page).innerText();
    for (const words of ['Request', 'arrived at', 'in line', 'for I/O', 'answered at', 'in all']) assert.ok(story.includes(words), `${words} is missing: ${story}`);
    await page.mouse.down();
    await page.mouse.up();
    await page.mouse.move(5, 5);
    await settle(page);
    assert.equal(await tip(page).innerText(), story, 'the story did not stay');
    assert.equal(await page.locator(`${RACE} .mark`).count(), 3, 'the same request is not marked on the other timelines');
    await shown(page).focus();
    await page.keyboard.press('Escape');
    await settle(page);
    assert.equal(await page.locator(`${RACE} .tip`).count(), 0);
  });

  test('Shift and dragging selects a stretch and tells its numbers', async (t) => {
    const page = await open(t);
    const box = await bring(page);
    await page.keyboard.down('Shift');
    await point(page, box, 0);
    await page.mouse.down();
    await point(page, box, 0.5);
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await settle(page);
    // Half of 12.5 s is 62 waves of 8, of 100 ms each.
    const told = await tip(page).innerText();
    assert.match(told, /answered\s+496/);
    assert.match(told, /throughput\s+79\.\d\/s/);
    for (const words of ['p50', 'p95', 'p99', 'in flight, mean']) assert.ok(told.includes(words), told);
    assert.equal(await page.locator(`${RACE} .range`).count(), 3);
    assert.deepEqual(await seen(page), [0, 100], 'selecting moved the view');
    await shown(page).focus();
    await page.keyboard.press('f');
    await settle(page);
    const [left, width] = await seen(page);
    assert.ok(left < 0.5 && Math.abs(width - 50) < 1, `${left} and ${width} % are in view`);
  });

  test('a double click shows one request from edge to edge', async (t) => {
    const page = await open(t);
    const box = await bring(page, 'figure[data-figure=gunicorn]');
    await page.mouse.dblclick(box.x + 0.5 * box.width, box.y + 0.3 * box.height);
    await settle(page);
    const [, width] = await seen(page, 'figure[data-figure=gunicorn]');
    assert.ok(width < 90, `${width} % in view`);
    assert.match(await tip(page, 'figure[data-figure=gunicorn]').innerText(), /Request \d+/);
  });

  test('the legend hides a state and shows it again', async (t) => {
    const page = await open(t);
    await bring(page);
    const before = await pictures(page);
    const queued = page.locator(`${RACE} .legend button`, { hasText: 'in line' });
    await queued.click();
    await settle(page);
    assert.notEqual(await pictures(page), before);
    assert.equal(await queued.getAttribute('aria-pressed'), 'false');
    await queued.click();
    await settle(page);
    assert.equal(await pictures(page), before);
  });
});

describe('by keyboard alone', () => {
  test('the cursor moves, tells what it finds, zooms, pins and selects', async (t) => {
    const page = await open(t);
    await shown(page).focus();
    const aloud = page.locator(`${RACE} .aloud`);
    await page.keyboard.press('ArrowRight');
    await settle(page);
    const first = await aloud.innerText();
    assert.match(first, /Gunicorn: (Request|At) /);
    for (let i = 0; i < 20; i += 1) await page.keyboard.press('ArrowLeft');
    await settle(page);
    assert.notEqual(await aloud.innerText(), first);
    await page.keyboard.press('w');
    await page.keyboard.press('+');
    await settle(page);
    assert.equal((await seen(page))[1], 25);
    const [left] = await seen(page);
    await page.keyboard.press('d');
    await settle(page);
    assert.ok((await seen(page))[0] > left);
    await page.keyboard.press('Enter');
    await settle(page);
    assert.equal(await page.locator(`${RACE} .tip.pinned`).count(), 1);
    await page.keyboard.press('0');
    await settle(page);
    assert.deepEqual(await seen(page), [0, 100]);
    await page.keyboard.press('Escape');
    for (let i = 0; i < 10; i += 1) await page.keyboard.press('Shift+ArrowRight');
    await settle(page);
    assert.match(await tip(page).innerText(), /answered/);
    assert.deepEqual(page.complaints, []);
  });

  test('the playhead steps from event to event, forwards and back', async (t) => {
    const page = await open(t);
    const figure = 'figure[data-figure=gunicorn]';
    await shown(page, figure).focus();
    const time = page.locator(`${figure} .time`);
    const start = await time.innerText();
    await page.keyboard.press('.');
    await settle(page);
    const next = await time.innerText();
    assert.notEqual(next, start);
    await page.keyboard.press('.');
    await page.keyboard.press(',');
    await settle(page);
    assert.equal(await time.innerText(), next);
  });

  test('no event holds the playhead: it steps from the start of a run to its end', async (t) => {
    const page = await open(t);
    await shown(page).focus();
    const at = page.locator(`${RACE} input[name=playhead]`);
    await at.focus();
    await page.keyboard.press('Home');
    await shown(page).focus();
    let last = -1;
    for (let i = 0; i < 400; i += 1) {
      await page.keyboard.press('.');
      const now = Number(await at.inputValue());
      if (now >= 1) return;
      assert.ok(now > last, `stuck at ${now}`);
      last = now;
    }
    assert.fail(`only at ${last} after 400 events`);
  });

  test('the arrow keys pan when the cursor leaves the view', async (t) => {
    const page = await open(t);
    await shown(page).focus();
    for (const key of ['w', 'w', 'w']) await page.keyboard.press(key);
    const [left] = await seen(page);
    for (let i = 0; i < 80; i += 1) await page.keyboard.press('ArrowRight');
    await settle(page);
    assert.ok((await seen(page))[0] > left);
  });
});

describe('by touch', () => {
  const phone = { width: 390, height: 844, hasTouch: true, isMobile: true };

  /** Fingers as the browser gets them from a screen: down at `from`, by steps to `to`, and up; points are [x, y]. */
  async function fingers(page, from, to, steps = 8) {
    const screen = (page.screen ??= await page.context().newCDPSession(page));
    const send = (type, points) => screen.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    await send('touchStart', from);
    for (let i = 1; i <= steps; i += 1) {
      await send('touchMove', from.map(([x, y], finger) => [x + ((to[finger][0] - x) * i) / steps, y + ((to[finger][1] - y) * i) / steps]));
      await settle(page);
    }
    await send('touchEnd', []);
    await settle(page);
  }

  const scale = (page) => page.evaluate(() => visualViewport.scale);
  const top = (page) => page.evaluate(() => scrollY);

  test('two fingers zoom the timeline and not the page, one pans', async (t) => {
    const page = await open(t, phone);
    const { x, y, width, height } = await bring(page);
    const at = (dx, dy = 0.5) => [x + dx * width, y + dy * height];
    await fingers(page, [at(0.4), at(0.6)], [at(0.3), at(0.7)]);
    const [left, part] = await seen(page);
    assert.ok(Math.abs(part - 50) < 3 && Math.abs(left - 25) < 3, `${left} and ${part} %`);
    assert.equal(await scale(page), 1, 'the page was zoomed');
    const before = await top(page);
    await fingers(page, [at(0.6)], [at(0.3)]);
    const [panned, still] = await seen(page);
    assert.ok(panned > left + 5, `from ${left} to ${panned}`);
    assert.ok(Math.abs(still - part) < 1, 'panning zoomed');
    assert.equal(await top(page), before, 'the page was scrolled');
    await fingers(page, [at(0.3), at(0.7)], [at(0.45), at(0.55)]);
    assert.ok((await seen(page))[1] > part + 10, 'fingers that close do not zoom out');
    assert.deepEqual(page.complaints, []);
  });

  test('fingers do not leave at once, and the one that stays leaves the zoom as it is', async (t) => {
    const page = await open(t, phone);
    await bring(page);
    // The browser's tools lift all fingers together, so these come from a script.
    const touch = (kind, points) =>
      shown(page).evaluate(
        (el, { kind, points }) => {
          const box = el.getBoundingClientRect();
          for (const [id, x] of points)
            el.dispatchEvent(new PointerEvent(kind, { bubbles: true, cancelable: true, pointerId: id, pointerType: 'touch', isPrimary: id === 11, button: kind === 'pointermove' ? -1 : 0, buttons: kind === 'pointerup' ? 0 : 1, clientX: box.left + x * box.width, clientY: box.top + box.height / 2 }));
        },
        { kind, points },
      );
    await touch('pointerdown', [[11, 0.4], [12, 0.6]]);
    await touch('pointermove', [[11, 0.3], [12, 0.7]]);
    await settle(page);
    const [, width] = await seen(page);
    await touch('pointerup', [[11, 0.3]]);
    await touch('pointermove', [[12, 0.7]]);
    await settle(page);
    assert.ok(Math.abs((await seen(page))[1] - width) < 1, 'the zoom was lost');
    await touch('pointerup', [[12, 0.7]]);
  });

  test('a tap tells a story', async (t) => {
    const page = await open(t, phone);
    const box = await bring(page);
    await page.touchscreen.tap(box.x + box.width * 0.3, box.y + box.height * 0.6);
    await settle(page);
    assert.match(await tip(page).innerText(), /Request \d+/);
  });

  for (const figure of ['race', 'gunicorn', 'lab']) {
    test(`a swipe up or down over '${figure}' scrolls the page and leaves the timeline alone`, async (t) => {
      const page = await open(t, phone);
      const of = `figure[data-figure=${figure}]`;
      const { x, y, width, height } = await bring(page, of);
      const before = await top(page);
      const [middle, from] = [x + width / 2, y + height / 2];
      await fingers(page, [[middle, from]], [[middle + 4, from - 200]]);
      await page.waitForFunction((before) => scrollY > before + 100, before);
      const lower = await top(page);
      await fingers(page, [[middle, from - 200]], [[middle + 4, from]]);
      await page.waitForFunction((lower) => scrollY < lower - 100, lower);
      assert.deepEqual(await seen(page, of), [0, 100]);
      assert.equal(await page.locator(`${of} .tip.pinned`).count(), 0, 'a story was pinned');
    });
  }
});

describe('what is shown', () => {
  test('may be chosen: every chart of a run is drawn and says what it shows', async (t) => {
    const page = await open(t, { path: '?kind=gunicorn&workers=2&threads=4&cpu_ms=4&io_ms=50&pool_size=2&requests=300&arrivals=poisson&rate_per_s=60#lab' });
    const lab = 'figure[data-figure=lab]';
    await bring(page, lab);
    const select = page.locator(`${lab} select[name=aspect]`);
    const pictures = new Set();
    const names = await select.locator('option').allInnerTexts();
    assert.ok(names.length >= 12, names.join());
    for (const label of names.slice(1)) {
      await select.selectOption({ label });
      await settle(page);
      const picture = await pixels(shown(page, lab).locator('canvas'));
      assert.ok(!pictures.has(picture), `${label} looks like another one`);
      pictures.add(picture);
    }
    assert.deepEqual(page.complaints, []);
  });

  test('stays in place in every figure when the window is resized or the theme changes', async (t) => {
    const page = await open(t);
    await page.evaluate(() => document.fonts.ready);
    const figures = await page.locator('figure[data-figure]').evaluateAll((all) =>
      all.filter((el) => [...el.querySelectorAll('.shown')].some((shown) => shown.checkVisibility())).map((el) => el.dataset.figure));
    assert.ok(figures.length >= 16, figures.join());
    for (const figure of figures) {
      await page.locator(`figure[data-figure=${figure}] select[name=aspect]`).selectOption('Timeline');
      await page.locator(`figure[data-figure=${figure}] .shown:visible`).first().focus();
      for (const key of ['w', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
      await settle(page);
    }
    /** Where every figure is, how high, and what part of its axis it shows. */
    const places = () =>
      page.evaluate(
        (figures) =>
          figures.map((name) => {
            const el = document.querySelector(`figure[data-figure="${name}"]`);
            const { left, width } = el.querySelector('.seen').style;
            // Where its row is: in it a figure may follow the reader.
            return `${name}: at ${Math.round((el.closest('.row') ?? el).getBoundingClientRect().top + scrollY)}, ${el.offsetHeight} high, ${left} ${width} seen, ${el.querySelectorAll('.tip.pinned').length} pinned`;
          }),
        figures,
      );
    const before = await places();
    for (const line of before) assert.match(line, /50% seen/, 'it was not zoomed');
    const scrolled = await page.evaluate(() => scrollY);
    await page.evaluate(() => document.querySelector('.theme').click());
    await settle(page);
    assert.deepEqual(await places(), before, 'another theme');
    assert.equal(await page.evaluate(() => scrollY), scrolled, 'another theme scrolled the page');
    for (const size of [{ width: 1100, height: 800 }, { width: 600, height: 900 }, { width: 1440, height: 900 }]) {
      await page.setViewportSize(size);
      await settle(page);
      if (size.width !== 1440) {
        const seen = (lines) => lines.map((line) => line.replace(/at .* high, /, ''));
        assert.deepEqual(seen(await places()), seen(before), `${size.width} wide`);
      }
    }
    assert.deepEqual(await places(), before, 'as wide as before');
    assert.deepEqual(page.complaints, []);
  });

  test('does not move anything else while it is pointed at, zoomed and pinned', async (t) => {
    const page = await open(t);
    const box = await bring(page);
    const places = () => page.evaluate(() => [...document.querySelectorAll('figure, h2')].map((el) => Math.round(el.getBoundingClientRect().top + scrollY)).join());
    const before = await places();
    await point(page, box, 0.3);
    await wheel(page, -100, 'Control');
    await page.mouse.down();
    await page.mouse.up();
    await settle(page);
    assert.equal(await places(), before);
  });

  // One of each kind: stacked systems, each model's diagram, what depends on the workload, and the lab.
  const KINDS = ['race', 'gunicorn', 'event-loop', 'executor', 'crash', 'comparison', 'lab'];
  for (const colorScheme of ['light', 'dark']) {
    test(`pleases axe while a request is pinned, a menu open and the table shown, ${colorScheme}`, async (t) => {
      const page = await open(t, { colorScheme, bypassCSP: true });
      await page.evaluate(axe.source);
      for (const figure of KINDS) {
        const of = `figure[data-figure=${figure}]`;
        const visible = page.locator(`${of} .shown:visible`).first();
        await visible.evaluate((el) => el.scrollIntoView({ block: 'center' }));
        await visible.focus();
        await page.keyboard.press('ArrowRight');
        for (let i = 0; i < 40 && (await page.locator(`${of} .tip.pinned`).count()) === 0; i += 1) {
          await page.keyboard.press(i % 2 ? 'Enter' : 'ArrowLeft');
          await settle(page);
        }
        assert.equal(await page.locator(`${of} .tip.pinned`).count(), 1, `${figure}: nothing is pinned`);
        const menu = page.locator(`${of} summary`, { hasText: 'Save' });
        await menu.click();
        await page.locator(`${of} [data-act=table]`).click();
        // Choosing closes it.
        if (!(await menu.evaluate((el) => el.parentElement.open))) await menu.click();
        assert.ok(await page.locator(`${of} .data table`).first().isVisible(), `${figure}: no table`);
        const { violations } = await page.evaluate((of) => window.axe.run(of, { resultTypes: ['violations'] }), of);
        assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`)), [], figure);
      }
    });
  }
});

describe('a reader takes away', () => {
  async function download(page, what) {
    await page.locator(`${RACE} summary`, { hasText: 'Save' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator(`${RACE} [data-act=${what}]`).click()]);
    return { name: file.suggestedFilename(), data: await readFile(await file.path()) };
  }

  test('the requests as CSV, which give the run\'s numbers', async (t) => {
    const page = await open(t);
    const { name, data } = await download(page, 'csv');
    assert.equal(name, 'race.csv');
    const [head, ...lines] = data.toString().trim().split('\n').map((line) => line.split(','));
    assert.equal(lines.length, 3000);
    const column = (name) => head.indexOf(name);
    const report = await page.evaluate(() => JSON.parse(window.wasmBindings.simulate(JSON.stringify({ system: { kind: 'gunicorn', workers: 4, threads: 2 } }))));
    const latencies = lines.filter((line) => line[0] === 'gunicorn').map((line) => Number(line[column('latency_ms')])).toSorted((a, b) => a - b);
    assert.equal(latencies[Math.ceil(0.95 * 1000) - 1], report.latency_ms.p95);
    assert.equal(latencies.at(-1), report.latency_ms.max);
  });

  test('a trace with slices that nest', async (t) => {
    const page = await open(t);
    const { name, data } = await download(page, 'trace');
    assert.equal(name, 'race-trace.json');
    const { traceEvents } = JSON.parse(data.toString());
    assert.ok(traceEvents.filter(({ ph }) => ph === 'X').length >= 6000);
    const threads = {};
    for (const event of traceEvents) if (event.ph === 'X') (threads[`${event.pid} ${event.tid}`] ??= []).push(event);
    assert.ok(Object.keys(threads).length > 20, 'the lanes of three systems have a thread each');
    for (const slices of Object.values(threads)) {
      const ends = [];
      for (const { ts, dur } of slices.toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)) {
        while (ends.length && ends.at(-1) <= ts) ends.pop();
        assert.ok(!ends.length || ts + dur <= ends.at(-1) + 1e-6);
        ends.push(ts + dur);
      }
    }
  });

  test('a picture with twice the pixels, of the timelines as they are on such a screen', async (t) => {
    const page = await open(t, { deviceScaleFactor: 2, bypassCSP: true });
    // As wide as whole pixels, so that the picture's are the screen's.
    await page.addStyleTag({ content: `${RACE} .shown { width: 800px; }` });
    await bring(page);
    await settle(page);
    const { name, data } = await download(page, 'png');
    assert.equal(name, 'race.png');
    const plots = await page.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const figure = document.querySelector('figure[data-figure=race]');
      const drawn = (image) => {
        const context = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height }).getContext('2d');
        context.fillStyle = getComputedStyle(figure).getPropertyValue('--card');
        context.fillRect(0, 0, image.width, image.height);
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height).data;
      };
      const picture = drawn(image);
      let top = 0;
      return [...figure.querySelectorAll('.shown canvas')].map((shown) => {
        const { width, height } = shown;
        const plot = drawn(shown);
        const close = (i, j) => [0, 1, 2].every((c) => Math.abs(plot[4 * i + c] - picture[4 * j + c]) <= 2);
        // What is drawn, not the ground, which a picture without timelines would have too.
        const ink = Array.from({ length: width * height }, (_, i) => i).filter((i) => !close(i, 0));
        /** Which share of it, of every so many-th pixel, is at this height of the picture, its edge of 20 left out. */
        const share = (y, step) => {
          const some = ink.filter((_, n) => n % step === 0);
          return some.filter((i) => close(i, (y + Math.floor(i / width)) * image.width + 40 + (i % width))).length / some.length;
        };
        const few = Math.ceil(ink.length / 200);
        while (top + height < image.height && share(top, few) < 0.9) top += 1;
        // A row too high or too low is nearly the same where rows look alike.
        const near = Array.from({ length: 40 }, (_, i) => share(top + i, 1));
        const same = Math.max(...near);
        top += near.indexOf(same) + height;
        const shares = {};
        for (const word of new Uint32Array(plot.buffer)) shares[word] = (shares[word] ?? 0) + 1 / (width * height);
        return { width, same, colours: Object.keys(shares).length, most: Math.max(...Object.values(shares)) };
      });
    }, data.toString('base64'));
    assert.equal(plots.length, 3);
    for (const { width, same, colours } of plots) {
      assert.equal(width, 1600);
      assert.ok(same > 0.99, `${same} of what is drawn of a timeline is in the picture`);
      assert.ok(colours >= 2, `a timeline of ${colours} colours`);
    }
    // Gunicorn's and the executor's fill their timelines; the loop's is over at once.
    for (const { most } of [plots[0], plots[2]]) assert.ok(most < 0.95, `${most} of a timeline is one colour`);
  });

  test('a picture with the shades that are shown, each with its words', async (t) => {
    const page = await open(t);
    await bring(page);
    /** The picture's height, and what is written and drawn small, by where, in CSS pixels. */
    const picture = async () => {
      await page.evaluate(() => {
        window.drawn = [];
        const { fillText, drawImage } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.fillText = function (words, x, y) {
          window.drawn.push({ words, x, y });
          return fillText.call(this, words, x, y);
        };
        CanvasRenderingContext2D.prototype.drawImage = function (...given) {
          const [sheet, x, y, width] = given;
          const { data } = sheet.getContext('2d').getImageData(0, 0, sheet.width, sheet.height);
          if (width < 50) window.drawn.push({ key: String([...new Set(new Uint32Array(data.buffer))]), x, y });
          return drawImage.apply(this, given);
        };
      });
      await download(page, 'png');
      return page.evaluate(() => window.drawn);
    };
    const legend = page.locator(`${RACE} .legend button`);
    const words = await legend.allInnerTexts();
    assert.ok(words.length >= 2, `${words}`);
    const drawn = await picture();
    const keys = drawn.filter(({ key }) => key);
    assert.equal(keys.length, words.length);
    assert.equal(new Set(keys.map(({ key }) => key)).size, words.length, 'two shades look alike');
    for (const [i, { x, y }] of keys.entries()) {
      const said = drawn.find((text) => text.words === words[i]);
      assert.ok(said && said.x > x && said.x < x + 40 && Math.abs(said.y - y) < 16, `no words beside ${words[i]}`);
    }
    await legend.first().click();
    assert.equal((await picture()).filter(({ words: w }) => w === words[0]).length, 0, 'a shade that is hidden is told');
  });

  test('a link that opens the same systems in the lab', async (t) => {
    const page = await open(t, { permissions: ['clipboard-read', 'clipboard-write'] });
    const slider = page.locator(`${RACE} input[type=range][name=io_ms]`);
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    const set = await slider.inputValue();
    await page.locator(`${RACE} summary`, { hasText: 'Save' }).click();
    await page.locator(`${RACE} [data-act=link]`).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.goto(link);
    await page.waitForSelector('html[data-ready="true"]', { state: 'attached' });
    assert.equal(await page.locator('form[data-lab=lab] fieldset.system').count(), 3);
    const [race, lab] = await Promise.all(['race', 'lab'].map((lab) => page.locator(`form[data-lab=${lab}] input[type=range][name=io_ms]`).inputValue()));
    assert.equal(lab, set);
    assert.equal(race, set);
  });

  test('the run in Perfetto, which is asked whether it is there first', async (t) => {
    const page = await open(t, {
      prepare: (page) =>
        page.addInitScript(() => {
          window.sent = [];
          window.open = (url) => {
            window.opened = url;
            // A window of one's own stands in for Perfetto's: it answers the second question.
            const frame = document.createElement('iframe');
            document.body.append(frame);
            const there = frame.contentWindow;
            there.postMessage = (message, origin) => {
              window.sent.push([message === 'PING' ? message : Object.keys(message.perfetto).join(), origin]);
              if (message === 'PING' && window.sent.length === 2) window.postMessage('PONG', '*');
              if (message !== 'PING') window.trace = new TextDecoder().decode(message.perfetto.buffer);
            };
            return there;
          };
        }),
    });
    await page.locator(`${RACE} summary`, { hasText: 'Save' }).click();
    await page.locator(`${RACE} [data-act=perfetto]`).click();
    await page.waitForFunction(() => window.trace);
    const { opened, sent, events } = await page.evaluate(() => ({ opened: window.opened, sent: window.sent, events: JSON.parse(window.trace).traceEvents.length }));
    assert.equal(opened, 'https://ui.perfetto.dev');
    assert.deepEqual(sent.at(-1), ['buffer,title,fileName', 'https://ui.perfetto.dev']);
    assert.ok(events > 3000);
  });

  test('the requests in view as a table', async (t) => {
    const page = await open(t);
    await page.locator(`${RACE} summary`, { hasText: 'Save' }).click();
    await page.locator(`${RACE} [data-act=table]`).focus();
    await page.keyboard.press('Enter');
    // The menu is closed, and the reader still there.
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Save');
    const table = page.locator(`${RACE} .data`);
    assert.equal(await table.locator('table').count(), 3);
    assert.match(await table.locator('caption').first().innerText(), /Gunicorn: the first 100 of 1000 requests in view/);
    assert.equal(await table.locator('tbody tr').count(), 300);
  });
});
