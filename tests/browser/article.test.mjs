// Reading the article: the table of contents follows, headings can be linked to, code can be copied and follows the sliders.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { settle, site } from './lib.mjs';

const { open } = site();

describe('the article', () => {
  test('has a table of contents that follows the reader', async (t) => {
    const page = await open(t);
    const links = await page.locator('nav a[href^="#"]').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href')))]);
    for (const href of [links[1], links.at(-2)]) {
      await page.evaluate((href) => document.getElementById(href.slice(1)).scrollIntoView({ block: 'start', behavior: 'instant' }), href);
      await page.waitForSelector(`nav a[href="${href}"]:is([aria-current="true"], [aria-current="location"])`, { state: 'attached', timeout: 3000 });
    }
  });

  test('has headings that can be linked to', async (t) => {
    const page = await open(t);
    const bare = await page.locator('main h2').evaluateAll((all) =>
      all.filter((h) => !h.querySelector('a[href^="#"]') && !h.parentElement.querySelector(':scope > a[href^="#"]')).map((h) => h.innerText),
    );
    assert.deepEqual(bare, []);
  });

  test('has code samples that a button copies as they stand', async (t) => {
    const page = await open(t, { permissions: ['clipboard-read', 'clipboard-write'] });
    const buttons = page.locator('main').getByRole('button', { name: /^cop(y|ied)/i });
    assert.ok((await buttons.count()) >= 3, `${await buttons.count()} copy buttons`);
    const button = buttons.first();
    await button.click();
    const [shown, copied] = await Promise.all([
      button.evaluate((el) => {
        for (let box = el.parentElement; box; box = box.parentElement) {
          const code = box.querySelector('pre');
          if (code) return (code.querySelector('code') ?? code).textContent;
        }
      }),
      page.evaluate(() => navigator.clipboard.readText()),
    ]);
    assert.equal(copied.trim(), shown.trim());
    assert.deepEqual(page.complaints, []);
  });

  const NUMBERS = [
    ['gunicorn', 'workers'],
    ['gunicorn', 'threads'],
    ['executor', 'max_workers'],
  ];
  for (const [figure, name] of NUMBERS) {
    test(`has ${name} in the code of '${figure}' follow the slider`, async (t) => {
      const page = await open(t);
      const scope = page.locator('section').filter({ has: page.locator(`figure[data-figure=${figure}]`) }).last();
      const code = async () => (await scope.locator('pre').allInnerTexts()).join('\n');
      const controls = page.locator(`figure[data-figure=${figure}]`);
      const input = controls.locator(`input[type=range][name=${name}]`).first();
      const field = controls.locator(`input[type=number][name=${name}]`).first();
      const before = await code();
      await input.focus();
      await page.keyboard.press('ArrowRight');
      await settle(page);
      const now = (await field.count()) ? await field.inputValue() : await input.inputValue();
      assert.notEqual(await code(), before, 'the code did not change');
      assert.match(await code(), new RegExp(`\\b${now}\\b`));
    });
  }
});
