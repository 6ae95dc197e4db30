// The scenario in the URL: a link restores it, a slider rewrites it, a broken one says what is wrong.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fields, site, whenReady } from './lib.mjs';

const { open } = site();
const LINK = '?kind=gunicorn&workers=8&arrivals=poisson&rate_per_s=60#lab';

const input = (page, name) => page.locator(`form[data-lab=lab] input[type=range][name=${name}]`).first();
const search = (page) => page.evaluate(() => location.search);

describe('a permalink', () => {
  test('restores its scenario in the lab', async (t) => {
    const page = await open(t, { path: LINK });
    const form = await fields(page);
    for (const [name, value] of Object.entries({ kind: 'gunicorn', workers: '8', arrivals: 'poisson', rate_per_s: '60' }))
      assert.ok(form[name]?.includes(value), `${name} is ${form[name]}, not ${value}`);
    assert.deepEqual(page.complaints, []);
  });

  test('restores the rest of the lab with defaults', async (t) => {
    const page = await open(t, { path: LINK });
    const form = await fields(page);
    assert.ok(form.requests?.includes('1000'), `requests is ${form.requests}`);
    assert.ok(form.io_ms?.includes('100'), `io_ms is ${form.io_ms}`);
  });

  test('follows the sliders without filling the history, and survives a reload', async (t) => {
    const page = await open(t, { path: LINK });
    const entries = await page.evaluate(() => history.length);
    await input(page, 'workers').focus();
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => new URLSearchParams(location.search).get('workers') > 8);
    assert.equal(await page.evaluate(() => history.length), entries);
    assert.equal(await page.evaluate(() => location.hash), '#lab');
    const [form, query] = [await fields(page), await search(page)];
    await page.reload();
    await whenReady(page);
    assert.deepEqual(await fields(page), form);
    assert.equal(await search(page), query);
  });

  test('keeps up with a long drag', async (t) => {
    const page = await open(t, { path: LINK });
    // Browsers refuse more than 200 history changes in half a minute.
    await input(page, 'workers').evaluate(async (el) => {
      for (let i = 0; i < 400; i += 1) {
        el.value = Number(el.min) + ((Number(el.max) - Number(el.min)) * (i % 97)) / 96;
        el.dispatchEvent(new Event('input', { bubbles: true }));
        if (i % 4 === 0) await new Promise(requestAnimationFrame);
      }
    });
    const { workers } = await fields(page);
    await page.waitForFunction((workers) => workers.includes(new URLSearchParams(location.search).get('workers')), workers);
    assert.deepEqual(page.complaints, []);
  });

  test('is bare again after a reset', async (t) => {
    const page = await open(t, { path: LINK });
    await page.locator('form[data-lab=lab]').getByRole('button', { name: /reset/i }).first().click();
    await page.waitForFunction(() => location.search === '');
    const plain = await open(t, { path: '#lab' });
    assert.deepEqual(await fields(page), await fields(plain));
  });
});

describe('a broken link', () => {
  let unlinked;
  const plain = () => (unlinked ??= open(null, { path: '#lab' }));

  test('is not what the plain page complains of', async () => {
    assert.equal(await (await plain()).getByRole('alert').filter({ visible: true, hasText: /\S/ }).count(), 0);
  });

  const broken = [
    ['an unknown kind', '?kind=nope', /kind/],
    ['a word for a number', '?kind=gunicorn&workers=abc', /workers/],
    ['a number out of range', '?kind=gunicorn&workers=100000', /workers/],
    ['a negative number', '?kind=event_loop&requests=-5', /requests/],
    ['NaN', '?kind=event_loop&io_ms=NaN', /io_ms/],
    ['infinity', '?kind=event_loop&io_ms=1e999', /io_ms/],
    ['an unknown key', '?kind=gunicorn&wrokers=3', /wrokers/],
    ['a rate that burst arrivals do not have', '?kind=gunicorn&arrivals=poisson&rate_per_s=0', /rate_per_s/],
    ['markup', '?kind=<img src=x onerror=alert(1)>', /kind/],
    ['bad escapes', '?kind=%ff%fe%', /kind/],
    ['a megabyte in a value', `?kind=${'x'.repeat(1 << 20)}`, /too long|kind/],
    ['a megabyte of keys', `?${Array.from({ length: 100_000 }, (_, i) => `k${i}=1`).join('&')}`, /too long|k0/],
  ];
  for (const [name, path, field] of broken) {
    test(`with ${name} says so and opens the default`, async (t) => {
      const page = await open(t, { path: `${path}#lab` });
      const alert = page.getByRole('alert').filter({ hasText: field, visible: true }).first();
      await alert.waitFor();
      const text = await alert.innerText();
      assert.ok(text.length < 2000, `the message has ${text.length} characters`);
      assert.deepEqual(await fields(page), await fields(await plain()));
      assert.equal(await page.evaluate(() => JSON.parse(window.wasmBindings.simulate('{"system":{"kind":"event_loop"}}')).makespan_ms), 100);
      assert.deepEqual(page.complaints, []);
    });
  }

  test('with a megabyte after the # leaves the page alive', async (t) => {
    const page = await open(t, { path: `#${'x'.repeat(1 << 20)}` });
    assert.deepEqual(page.complaints, []);
  });
});
