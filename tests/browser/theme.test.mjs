// Light and dark: the system's wish, the reader's choice, and figures that follow.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CANVAS, pixels, settle, site, whenReady } from './lib.mjs';

const { open } = site();

const toggle = (page) => page.getByRole('button', { name: /theme|colou?r scheme|light and dark/i }).first();
const chosen = (page) => page.evaluate(() => document.documentElement.dataset.theme ?? '');

/** How light the page's background is, from 0 to 1. */
const lightness = (page) =>
  page.evaluate(() => {
    const pen = document.createElement('canvas').getContext('2d');
    for (const el of [document.documentElement, document.body]) {
      pen.fillStyle = getComputedStyle(el).backgroundColor;
      pen.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
    return (r + g + b) / 765;
  });

/** Presses the toggle until the page is dark or light. */
async function turn(page, dark) {
  for (let i = 0; i < 4; i += 1) {
    if ((await lightness(page)) < 0.5 === dark) return;
    await toggle(page).click();
    await settle(page);
  }
  assert.fail(`the toggle never made the page ${dark ? 'dark' : 'light'}`);
}

describe('the theme', () => {
  test('follows the system until the reader chooses', async (t) => {
    assert.ok((await lightness(await open(t, { colorScheme: 'light' }))) > 0.8);
    assert.ok((await lightness(await open(t, { colorScheme: 'dark' }))) < 0.25);
  });

  test('turns with the toggle, all the way round', async (t) => {
    const page = await open(t, { colorScheme: 'light' });
    const seen = [await lightness(page)];
    for (let i = 0; i < 3; i += 1) {
      await toggle(page).click();
      await settle(page);
      seen.push(await lightness(page));
    }
    assert.ok(Math.min(...seen) < 0.25, `never dark: ${seen}`);
    assert.ok(seen.slice(2).includes(seen[0]), `never back: ${seen}`);
  });

  test('stays chosen after a reload, from the first paint on', async (t) => {
    const page = await open(t, {
      colorScheme: 'light',
      prepare: (page) =>
        page.addInitScript(() => {
          new MutationObserver((_, observer) => {
            if (!document.body) return;
            observer.disconnect();
            window.themeAtFirst = document.documentElement.dataset.theme ?? null;
          }).observe(document, { childList: true, subtree: true });
        }),
    });
    await turn(page, true);
    const choice = await chosen(page);
    await page.reload();
    assert.equal(await page.evaluate(() => window.themeAtFirst), choice, 'the theme came after the body');
    await whenReady(page);
    assert.ok((await lightness(page)) < 0.25);
    assert.deepEqual(page.complaints, []);
  });

  test('redraws every figure', async (t) => {
    const page = await open(t, { colorScheme: 'light' });
    const canvases = [];
    for (const canvas of await page.locator(CANVAS).all()) if (await canvas.isVisible()) canvases.push(canvas);
    const drawn = [];
    for (const canvas of canvases) {
      await canvas.scrollIntoViewIfNeeded();
      await settle(page);
      drawn.push(await pixels(canvas));
    }
    await turn(page, true);
    const same = [];
    for (const [i, canvas] of canvases.entries()) {
      await canvas.scrollIntoViewIfNeeded();
      await settle(page);
      if ((await pixels(canvas)) === drawn[i]) same.push(await canvas.evaluate((el) => el.closest('figure').dataset.figure));
    }
    assert.deepEqual(same, []);
  });
});
