// Charts are sharp: as many pixels as the screen has, at every density and after every resize.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CANVAS, settle, site } from './lib.mjs';

const { open } = site();

const blurred = (page) =>
  page.locator(CANVAS).evaluateAll((all) =>
    all
      .filter((el) => el.checkVisibility())
      .map((el) => ({ el, box: el.getBoundingClientRect() }))
      .filter(({ el, box }) => Math.abs(el.width - box.width * devicePixelRatio) > 1.5 || Math.abs(el.height - box.height * devicePixelRatio) > 1.5)
      .map(({ el, box }) => `${el.closest('figure').dataset.figure}: ${el.width} x ${el.height} for ${box.width} x ${box.height} at ${devicePixelRatio}`),
  );

async function visitAll(page) {
  for (const canvas of await page.locator(CANVAS).all()) if (await canvas.isVisible()) await canvas.scrollIntoViewIfNeeded();
  await settle(page);
}

for (const deviceScaleFactor of [1, 1.5, 2, 3]) {
  test(`charts are sharp at ${deviceScaleFactor} pixels to the pixel`, async (t) => {
    const page = await open(t, { deviceScaleFactor, width: 1000 });
    await visitAll(page);
    assert.deepEqual(await blurred(page), []);
  });
}

test('charts are sharp after the window is resized', async (t) => {
  const page = await open(t, { deviceScaleFactor: 2 });
  await visitAll(page);
  await page.setViewportSize({ width: 700, height: 900 });
  await visitAll(page);
  await page.waitForFunction(
    (selector) =>
      [...document.querySelectorAll(selector)].every((el) => !el.checkVisibility() || Math.abs(el.width - el.getBoundingClientRect().width * devicePixelRatio) <= 1.5),
    CANVAS,
    { timeout: 3000 },
  ).catch(() => {});
  assert.deepEqual(await blurred(page), []);
});
