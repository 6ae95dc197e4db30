// The simulator from JavaScript: exact answers, the same runs as natively, and plain errors for anything else.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, before, describe, test } from 'node:test';
import { site } from './lib.mjs';

const { open } = site();

// One page for all: whatever a test throws at it, the next one must find it alive.
let shared;
const opened = () => (shared ??= open(null));
afterEach(async () => assert.deepEqual((await opened()).complaints, []));

/** Calls `wasmBindings[name](argument)` in the page: `{ ok }`, or `{ kind, message }` of what it threw. */
const call = async (argument, name = 'simulate') =>
  (await opened()).evaluate(
    ([name, argument]) => {
      try {
        return { ok: window.wasmBindings[name](argument) };
      } catch (error) {
        return { kind: error instanceof Error ? error.name : typeof error, message: String(error?.message ?? error) };
      }
    },
    [name, argument],
  );

async function report(scenario) {
  const answer = await call(JSON.stringify(scenario));
  assert.ok(answer.ok, answer.message);
  return JSON.parse(answer.ok);
}

describe('exact answers', () => {
  const burst = { requests: 1000, arrivals: { kind: 'burst' }, io_ms: 100, cpu_ms: 0 };
  const answers = [
    ['4 workers of 2 threads', 12500, { system: { kind: 'gunicorn', workers: 4, threads: 2 }, workload: burst }],
    ['one event loop', 100, { system: { kind: 'event_loop' }, workload: burst }],
    ['a pool of 20 threads', 5000, { system: { kind: 'executor', max_workers: 20 }, workload: burst }],
    ['20 threads and 100 requests', 500, { system: { kind: 'executor', max_workers: 20 }, workload: { ...burst, requests: 100 } }],
    ['an event loop with 10 connections', 10000, { system: { kind: 'event_loop' }, workload: { ...burst, pool_size: 10 } }],
    ['sync handlers on 40 threads', 2500, { system: { kind: 'event_loop', handlers: 'sync' }, workload: burst }],
    ['one gevent worker', 100, { system: { kind: 'gunicorn', worker_class: 'gevent', workers: 1 }, workload: burst }],
  ];
  for (const [name, makespan, scenario] of answers) {
    test(`${name}: ${makespan} ms`, async () => {
      const { makespan_ms, completed } = await report(scenario);
      assert.equal(makespan_ms, makespan);
      assert.equal(completed, scenario.workload.requests);
    });
  }

  test('everything but the kind has a default', async () => {
    assert.equal((await report({ system: { kind: 'event_loop' } })).makespan_ms, 100);
  });

  test('a million requests run, and the page goes on', async () => {
    const scenario = { system: { kind: 'executor', max_workers: 1000 }, workload: { requests: 1_000_000, io_ms: 1 } };
    const { completed, makespan_ms } = await report(scenario);
    assert.deepEqual([completed, makespan_ms], [1_000_000, 1000]);
    assert.equal((await report({ system: { kind: 'event_loop' } })).makespan_ms, 100);
  });
});

describe('runs', () => {
  let golden;
  before(async () => {
    golden = JSON.parse(await readFile(join(import.meta.dirname, '../native/simulation/golden.json'), 'utf8'));
  });

  test('are the same in WebAssembly as natively, to the last event', async () => {
    assert.ok(golden.length > 0, 'no golden runs');
    const differing = [];
    for (const { scenario, fingerprint } of golden) {
      const text = typeof scenario === 'string' ? scenario : JSON.stringify(scenario);
      const answer = await call(text, 'fingerprint');
      if (String(answer.ok) !== String(fingerprint)) differing.push({ text, native: fingerprint, browser: answer });
    }
    assert.deepEqual(differing, []);
  });
});

describe('a scenario that is not valid', () => {
  test('throws an Error that lists every problem with its field, value and range', async () => {
    const scenario = { system: { kind: 'gunicorn', workers: 0, colour: 'red' }, workload: { requests: 0, io_ms: -5 } };
    const { kind, message } = await call(JSON.stringify(scenario));
    assert.equal(kind, 'Error');
    assert.match(message, /workload\.requests: 0 is out of range, expected 1\.\.=1000000/);
    assert.match(message, /system\.workers: 0 is out of range, expected 1\.\.=256/);
    assert.match(message, /workload\.io_ms: -5/);
    assert.match(message, /colour/);
  });

  test('names a kind it does not know', async () => {
    const { kind, message } = await call('{"system":{"kind":"apache"}}');
    assert.equal(kind, 'Error');
    assert.match(message, /system\.kind.*apache/);
  });

  const system = '"system":{"kind":"gunicorn"}';
  const hostile = {
    'an empty string': '',
    null: 'null',
    'a bare number': '1e999',
    'NaN, which JSON lacks': `{${system},"workload":{"io_ms":NaN}}`,
    'infinity by overflow': `{${system},"workload":{"io_ms":1e999}}`,
    'a huge number': '{"system":{"kind":"gunicorn","workers":99999999999999999999999}}',
    'a negative number': `{${system},"workload":{"requests":-1}}`,
    'a fraction of a worker': '{"system":{"kind":"gunicorn","workers":1.5}}',
    'a number in quotes': `{${system},"workload":{"requests":"1000"}}`,
    'a list for an object': `{${system},"workload":[]}`,
    'an object for a kind': '{"system":{"kind":{}}}',
    'no system': '{}',
    'an unknown field': `{${system},"wrokload":{}}`,
    'another version': `{${system},"version":2}`,
    'arrivals of no kind': `{${system},"workload":{"arrivals":{"rate_per_s":10}}}`,
    'a rate of zero': `{${system},"workload":{"arrivals":{"kind":"poisson","rate_per_s":0}}}`,
    'half an object': `{${system}`,
    'two objects': `{${system}}{${system}}`,
    'lists nested 10,000 deep': '['.repeat(10_000) + ']'.repeat(10_000),
    'objects nested 10,000 deep': '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
    'a megabyte of text': 'x'.repeat(1 << 20),
    'a megabyte in a string': `{"system":{"kind":"${'x'.repeat(1 << 20)}"}}`,
    'a megabyte of unknown fields': `{${system},${Array.from({ length: 80_000 }, (_, i) => `"f${i}":${i}`).join()}}`,
    'a zero byte': '\0',
    'half a surrogate pair': '{"system":{"kind":"\ud800"}}',
    'markup': '{"system":{"kind":"<img src=x onerror=alert(1)>"}}',
  };
  test('is an Error with a message, whatever it is, and the next one runs', async () => {
    for (const [name, text] of Object.entries(hostile)) {
      const { ok, kind, message } = await call(text);
      assert.equal(ok, undefined, `${name} was accepted`);
      assert.equal(kind, 'Error', `${name}: ${kind} ${message}`);
      assert.ok(message.trim().length > 5, `${name} has no message`);
      assert.ok(message.length < 20_000, `${name}: the message has ${message.length} characters`);
      assert.equal((await report({ system: { kind: 'event_loop' } })).makespan_ms, 100, `after ${name}`);
    }
  });

  test('need not even be text', async () => {
    for (const value of [undefined, null, 42, true, {}, []]) {
      const { ok, kind } = await call(value);
      assert.equal(ok, undefined);
      assert.match(kind, /^(Error|TypeError)$/, `${value}`);
    }
    assert.equal((await report({ system: { kind: 'event_loop' } })).makespan_ms, 100);
  });
});
