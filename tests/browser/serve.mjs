// Serves a directory the way GitHub Pages does: under a sub-path, with gzip, the right media types, and 404 for the rest.
//
//   node serve.mjs DIR [--mount /name/] [--port 8080]
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { gzip } from 'node:zlib';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/vnd.microsoft.icon',
  '.js': 'application/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'application/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
};
const PACKED = new Set(['.ico', '.png', '.woff2']);
const compress = promisify(gzip);

/** Starts serving; resolves to the site's URL and a function that stops it. Port 0 takes any free one. */
export async function serve({ root, mount = '/', port = 0 }) {
  const base = resolve(root);
  const zipped = new Map();

  async function answer(request, response) {
    const send = (status, headers = {}) => response.writeHead(status, { 'cache-control': 'no-cache', ...headers });
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(405).end();
    const path = decodeURIComponent(request.url.split(/[?#]/, 1)[0]);
    if (path + '/' === mount) return send(301, { location: mount }).end();
    const file = path.startsWith(mount) ? resolve(join(base, path.slice(mount.length))) : null;
    const found = file && (file === base || file.startsWith(base + sep)) ? await fileAt(file) : null;
    if (!found) return send(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404: no such page\n');

    const type = extname(found.path);
    const headers = { 'content-type': TYPES[type] ?? 'application/octet-stream', vary: 'accept-encoding' };
    if (PACKED.has(type) || !/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
      send(200, { ...headers, 'content-length': found.size });
      return request.method === 'HEAD' ? response.end() : createReadStream(found.path).pipe(response);
    }
    const key = `${found.path}@${found.mtimeMs}`;
    if (!zipped.has(key)) zipped.set(key, await compress(await readFile(found.path)));
    const body = zipped.get(key);
    send(200, { ...headers, 'content-encoding': 'gzip', 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  // Room in the header for the longest link a browser would send.
  const server = createServer({ maxHeaderSize: 4 << 20 }, (request, response) => {
    answer(request, response).catch(() => response.writeHead(400).end());
  });
  await new Promise((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}${mount}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

async function fileAt(path) {
  const info = await stat(path).catch(() => null);
  if (info?.isDirectory()) return fileAt(join(path, 'index.html'));
  return info?.isFile() ? { path, size: info.size, mtimeMs: info.mtimeMs } : null;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { mount: { type: 'string', default: '/' }, port: { type: 'string', default: '8080' } },
  });
  const mount = values.mount.startsWith('/') ? values.mount.replace(/\/*$/, '/') : '/';
  try {
    const { url } = await serve({ root: positionals[0] ?? 'dist', mount, port: Number(values.port) });
    console.log(`The page is at ${url} (Ctrl-C stops)`);
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    console.error(`Port ${values.port} is taken: try PORT=8081`);
    process.exit(1);
  }
}
