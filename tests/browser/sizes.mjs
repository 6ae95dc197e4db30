// What a reader downloads: gzip sizes of the built page by kind of file, against their budgets. Growing past a limit
// fails; where a limit still lies above its budget, the rest is to be saved.
//
//   node sizes.mjs DIR
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const KB = 1000;
const BUDGETS = [
  { what: 'WASM', types: ['.wasm'], budget: 200 * KB, limit: 200 * KB },
  { what: 'HTML + CSS + JS', types: ['.html', '.css', '.js'], budget: 60 * KB, limit: 60 * KB },
];

const root = process.argv[2] ?? 'dist';
const files = await Promise.all(
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const data = await readFile(join(entry.parentPath ?? entry.path, entry.name));
      return { name: entry.name, type: extname(entry.name), size: data.length, zipped: gzipSync(data).length };
    }),
);
const kb = (bytes) => `${(bytes / KB).toFixed(1)} KB`;

let over = false;
for (const file of files.toSorted((a, b) => b.zipped - a.zipped)) console.log(`  ${file.name.padEnd(58)} ${kb(file.size).padStart(10)} ${kb(file.zipped).padStart(10)} gzip`);
for (const { what, types, budget, limit } of BUDGETS) {
  const total = files.filter(({ type }) => types.includes(type)).reduce((sum, { zipped }) => sum + zipped, 0);
  over ||= total > limit || total === 0;
  console.log(`${what.padEnd(17)} ${kb(total).padStart(10)} gzip, budget ${kb(budget)}${total > budget ? `: ${kb(total - budget)} over, limit ${kb(limit)}` : ''}`);
}
if (over) {
  console.error('the page is over its limit, or a part of it is missing');
  process.exit(1);
}
