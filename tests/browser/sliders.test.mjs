// Moving a slider, with the keyboard: the numbers beside the figure follow at once.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { metrics, settle, site } from './lib.mjs';

const { open } = site();

/** Scenarios of the lab, each with the sliders that matter to it; the first one's are those named nowhere else. */
const LAB = [
  ['?kind=gunicorn&workers=2&threads=4&cpu_ms=20&arrivals=poisson&rate_per_s=30', []],
  ['?kind=gunicorn&workers=2&arrivals=closed&clients=20&think_ms=50', ['clients', 'think_ms']],
  ['?kind=event_loop&pool_size=10&cpu_ms=1&io_calls=4', ['loops', 'pool_size', 'io_calls']],
  ['?kind=event_loop&handlers=sync', ['thread_limit']],
  ['?kind=executor', ['max_workers']],
  ['?kind=gunicorn&workers=2&requests=20&io_ms=40000', ['timeout_s']],
  ['?kind=event_loop&heavy_every=10', ['heavy_every', 'heavy_cpu_ms']],
  ['?kind=gunicorn&workers=4&threads=2&accept=random&crash_at_ms=2000', ['crash_at_ms', 'crash_worker']],
];

/** The sliders of every form, by the form's name, that a reader can see and move. */
const sliders = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('form[data-lab]')].map((form) => ({
      lab: form.dataset.lab,
      names: [...form.querySelectorAll('input[type=range][name]:not([name=playhead])')]
        .filter((el) => el.checkVisibility() && !el.disabled)
        .map((el) => el.name),
    })),
  );

const slider = (page, lab, name) => page.locator(`form[data-lab="${lab}"] input[type=range][name="${name}"]`).first();

/** The raw numbers of the figure (or section) that a form belongs to. */
const numbers = (page, lab) =>
  page.evaluate((lab) => {
    const form = document.querySelector(`form[data-lab="${lab}"]`);
    const scope = form.closest('figure[data-figure]') ?? form.closest('section') ?? form.parentElement;
    return [...scope.querySelectorAll('[data-metric]')]
      .map((el) => `${el.dataset.system ?? ''} ${el.dataset.metric} ${el.dataset.value ?? el.getAttribute('value') ?? el.value}`)
      .join('\n');
  }, lab);

/** Whether the numbers change when the slider is moved by a step, or to either end; leaves it where it was. */
async function moves(page, lab, name) {
  const input = slider(page, lab, name);
  if (!(await input.isVisible()) || !(await input.isEnabled())) return false;
  await input.focus();
  const [start, position] = [await numbers(page, lab), await input.inputValue()];
  for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowLeft', 'Home', 'End']) {
    await page.keyboard.press(key);
    await settle(page);
    if ((await numbers(page, lab)) === start) continue;
    await input.fill(position);
    await settle(page);
    return true;
  }
  return false;
}

describe('sliders', () => {
  test('every form has some, and numbers beside them', async (t) => {
    const page = await open(t);
    const forms = await sliders(page);
    assert.ok(forms.length >= 4, `there are ${forms.length} forms`);
    assert.ok(forms.some(({ lab }) => lab === 'lab'), 'no full lab');
    for (const { lab, names } of forms) {
      assert.ok(names.length > 0, `${lab} has no slider`);
      assert.notEqual(await numbers(page, lab), '', `${lab} has no [data-metric]`);
    }
  });

  test('of a figure each move its numbers', async (t) => {
    const page = await open(t);
    const dead = [];
    for (const { lab, names } of await sliders(page)) {
      if (lab === 'lab') continue;
      for (const name of names) {
        if (await moves(page, lab, name)) continue;
        // Cores and the like matter once there is CPU work.
        if (names.includes('cpu_ms') && name !== 'cpu_ms') {
          await slider(page, lab, 'cpu_ms').focus();
          for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight');
          if (await moves(page, lab, name)) continue;
        }
        dead.push(`${lab}: ${name}`);
      }
    }
    assert.deepEqual(dead, []);
    assert.deepEqual(page.complaints, []);
  });

  test('of the lab each move its numbers in a scenario where they matter', async (t) => {
    const elsewhere = LAB.flatMap(([, names]) => names);
    const [dead, tried] = [[], new Set()];
    for (const [link, names] of LAB) {
      const page = await open(t, { path: `${link}#lab` });
      const shown = (await sliders(page)).find(({ lab }) => lab === 'lab').names;
      for (const name of names.length ? names : shown.filter((name) => !elsewhere.includes(name))) {
        tried.add(name);
        if (!(await moves(page, 'lab', name))) dead.push(`${name} in '${link}'`);
      }
      dead.push(...shown.filter((name) => !tried.has(name) && !elsewhere.includes(name)).map((name) => `${name} appears in '${link}' and is not tried`));
      assert.deepEqual(page.complaints, []);
    }
    assert.deepEqual(dead, []);
  });

  test('and their number fields stay in step', async (t) => {
    const page = await open(t);
    for (const { lab, names } of await sliders(page)) {
      for (const name of names) {
        const input = slider(page, lab, name);
        const value = () => input.evaluate((el) => el.value);
        const field = await input.evaluateHandle((el) => {
          for (let box = el.parentElement; box && !box.matches('form'); box = box.parentElement) {
            const numbers = box.querySelectorAll('input[type=number]');
            if (numbers.length) return numbers.length === 1 ? numbers[0] : null;
          }
          return null;
        });
        const number = field.asElement();
        assert.ok(number, `${lab}: ${name} has no number field beside it`);
        const [position, typed] = [await value(), await number.inputValue()];
        await input.focus();
        await page.keyboard.press('ArrowRight');
        if ((await value()) === position) await page.keyboard.press('ArrowLeft');
        await settle(page);
        assert.notEqual(await number.inputValue(), typed, `${lab}: ${name}: the field did not follow the slider`);
        await number.fill(typed);
        await number.press('Enter');
        await settle(page);
        assert.equal(await value(), position, `${lab}: ${name}: the slider did not follow the field`);
      }
    }
    assert.deepEqual(page.complaints, []);
  });

  test('say what is allowed where a number is not, and keep the last one that was', async (t) => {
    const page = await open(t);
    const place = page.locator('form[data-lab=gunicorn] [data-control]', { has: page.locator('[name=workers]') });
    const before = await metrics(page, 'figure[data-figure=gunicorn]');
    for (const [entered, words] of [
      ['0', '0 is out of range, expected 1 to 256; in use: 4'],
      ['1e99', /(out of range|not a whole number).*; in use: 4$/],
      ['', 'expected 1 to 256; in use: 4'],
    ]) {
      await place.locator('input[type=number]').fill(entered);
      await place.locator('input[type=number]').press('Enter');
      const problem = await place.locator('.problem').innerText();
      assert.equal(await place.locator('input[type=number]').getAttribute('aria-invalid'), 'true');
      typeof words === 'string' ? assert.equal(problem, words) : assert.match(problem, words);
      assert.deepEqual(await metrics(page, 'figure[data-figure=gunicorn]'), before);
    }
    await place.locator('input[type=number]').fill('8');
    await place.locator('input[type=number]').press('Enter');
    assert.equal(await place.locator('.problem').innerText(), '');
    assert.equal(await place.locator('input[type=number]').getAttribute('aria-invalid'), 'false');
    assert.notDeepEqual(await metrics(page, 'figure[data-figure=gunicorn]'), before);
    assert.deepEqual(page.complaints, []);
  });

  test('rerun the race while they are dragged, not when they are let go', async (t) => {
    const page = await open(t);
    const makespan = async () => (await metrics(page, 'figure[data-figure=race]'))['makespan_ms|event_loop'];
    const start = await makespan();
    assert.ok(start, 'the race shows no makespan');
    await page.locator('figure[data-figure=race] input[type=range][name=io_ms]').evaluate((el) => {
      el.value = el.valueAsNumber + (el.max - el.min) / 10;
      el.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await settle(page);
    assert.notEqual(await makespan(), start);
  });

  test('have a label in words and a unit or a range that assistive technology reads', async (t) => {
    const page = await open(t);
    const unnamed = await page.locator('form[data-lab] input, form[data-lab] select').evaluateAll((all) =>
      all.filter((el) => el.type !== 'hidden' && !el.labels?.length && !el.ariaLabel && !el.getAttribute('aria-labelledby')).map((el) => `${el.form.dataset.lab}: ${el.name}`),
    );
    assert.deepEqual(unnamed, []);
  });
});
