// Reading without the app: JavaScript off, or WebAssembly that does not arrive.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { site } from './lib.mjs';

const { open } = site();
const CONTENT = join(import.meta.dirname, '../../content');

/** The figures that do not mention `word` where the reader sees it. */
const silentOn = (page, word) =>
  page.locator('figure[data-figure]').evaluateAll((all, word) => all.filter((el) => !el.innerText.includes(word)).map((el) => el.dataset.figure), word);

describe('with JavaScript off', () => {
  const still = (t) => open(t, { javaScriptEnabled: false });

  test('the whole article is there to read', async (t) => {
    const page = await still(t);
    const text = await page.locator('main').innerText();
    assert.ok(text.length > 15_000, `the article has ${text.length} characters`);
  });

  test('every section is on the page with its heading, and the table of contents leads to it', async (t) => {
    const page = await still(t);
    const files = (await readdir(CONTENT)).filter((name) => name.endsWith('.md')).sort();
    assert.ok(files.length >= 9, `content/ has ${files.length} sections`);
    for (const file of files) {
      const id = /^id: *(\S+)/m.exec(await readFile(join(CONTENT, file), 'utf8'))?.[1];
      const section = page.locator(`main section#${id}`);
      assert.equal(await section.count(), 1, `${file}: no section '${id}'`);
      assert.ok((await section.innerText()).length > 200, `${file}: section '${id}' is all but empty`);
      assert.ok((await page.locator(`nav a[href="#${id}"]`).count()) > 0, `${file}: no link to '${id}'`);
      // The opening's heading is the page's.
      if (file !== files[0]) assert.ok(await section.locator('h2').first().isVisible(), `${file}: no heading`);
    }
    assert.ok(await page.locator('h1').isVisible());
  });

  test('every table and every code sample of the article is on the page', async (t) => {
    const page = await still(t);
    // A live value may stand anywhere; what surrounds it is there word for word, but for dashes and quotation marks.
    const same = (text) => text.replace(/\{\{.*?\}\}.*/, '').replaceAll('`', '').replaceAll('**', '').replace(/\s+/g, ' ').trim();
    for (const file of (await readdir(CONTENT)).filter((name) => name.endsWith('.md'))) {
      const source = await readFile(join(CONTENT, file), 'utf8');
      const id = /^id: *(\S+)/m.exec(source)[1];
      const fences = [...source.matchAll(/^```\S.*\n([^]*?)^```$/gm)].map(([, code]) => code);
      const prose = source.replace(/^```[^]*?^```$/gm, '');
      const tables = [...prose.matchAll(/^\|[-| ]+\|\n((?:\|.*\n)+)/gm)].map(([, rows]) => rows.trim().split('\n'));
      const notes = prose.match(/^::notes\{/gm)?.length ?? 0;
      const { codes, shown } = await page.locator(`main section#${id}`).evaluate((section) => {
        const visible = (selector) => [...section.querySelectorAll(selector)].filter((el) => !el.closest('figure') && el.checkVisibility());
        const text = (el) => el.textContent.replace(/\s+/g, ' ').trim();
        return {
          codes: visible('pre').map((el) => el.textContent),
          shown: visible('table').map((table) => [...table.tBodies].flatMap(({ rows }) => [...rows].map((row) => text(row.cells[0])))),
        };
      });
      assert.equal(codes.length, fences.length, `${file}: code samples`);
      for (const [i, code] of fences.entries())
        for (const line of code.split('\n')) assert.ok(same(codes[i]).includes(same(line)), `${file}, sample ${i + 1} lacks: ${line}`);
      assert.equal(shown.length, tables.length + notes, `${file}: tables`);
      for (const [i, rows] of tables.entries())
        assert.deepEqual(
          shown[i].map((cell) => cell.replace(/[“”]/g, '"').replaceAll('’', "'")),
          rows.map((row) => same(row.split('|')[1])),
          `${file}, table ${i + 1}`,
        );
      for (const rows of shown.slice(tables.length)) assert.ok(rows.length > 8, `${file}: a table of the notes has ${rows.length} rows`);
    }
  });

  test('the race shows its default results', async (t) => {
    const page = await still(t);
    for (const [system, makespan] of [['gunicorn', 12500], ['event_loop', 100], ['executor', 5000]]) {
      const shown = await page
        .locator(`figure[data-figure=race] [data-metric=makespan_ms][data-system=${system}]`)
        .first()
        .evaluate((el) => el.dataset.value ?? el.getAttribute('value'));
      assert.equal(Number(shown), makespan, system);
    }
  });

  test('every figure says why it is still', async (t) => {
    assert.deepEqual(await silentOn(await still(t), 'JavaScript'), []);
  });

  test('every figure with a canvas shows a still picture of its default run', async (t) => {
    const page = await still(t);
    const bare = await page.evaluate(() => {
      const visible = (el) => el.checkVisibility() && el.getBoundingClientRect().width > 100 && el.getBoundingClientRect().height > 20;
      return [...document.querySelectorAll('figure[data-figure]')]
        .filter((figure) => figure.querySelector('canvas') && ![...figure.querySelectorAll('svg, img')].some(visible))
        .map((figure) => figure.dataset.figure);
    });
    assert.deepEqual(bare, []);
    for (const name of ['race', 'gunicorn', 'event-loop', 'executor'])
      assert.ok(await page.locator(`figure[data-figure=${name}] svg`).first().isVisible(), `no picture in '${name}'`);
  });
});

describe('when WebAssembly cannot load', () => {
  const broken = (t) =>
    open(t, { ready: false, prepare: (page) => page.route('**/*.wasm', (route) => route.abort()) });

  test('the article stays and every figure says why it is still', async (t) => {
    const page = await broken(t);
    for (let tries = 0; tries < 50 && (await silentOn(page, 'WebAssembly')).length > 0; tries += 1) await page.waitForTimeout(100);
    assert.deepEqual(await silentOn(page, 'WebAssembly'), [], 'figures that do not mention WebAssembly');
    assert.ok((await page.locator('main').innerText()).length > 15_000);
    assert.deepEqual(page.complaints.filter((what) => what.startsWith('uncaught')), []);
  });

  test('figures say nothing of the kind when it does load', async (t) => {
    const page = await open(t);
    const all = await page.locator('figure[data-figure]').count();
    assert.equal((await silentOn(page, 'stands still')).length, all);
    assert.equal((await silentOn(page, 'WebAssembly')).length, all);
  });
});
