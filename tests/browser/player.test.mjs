// Playing a run: it moves when asked, stops when asked, and keeps still for readers who want less motion.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pixels, settle, site } from './lib.mjs';

const { open } = site();
const FIGURES = ['race', 'gunicorn', 'event-loop', 'executor'];

const playhead = (page, figure) => page.locator(`figure[data-figure=${figure}] input[name=playhead]`).first();
const button = (page, figure, name) => page.locator(`figure[data-figure=${figure}]`).getByRole('button', { name }).first();
const at = (page, figure) => playhead(page, figure).evaluate((el) => Number(el.value));
const end = (page, figure) => playhead(page, figure).evaluate((el) => Number(el.max));

/** Waits until the playhead has left `from`. */
const leaves = (page, figure, from) =>
  page.waitForFunction(([figure, from]) => Number(document.querySelector(`figure[data-figure=${figure}] input[name=playhead]`).value) !== from, [figure, from]);

test('the race plays once when first seen and rests at its end', async (t) => {
  const page = await open(t, { reducedMotion: 'no-preference' });
  await playhead(page, 'race').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => {
    const { value, max } = document.querySelector('figure[data-figure=race] input[name=playhead]');
    return Number(value) > 0 && Number(value) < Number(max);
  });
  await page.waitForFunction(
    () => {
      const { value, max } = document.querySelector('figure[data-figure=race] input[name=playhead]');
      return Number(value) === Number(max);
    },
    undefined,
    { timeout: 30_000 },
  );
});

test('a run rests where it is while its figure is out of sight, and goes on from there', async (t) => {
  const page = await open(t, { reducedMotion: 'no-preference' });
  await playhead(page, 'race').scrollIntoViewIfNeeded();
  await leaves(page, 'race', await end(page, 'race'));
  await leaves(page, 'race', 0);
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await button(page, 'race', /^play/i).waitFor({ state: 'attached' });
  const rest = await at(page, 'race');
  assert.ok(rest > 0 && rest < 1, `it rests at ${rest}`);
  await page.waitForTimeout(300);
  assert.equal(await at(page, 'race'), rest);
  await playhead(page, 'race').scrollIntoViewIfNeeded();
  await leaves(page, 'race', rest);
  const next = await at(page, 'race');
  assert.ok(next > rest && next < rest + 0.5, `from ${rest} it goes on at ${next}`);
});

test('a run that the reader has paused meanwhile stays where it is', async (t) => {
  const page = await open(t, { reducedMotion: 'no-preference', height: 700 });
  await playhead(page, 'race').scrollIntoViewIfNeeded();
  await leaves(page, 'race', await end(page, 'race'));
  await leaves(page, 'race', 0);
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await button(page, 'race', /^play/i).waitFor({ state: 'attached' });
  // Moved without bringing it into view.
  await playhead(page, 'race').evaluate((el) => {
    el.value = 0.25;
    el.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await playhead(page, 'race').scrollIntoViewIfNeeded();
  await page.waitForTimeout(500);
  assert.equal(await at(page, 'race'), 0.25);
});

test('nothing moves by itself for readers who ask for less motion', async (t) => {
  const page = await open(t, { reducedMotion: 'reduce' });
  const state = () => page.locator('input[name=playhead]').evaluateAll((all) => all.map((el) => el.value));
  await playhead(page, 'race').scrollIntoViewIfNeeded();
  const start = await state();
  assert.equal(await at(page, 'race'), await end(page, 'race'));
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1000)));
  assert.deepEqual(await state(), start);
});

test('the run passes at the speed that is chosen, and says how fast that is', async (t) => {
  const page = await open(t, { reducedMotion: 'no-preference' });
  await playhead(page, 'gunicorn').scrollIntoViewIfNeeded();
  const speed = page.locator('figure[data-figure=gunicorn] select[name=speed]');
  const words = new Set();
  /** Shares of the run that pass in a second of the reader's. */
  const rate = async (value) => {
    await speed.selectOption(value);
    await playhead(page, 'gunicorn').focus();
    await page.keyboard.press('Home');
    await button(page, 'gunicorn', /^play/i).click();
    await leaves(page, 'gunicorn', 0);
    words.add(await speed.getAttribute('title'));
    const rate = await page.evaluate(async () => {
      const input = document.querySelector('figure[data-figure=gunicorn] input[name=playhead]');
      const now = () => [Number(input.value), performance.now()];
      const [from, start] = now();
      await new Promise((done) => setTimeout(done, 800));
      const [to, end] = now();
      return (1000 * (to - from)) / (end - start);
    });
    await button(page, 'gunicorn', /^pause/i).click();
    return rate;
  };
  for (const value of ['0.25', '1', '4']) {
    // At 1 a whole run takes eight seconds; a busy machine may lose some of them.
    const share = (await rate(value)) / (Number(value) / 8);
    assert.ok(share > 0.6 && share < 1.15, `at ${value} the run passes ${share} times as fast as it should`);
  }
  assert.equal(words.size, 3, [...words].join());
  assert.deepEqual(page.complaints, []);
});

for (const figure of FIGURES) {
  describe(`the player of '${figure}'`, () => {
    test('plays and pauses', async (t) => {
      const page = await open(t, { reducedMotion: 'no-preference' });
      await playhead(page, figure).scrollIntoViewIfNeeded();
      if (await button(page, figure, /^pause/i).isVisible()) await button(page, figure, /^pause/i).click();
      await playhead(page, figure).focus();
      await page.keyboard.press('Home');
      await settle(page);
      const start = await at(page, figure);
      await button(page, figure, /^play/i).click();
      await leaves(page, figure, start);
      await button(page, figure, /^pause/i).click();
      await settle(page);
      const paused = await at(page, figure);
      await page.evaluate(() => new Promise((done) => setTimeout(done, 250)));
      assert.equal(await at(page, figure), paused);
      assert.deepEqual(page.complaints, []);
    });

    test('is scrubbed with the keyboard, and the picture follows', async (t) => {
      const page = await open(t);
      const scope = page.locator(`figure[data-figure=${figure}]`);
      const picture = async () => {
        const drawn = await Promise.all((await scope.locator('canvas').all()).map(pixels));
        const diagram = await scope.locator('svg').evaluateAll((all) => all.map((el) => el.outerHTML).join());
        return drawn.join() + diagram + (await scope.getAttribute('style'));
      };
      await playhead(page, figure).focus();
      await page.keyboard.press('Home');
      await settle(page);
      const [start, first] = [await at(page, figure), await picture()];
      for (let i = 0; i < 3; i += 1) await page.keyboard.press('PageUp');
      await settle(page);
      assert.ok((await at(page, figure)) > start, 'the playhead did not move');
      assert.notEqual(await picture(), first, 'the picture did not follow');
      assert.ok(await playhead(page, figure).evaluate((el) => (el.ariaValueText ?? el.getAttribute('aria-valuetext') ?? '').length > 0), 'the playhead does not say the time in words');
    });
  });
}
