// The README's pictures: the first screen in light and dark.
//
//   node screenshots.mjs OUTDIR
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DIST, launch, settle, whenReady } from './lib.mjs';
import { serve } from './serve.mjs';

const out = process.argv[2];
await mkdir(out, { recursive: true });
const server = await serve({ root: DIST });
const browser = await launch();
for (const colorScheme of ['light', 'dark']) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme, reducedMotion: 'reduce' });
  await page.goto(server.url);
  await whenReady(page);
  await page.evaluate(() => document.fonts.ready.then(() => true));
  await settle(page);
  await page.screenshot({ path: join(out, `screenshot-${colorScheme}.png`) });
  console.log(join(out, `screenshot-${colorScheme}.png`));
}
await browser.close();
await server.stop();
