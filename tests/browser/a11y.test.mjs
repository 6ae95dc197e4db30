// axe finds nothing to object to, on a phone and a desktop, in light and dark.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { site } from './lib.mjs';

const { open } = site();
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

for (const width of [390, 1440]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`axe has no objection at ${width} px, ${colorScheme}`, async (t) => {
      const page = await open(t, { width, colorScheme, bypassCSP: true });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate((values) => window.axe.run({ resultTypes: ['violations'], runOnly: { type: 'tag', values } }), RULES);
      const found = violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')}\n  ${failureSummary.split('\n').slice(1, 3).join('; ').trim()}`),
      );
      assert.equal(found.length, 0, found.slice(0, 20).join('\n'));
    });
  }
}
