// Lighthouse's view of the served page on a phone. Run by itself, it prints the four scores.
import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import lighthouse from 'lighthouse';
import { DIST, launch, MOUNT } from './lib.mjs';
import { serve } from './serve.mjs';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];

/** Scores from 0 to 100 by category, each with the audits that cost points. */
export async function audit(categories = CATEGORIES) {
  const port = await freePort();
  const [server, browser] = await Promise.all([serve({ root: DIST, mount: MOUNT }), launch(`--remote-debugging-port=${port}`)]);
  try {
    const { lhr } = await lighthouse(server.url, { port, onlyCategories: categories, logLevel: 'error', output: 'json' });
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    return Object.fromEntries(categories.map((id) => [id, { score: Math.round(lhr.categories[id].score * 100), lost: lost(lhr, id) }]));
  } finally {
    await browser.close();
    await server.stop();
  }
}

const lost = (lhr, id) =>
  lhr.categories[id].auditRefs
    .filter(({ weight }) => weight > 0)
    .map(({ id }) => lhr.audits[id])
    .filter(({ score }) => score !== null && score < 1)
    .map(({ id, title, displayValue, details }) =>
      [`${id}: ${title}`, displayValue, details?.items?.slice(0, 5).map((item) => item.node?.selector ?? item.description ?? item.url).filter(Boolean).join(', ')]
        .filter(Boolean)
        .join('; '),
    );

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [id, { score, lost }] of Object.entries(await audit())) {
    console.log(`${id.padEnd(16)} ${String(score).padStart(3)}`);
    for (const line of lost) console.log(`    ${line}`);
  }
}
