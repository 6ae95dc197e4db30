// The scenario in the URL: a link restores it, a slider rewrites it, a broken one says what is wrong.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fields, metrics, settle, site, whenReady } from './lib.mjs';

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
    // The last step's: on a slow machine one before it may be written, too.
    await page.waitForFunction(() => new URLSearchParams(location.search).get('workers') === '13');
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

  test('restores the fidelity, which is a choice in the lab and beside every figure, and moves the numbers', async (t) => {
    const page = await open(t, { path: '?kind=gunicorn&workers=4&threads=2&fidelity=calibrated#lab' });
    const choice = page.locator('form[data-lab=lab] select[name=fidelity]');
    const button = (lab, value) => page.locator(`figure[data-figure=${lab}] input[name=fidelity][value=${value}]`);
    assert.equal(await choice.inputValue(), 'calibrated');
    assert.ok(await button('lab', 'calibrated').isChecked());
    assert.deepEqual((await fields(page)).fidelity, ['calibrated', 'calibrated']);
    const numbers = () => metrics(page, 'figure[data-figure=lab]');
    const calibrated = await numbers();
    await choice.selectOption('textbook');
    await settle(page);
    assert.equal((await numbers())['makespan_ms|gunicorn'], '12500');
    assert.ok(await button('lab', 'textbook').isChecked());
    await page.waitForFunction(() => !location.search.includes('fidelity'));
    await button('lab', 'calibrated').check();
    await settle(page);
    assert.equal(await choice.inputValue(), 'calibrated');
    assert.deepEqual(await numbers(), calibrated);
    assert.equal((await fields(page, 'race')).fidelity?.join(), 'textbook');
    await button('race', 'textbook').focus();
    await page.keyboard.press('ArrowRight');
    await settle(page);
    assert.equal((await fields(page, 'race')).fidelity?.join(), 'calibrated');
    assert.notEqual((await metrics(page, 'figure[data-figure=race]'))['makespan_ms|event_loop'], '100');
  });

  test('is bare again after a reset', async (t) => {
    const page = await open(t, { path: LINK });
    await page.locator('form[data-lab=lab]').getByRole('button', { name: /reset/i }).first().click();
    await page.waitForFunction(() => location.search === '');
    const plain = await open(t, { path: '#lab' });
    assert.deepEqual(await fields(page), await fields(plain));
  });
});

describe('the link that a figure gives away', () => {
  /** Copies the link of a figure and opens it. */
  const follow = async (page, figure) => {
    const scope = `figure[data-figure=${figure}]`;
    await page.locator(`${scope} summary`, { hasText: 'Save' }).click();
    const button = page.locator(`${scope} [data-act=link]`);
    await button.click();
    await button.filter({ hasText: 'Copied' }).waitFor();
    assert.equal(await button.getAttribute('aria-live'), 'polite');
    await button.filter({ hasText: 'Copy link' }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    // Another page first: an address that differs after its # alone would not load anything.
    await page.goto('about:blank');
    await page.goto(link);
    await whenReady(page);
    await settle(page);
    return link;
  };
  const set = async (page, figure, name, value) => {
    const input = page.locator(`form[data-lab="${figure}"] input[type=number][name=${name}]`);
    await input.fill(String(value));
    await input.press('Enter');
    await settle(page);
  };

  for (const [figure, name, value, systems] of [
    ['race', 'io_ms', 130, 3],
    ['race', 'io_ms', 100, 3],
    ['gunicorn', 'threads', 5, 1],
    // Their systems differ in more than themselves: the pool, the GIL.
    ['pool', 'pool_size', 25, 1],
    ['gil', 'switch_interval_ms', 2.5, 1],
  ]) {
    test(`leads back to ${figure} with ${name}=${value}, and the lab has the same`, async (t) => {
      const page = await open(t, { permissions: ['clipboard-read', 'clipboard-write'] });
      await set(page, figure, name, value);
      const scope = `figure[data-figure="${figure}"]`;
      const numbers = await metrics(page, scope);
      const link = await follow(page, figure);
      assert.equal(new URL(link).hash, `#figure-${figure}`);
      assert.deepEqual(await metrics(page, scope), numbers);
      assert.ok((await fields(page, figure))[name].includes(String(value)));
      assert.equal(await page.locator('form[data-lab=lab] fieldset.system').count(), systems);
      assert.ok((await fields(page))[name].includes(String(value)), `the lab has ${(await fields(page))[name]}`);
      const top = await page.locator(scope).evaluate((el) => el.getBoundingClientRect().top);
      assert.ok(top > -50 && top < 900, `the figure is ${top} pixels down`);
      // The link stays as it was opened, longer than the lab takes to write it.
      await page.waitForTimeout(400);
      assert.equal(page.url(), link);
      // Once the lab is used, the address is the lab's.
      await page.locator('form[data-lab=lab] input[type=range][name=requests]').focus();
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction(() => location.hash === '#lab');
      assert.deepEqual(page.complaints, []);
    });
  }

  test('says so where nothing can be copied', async (t) => {
    const page = await open(t, { prepare: (page) => page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined })) });
    await page.locator('figure[data-figure=race] summary', { hasText: 'Save' }).click();
    await page.locator('figure[data-figure=race] [data-act=link]').click();
    await page.getByRole('button', { name: 'Cannot copy' }).waitFor();
    assert.deepEqual(page.complaints, []);
  });
});

test('a figure says what is wrong with a link to it, and goes on with its default', async (t) => {
  const page = await open(t, { path: '?kind=gunicorn&io_ms=&workers=zz#figure-latency' });
  const figure = page.locator('figure[data-figure=latency]');
  const alert = figure.getByRole('alert');
  await alert.waitFor();
  assert.match(await alert.innerText(), /so this figure opens with its default\.[^]*workers: [^]*1\.\.=256/);
  assert.match(await alert.innerText(), /io_ms: /);
  assert.equal(await page.locator('figure [role=alert]:not(:empty)').count(), 2, 'the figure and the lab say so, and no other figure');
  await figure.locator('input[type=range][name=rate_per_s]').press('ArrowRight');
  assert.deepEqual(page.complaints, []);
});

test('a link of one system leaves a figure of several the systems that it is about', async (t) => {
  const page = await open(t, { path: '?kind=gunicorn&workers=8&threads=1&arrivals=poisson&rate_per_s=20&requests=600#figure-latency' });
  const names = await page.locator('figure[data-figure=latency] .band-name').allInnerTexts();
  assert.deepEqual(names.map((name) => name.split('\n').at(-1)), ['4 workers × 2 threads', '4 workers × 2 threads, at most 3 each', '8 workers × 1 thread']);
  assert.deepEqual((await fields(page, 'latency')).rate_per_s, ['20', '20']);
});

for (const path of ['', '#choosing', '?kind=gunicorn&workers=4&threads=2&requests=500#figure-gunicorn', '?kind=gunicorn&workers=0#lab'])
  test(`the advisor leads to the lab and back to '${path}' without losing what was entered`, async (t) => {
    const page = await open(t, { path });
    const advisor = page.locator('figure[data-figure=advisor]');
    const cores = advisor.locator('input[type=number][name=cores]');
    const link = page.url();
    const before = await fields(page);
    await cores.fill('2');
    await cores.press('Enter');
    await page.waitForFunction(() => document.querySelector('figure[data-figure=advisor] .try a')?.getAttribute('href').includes('cores=2'));
    await page.evaluate(() => (window.here = true));
    await advisor.locator('.try a').click();
    await page.waitForFunction(() => location.search.includes('cores=2'));
    const top = await page.locator('#lab').evaluate((el) => el.getBoundingClientRect().top);
    assert.ok(top > -50 && top < 900, `the lab is ${top} pixels down`);
    assert.ok(await page.evaluate(() => document.querySelector('#lab').contains(document.activeElement)), 'the focus stayed behind');
    assert.equal(await page.locator('figure[data-figure=lab] .link-problem').innerText(), '');
    const there = await fields(page);
    assert.ok(there.cores.includes('2') && there.rate_per_s?.includes('60'), JSON.stringify(there));
    // Longer than the lab takes to write its address: that stays as it was opened.
    await page.waitForTimeout(400);
    const opened = page.url();
    await page.goBack();
    await page.waitForTimeout(400);
    assert.equal(page.url(), link);
    assert.ok(await page.evaluate(() => window.here), 'the page was loaded anew');
    assert.equal(await cores.inputValue(), '2');
    assert.deepEqual(await fields(page), before);
    await page.goForward();
    await page.waitForTimeout(400);
    assert.equal(page.url(), opened);
    assert.deepEqual(await fields(page), there);
    assert.deepEqual(page.complaints, []);
  });

test('what was just set in the lab is in the address that is left', async (t) => {
  const page = await open(t, { path: LINK });
  await input(page, 'workers').focus();
  await page.keyboard.press('ArrowRight');
  // Sooner than a timer would write it.
  await page.evaluate(() => document.querySelector('figure[data-figure=advisor] .try a').click());
  await page.waitForTimeout(400);
  await page.goBack();
  await page.waitForTimeout(400);
  assert.match(page.url(), /workers=9/);
  assert.ok((await fields(page)).workers.includes('9'));
});

test('the way back undoes a preset and a reset', async (t) => {
  const page = await open(t, { path: LINK });
  const lab = page.locator('form[data-lab=lab]');
  const preset = lab.locator('select[name=preset]');
  await input(page, 'workers').focus();
  await page.keyboard.press('ArrowRight');
  const mine = await fields(page);
  assert.ok(mine.workers.includes('9'));
  // Not the first one, which is the lab's default.
  const choice = await preset.evaluate((el) => [...el.options].filter((option) => option.value)[1].value);
  // Sooner than a timer would write the address.
  await preset.selectOption(choice);
  await page.waitForFunction(() => !location.search.includes('workers=9'));
  const theirs = await fields(page);
  await lab.getByRole('button', { name: 'Reset' }).click();
  await page.waitForFunction(() => location.search === '');
  assert.equal(await preset.inputValue(), '');
  assert.notDeepEqual(await fields(page), theirs);
  // Once more changes nothing, and makes no entry.
  const entries = await page.evaluate(() => history.length);
  await lab.getByRole('button', { name: 'Reset' }).click();
  await page.waitForTimeout(400);
  assert.equal(await page.evaluate(() => history.length), entries);
  for (const expected of [theirs, mine]) {
    await page.goBack();
    await page.waitForTimeout(400);
    // What a preset is called is not in the address.
    assert.deepEqual({ ...(await fields(page)), preset: '' }, { ...expected, preset: '' });
  }
  assert.match(page.url(), /workers=9/);
  assert.deepEqual(page.complaints, []);
});

test('a reset clears a broken link, and the way back brings a removed system', async (t) => {
  const page = await open(t, { path: '?kind=gunicorn&workers=0#lab' });
  const lab = page.locator('form[data-lab=lab]');
  await lab.getByRole('button', { name: 'Reset' }).click();
  await page.waitForFunction(() => location.search === '');
  const before = await fields(page);
  await lab.getByRole('button', { name: 'Remove' }).last().click();
  await settle(page);
  assert.notDeepEqual(await fields(page), before);
  await page.goBack();
  await page.waitForTimeout(400);
  assert.deepEqual(await fields(page), before);
  assert.deepEqual(page.complaints, []);
});

test('what a broken link said goes with the next change, when the address can be read again', async (t) => {
  const page = await open(t, { path: '?kind=gunicorn&workers=0#lab' });
  const problem = page.locator('figure[data-figure=lab] .link-problem');
  assert.match(await problem.innerText(), /workers/);
  const requests = page.locator('form[data-lab=lab] input[type=number][name=requests]');
  await requests.fill('500');
  await requests.press('Enter');
  await page.waitForFunction(() => location.search.includes('requests=500'));
  assert.equal(await problem.innerText(), '');
  assert.deepEqual(page.complaints, []);
});

test('who goes back at once has the lab of the address', async (t) => {
  const page = await open(t, { path: LINK });
  const before = await fields(page);
  const preset = page.locator('form[data-lab=lab] select[name=preset]');
  const choice = await preset.evaluate((el) => [...el.options].filter((option) => option.value)[1].value);
  await preset.selectOption(choice);
  await page.evaluate(() => history.back());
  await page.waitForTimeout(400);
  assert.match(page.url(), /workers=8/);
  assert.deepEqual(await fields(page), before);
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
