// Lighthouse on a phone: the categories that do not depend on the machine's speed (`make bench` prints the one that does).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './lighthouse.mjs';

test('Lighthouse gives full marks for accessibility, best practices and SEO', async () => {
  const scores = await audit(['accessibility', 'best-practices', 'seo']);
  for (const [id, { score, lost }] of Object.entries(scores)) assert.equal(score, 100, `${id}: ${score}\n${lost.join('\n')}`);
});
