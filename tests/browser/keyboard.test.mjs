// Reading with the keyboard alone: a way past the navigation, every control in reach, and the focus in sight.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle, site } from './lib.mjs';

const { open } = site();

test('the first stop skips to the article', async (t) => {
  const page = await open(t);
  await page.keyboard.press('Tab');
  const link = await page.evaluate(() => {
    const el = document.activeElement;
    const box = el.getBoundingClientRect();
    return { text: el.innerText, href: el.getAttribute('href'), seen: box.width > 1 && box.top >= 0 && box.left >= 0 };
  });
  assert.match(link.text, /skip/i);
  assert.ok(link.seen, 'the skip link is out of sight while it has the focus');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null), 'the next stop is not in the article');
});

test('every control is a stop, in sight and marked', async (t) => {
  const page = await open(t);
  const expected = await page.evaluate(() => {
    const grouped = new Set();
    const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((el) => {
      if (el.disabled || el.type === 'hidden' || el.tabIndex < 0 || el.closest('[inert]') || !el.checkVisibility({ visibilityProperty: true })) return false;
      if (el.type !== 'radio') return true;
      // One stop for a group of radio buttons.
      const group = `${el.form?.dataset.lab} ${el.name}`;
      return grouped.has(group) ? false : grouped.add(group);
    });
    window.stops = new Map();
    window.nameOf = (el) => (el.type === 'radio' ? `radio ${el.form?.dataset.lab} ${el.name}` : el);
    window.describe = (el) => `${el.tagName.toLowerCase()} ${el.name || el.id || el.getAttribute('href') || el.innerText?.slice(0, 30) || ''}`;
    window.expected = stops;
    return stops.length;
  });
  const problems = [];
  for (let i = 0; i < expected + 20; i += 1) {
    await page.keyboard.press('Tab');
    const problem = await page.evaluate(() => {
      const el = document.activeElement;
      if (el === document.body || window.stops.has(window.nameOf(el))) return 'round';
      window.stops.set(window.nameOf(el), true);
      const box = el.getBoundingClientRect();
      const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      const marked = [el, el.parentElement, el.nextElementSibling, el.closest('label')].filter(Boolean).some((near) => {
        const style = getComputedStyle(near);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
      });
      if (!inSight) return `out of sight: ${window.describe(el)}`;
      if (!marked) return `not marked: ${window.describe(el)}`;
      return null;
    });
    if (problem === 'round') break;
    if (problem) problems.push(problem);
  }
  const missed = await page.evaluate(() => window.expected.filter((el) => !window.stops.has(window.nameOf(el))).map(window.describe));
  assert.deepEqual(missed, [], 'controls that Tab does not reach');
  assert.deepEqual(problems, []);
});

test('what rewrites the lab keeps the focus', async (t) => {
  const page = await open(t, { path: '#lab' });
  const focused = () =>
    page.evaluate(() => {
      const el = document.activeElement;
      return `${el.closest('[data-system]')?.dataset.system ?? ''} ${el.name || el.dataset.act || el.tagName}`.trim();
    });
  const cards = () => page.locator('form[data-lab=lab] fieldset.system').count();
  const press = async (selector, key, where) => {
    await page.locator(`form[data-lab=lab] ${selector}`).first().focus();
    await page.keyboard.press(key);
    await settle(page);
    assert.equal(await focused(), where);
  };
  await press('[name=arrivals]', 'ArrowDown', 'arrivals');
  assert.equal(await page.locator('form[data-lab=lab] [name=rate_per_s]').count(), 2);
  // And from there, without a mouse, to what has just come.
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'rate_per_s');
  await press('[name=preset]', 'ArrowDown', 'preset');
  while ((await cards()) > 1) await press('[data-act=remove-0]', 'Enter', (await cards()) > 2 ? await page.locator('fieldset.system').nth(1).getAttribute('data-system') + ' remove-0' : 'add');
  await press('[name=kind]', 'End', 'executor kind');
  for (let i = 0; i < 4; i += 1) await press('[data-act=add]', 'Enter', 'add');
  assert.equal(await cards(), 4);
  await press('[data-act=reset]', 'Enter', 'reset');
});

test('no element jumps the queue', async (t) => {
  const page = await open(t);
  assert.equal(await page.locator('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])').count(), 0);
});
