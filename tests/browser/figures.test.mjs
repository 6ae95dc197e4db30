// What single figures are there to show: their default run makes the point, and their sliders move it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { metrics, settle, site } from './lib.mjs';

const { open } = site();

/** The numbers of a figure, keyed `metric|system`. */
const numbers = async (page, figure) =>
  Object.fromEntries(Object.entries(await metrics(page, `figure[data-figure="${figure}"]`)).map(([key, value]) => [key, Number(value)]));

/** Sets a field of a figure by its number field; what the figure says then. */
async function set(page, figure, name, value) {
  const input = page.locator(`form[data-lab="${figure}"] input[type=number][name=${name}]`);
  await input.fill(String(value));
  await input.press('Enter');
  await settle(page);
  return numbers(page, figure);
}

const toggle = async (page, figure, name) => {
  await page.locator(`form[data-lab="${figure}"] input[type=checkbox][name=${name}]`).click();
  await settle(page);
  return numbers(page, figure);
};

test('4 x 2 that binds early keeps requests waiting that 8 x 1 serves at once, and the cap is a cure', async (t) => {
  const page = await open(t);
  const at60 = await numbers(page, 'latency');
  assert.ok(at60['latency_ms.p95|early'] > 8 * at60['latency_ms.p95|eight'], JSON.stringify(at60));
  assert.ok(at60['latency_ms.p95|capped'] < 1.5 * at60['latency_ms.p95|eight'], JSON.stringify(at60));
  const at20 = await set(page, 'latency', 'rate_per_s', 20);
  assert.ok(at20['latency_ms.p95|early'] < at60['latency_ms.p95|early'] / 4, 'fewer requests do not help');
});

test('4 x 2 at 60/s has a p95 of 2 to 3 seconds and 8 x 1 of 0.16, as measured, and too many requests are named', async (t) => {
  const page = await open(t);
  const at60 = await numbers(page, 'latency');
  assert.ok(at60['latency_ms.p95|early'] > 2000 && at60['latency_ms.p95|early'] < 3000, JSON.stringify(at60));
  assert.ok(Math.abs(at60['latency_ms.p95|eight'] - 160) < 10, JSON.stringify(at60));
  const caption = () => page.locator('figure[data-figure=latency] figcaption').innerText();
  assert.match(await caption(), /one request in twenty takes longer than 2/);
  await set(page, 'latency', 'rate_per_s', 90);
  assert.match(await caption(), /As much comes as eight slots can serve, or more/);
  // Seven requests are no overload at any rate.
  await set(page, 'latency', 'requests', 7);
  assert.doesNotMatch(await caption(), /As much comes/);
});

test('the lab says what theory does, how sure the simulated number is, and how many requests that takes', async (t) => {
  const theory = async (rate, requests) => {
    const page = await open(t, { path: `?kind=gunicorn&workers=1&arrivals=poisson&rate_per_s=${rate}&spread=exponential&requests=${requests}#lab` });
    return (await page.locator('.theory').innerText()).replace(/\s/g, ' ');
  };
  assert.match(await theory(5, 2500), /In theory the mean wait is 100 ms \(M\/M\/1, by Erlang C\); simulated: [\d.]+ ms ± [\d.]+ ms with 99 % confidence/);
  assert.match(await theory(9.5, 1000), /simulated: [\d.]+ m?s \(an interval takes 234,278 requests\)/);
  assert.match(await theory(5, 1000), /\(an interval takes 2349 requests\)/);
  assert.match(await theory(9.9, 1000), /\(an interval takes more than 1,000,000 requests\)/);
});

test('memory with preload_app stands beside memory without it, where there is such a setting', async (t) => {
  const rows = async (query) => {
    const page = await open(t, { path: `${query}#lab` });
    return page.locator('.report tbody tr').allInnerTexts();
  };
  const preload = (all) => all.find((row) => row.startsWith('With preload_app'));
  const [, saved] = /(\d+)\sMiB/.exec(preload(await rows('?kind=gunicorn&workers=4')));
  assert.ok(Number(saved) > 50 && Number(saved) < 60, saved);
  assert.equal(preload(await rows('?kind=event_loop')), undefined);
});

test('latencies are shown as a distribution, on one scale for all bands unless each has its own', async (t) => {
  const page = await open(t);
  const figure = page.locator('figure[data-figure=latency]');
  assert.equal(await figure.locator('select[name=aspect] option:checked').innerText(), 'Latency');
  /** The longest latency on each band's scale, as its last label says. */
  const longest = () => figure.locator('.over').evaluateAll((all) => all.map((over) => [...over.querySelectorAll('.label')].at(-1).innerText));
  assert.equal(new Set(await longest()).size, 1);
  await figure.getByRole('button', { name: 'own scale' }).click();
  await settle(page);
  assert.equal(new Set(await longest()).size, 3);
});

test('connections are offered where there is a pool of them', async (t) => {
  const page = await open(t);
  const offered = (figure) => page.locator(`figure[data-figure=${figure}] select[name=aspect] option`).allInnerTexts();
  assert.ok(!(await offered('race')).includes('Connections'));
  assert.ok((await offered('pool')).includes('Connections'));
  await set(page, 'pool', 'pool_size', '');
  assert.ok(!(await offered('pool')).includes('Connections'));
});

test('the same app under uvicorn and under Gunicorn holds every wait at once', async (t) => {
  const page = await open(t);
  const all = await numbers(page, 'migrate-fastapi');
  assert.deepEqual(['before', 'after', 'asgi'].map((system) => all[`makespan_ms|${system}`]), [12_500, 100, 100]);
  const busy = await set(page, 'migrate-fastapi', 'cpu_ms', 5);
  assert.ok(busy['makespan_ms|asgi'] > 1000);
});

test('real asgi workers make whoever finds their backlog of 100 full knock again, and the figure says so', async (t) => {
  const page = await open(t);
  const figure = page.locator('figure[data-figure=migrate-fastapi]');
  const calibrated = async () => {
    await figure.locator('[data-act=calibrated]').check({ force: true });
    await settle(page);
    return numbers(page, 'migrate-fastapi');
  };
  const burst = await calibrated();
  assert.ok(burst['makespan_ms|asgi'] > 1000 && burst['makespan_ms|after'] < 1000, JSON.stringify(burst));
  assert.match(await figure.locator('figcaption').innerText(), /backlog of 100 full/);
  const few = await set(page, 'migrate-fastapi', 'requests', 100);
  assert.ok(few['makespan_ms|asgi'] < 1000, JSON.stringify(few));
  assert.doesNotMatch(await figure.locator('figcaption').innerText(), /backlog/);
});

test('a killed worker takes along what it holds: one request of sync, a queue of gthread', async (t) => {
  const page = await open(t);
  const lost = (all) => ['sync', 'gthread', 'loops', 'loop'].map((system) => all[`failed.crashed|${system}`]);
  const [sync, gthread, loops, loop] = lost(await numbers(page, 'crash'));
  assert.ok(sync <= 1 && gthread > 2 && loops > 1 && loop > 1, `${[sync, gthread, loops, loop]}`);
  // Nothing is there yet to be lost at the very start, and the moment is the reader's.
  const never = await set(page, 'crash', 'crash_at_ms', '');
  assert.deepEqual(lost(never), [0, 0, 0, 0]);
  const later = await set(page, 'crash', 'crash_at_ms', 4000);
  assert.ok(lost(later).some((n) => n > 0));
});

test('CPU in a coroutine stalls everyone, in a thread hardly anyone', async (t) => {
  const page = await open(t);
  const heavy = await numbers(page, 'stall');
  assert.ok(heavy['latency_ms.p95|coroutine'] > 5 * heavy['latency_ms.p95|thread'], JSON.stringify(heavy));
  const light = await set(page, 'stall', 'heavy_cpu_ms', 10);
  assert.ok(light['latency_ms.p95|coroutine'] < heavy['latency_ms.p95|coroutine'] / 4, JSON.stringify(light));
});

test('threads that compute make a thread that waits wait for the GIL, unless there is none', async (t) => {
  const page = await open(t);
  const caption = page.locator('figure[data-figure=gil] figcaption');
  // How long the third thread's 20 ms of calls and 2 ms of CPU take, behind a GIL.
  const takes = async () => Number((await caption.innerText()).match(/22\sms without a GIL takes ([\d.]+)\sms/)?.[1]);
  const held = await takes();
  assert.ok(held > 66, await caption.innerText());
  await set(page, 'gil', 'switch_interval_ms', 0.5);
  assert.ok((await takes()) < held, 'a shorter interval does not help');
  await set(page, 'gil', 'switch_interval_ms', 5);
  const free = await toggle(page, 'gil', 'gil');
  assert.equal(free['makespan_ms|gil'], free['makespan_ms|free']);
  assert.match(await caption.innerText(), /done after 22\sms/);
  // Nor is a GIL to blame that is not there where one core has to do.
  await set(page, 'gil', 'cores', 1);
  assert.doesNotMatch(await caption.innerText(), /stands in line for the GIL/);
});

test('a pool of ten holds a loop down to ten at a time', async (t) => {
  const page = await open(t);
  assert.equal((await numbers(page, 'pool'))['makespan_ms|pooled'], 10_000);
  assert.equal((await set(page, 'pool', 'pool_size', 100))['makespan_ms|pooled'], 1000);
  assert.equal((await numbers(page, 'pool'))['makespan_ms|unpooled'], 100);
});

test('a load test seen from both ends is one run: throughput times latency is the number of clients', async (t) => {
  const page = await open(t);
  for (const clients of [20, 8]) {
    const all = await set(page, 'load-test', 'clients', clients);
    for (const metric of ['makespan_ms', 'throughput_rps', 'latency_ms.p95']) assert.equal(all[`${metric}|clients`], all[`${metric}|service`]);
    assert.match(await page.locator('figure[data-figure=load-test] figcaption').innerText(), /requests a second/);
  }
  const few = await set(page, 'load-test', 'clients', 4);
  const many = await set(page, 'load-test', 'clients', 40);
  assert.ok(many['latency_ms.p95|service'] > few['latency_ms.p95|service']);
});

test('threads do not speed up computing, processes do', async (t) => {
  const page = await open(t);
  const all = await numbers(page, 'cpu-bound');
  assert.equal(all['makespan_ms|threads'], 2000);
  assert.equal(all['makespan_ms|processes'], 500);
  assert.equal((await toggle(page, 'cpu-bound', 'gil'))['makespan_ms|threads'], 500);
});

/** How many per cent a cell says that it is off. */
const percent = async (cell) => Number((await cell.innerText()).match(/(\d+)\s%/)?.[1] ?? 0);

describe('what was measured', () => {
  test('is laid over the race, with its error in words, and taken away again', async (t) => {
    const page = await open(t);
    const race = page.locator('figure[data-figure=race]');
    const button = race.locator('[data-act=measured]');
    await button.click();
    await race.locator('.real').first().waitFor({ state: 'attached' });
    const table = race.locator('[aria-label=Numbers]');
    // What was measured, what is shown, and a calibrated run on the measured machine, of each system.
    assert.deepEqual(await table.locator('[scope=rowgroup]').allInnerTexts(), ['Gunicorn', 'Event loop', 'Thread pool']);
    assert.match(await race.locator('.legend').innerText(), /measured, lowest to highest/);
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    // Calibrated, the loop comes much closer to what was measured than on the whiteboard; what gthread does is a matter of chance.
    const loop = table.locator('tbody').nth(1).locator('tr', { hasText: 'Done after' });
    const error = async (column) => Number((await loop.locator('td').nth(column).innerText()).match(/(\d+)\s%\s(less|more)/)?.[1] ?? 0);
    const textbook = await error(1);
    const there = await error(2);
    assert.ok(there < textbook / 3, `${textbook} % on the whiteboard, ${there} % calibrated`);
    await race.locator('[data-act=calibrated]').click();
    await settle(page);
    assert.ok((await error(1)) < textbook / 3, `${textbook} % on the whiteboard, ${await error(1)} % calibrated`);
    assert.equal(await error(2), there);
    await button.click();
    await settle(page);
    assert.equal(await race.locator('.real').count(), 0);
    assert.deepEqual(page.complaints, []);
  });

  test('meets calibrated runs on the measured machine', async (t) => {
    const page = await open(t);
    const race = page.locator('figure[data-figure=race]');
    await race.locator('[data-act=measured]').click();
    const table = race.locator('[aria-label=Numbers] table');
    await table.waitFor();
    assert.match(await table.locator('thead th').last().innerText(), /calibrated on its machine, median of \d+/);
    const ends = table.locator('tbody tr', { hasText: 'Done after' });
    const off = (system, column) => percent(ends.nth(system).locator('td').nth(column));
    // Within what the article promises of calibrated runs, and much nearer than the whiteboard.
    for (const system of [0, 1, 2]) assert.ok((await off(system, 2)) <= 20, `system ${system}: ${await off(system, 2)} %`);
    assert.ok((await off(0, 2)) < (await off(0, 1)) / 2);
    // On a telephone too, nothing of it is cut off.
    await page.setViewportSize({ width: 390, height: 844 });
    await settle(page);
    assert.ok(await table.evaluate((el) => el.parentElement.scrollWidth <= el.parentElement.clientWidth), 'the table is wider than its figure');
  });

  test('is on the axis to its end, in many a figure', async (t) => {
    const page = await open(t);
    for (const name of ['race', 'gunicorn', 'stall', 'load-test', 'cpu-bound', 'gil', 'crash']) {
      const figure = page.locator(`figure[data-figure=${name}]`);
      await figure.locator('[data-act=measured]').click();
      const bars = figure.locator('.real');
      await bars.first().waitFor({ state: 'attached' });
      assert.equal(await figure.locator('.real.on').count(), 0, `${name}: something measured goes on beyond the axis`);
      assert.ok((await figure.locator('[aria-label=Numbers] tbody').count()) > 0, name);
    }
    assert.deepEqual(page.complaints, []);
  });

  test('is of killed workers where one is killed', async (t) => {
    const page = await open(t);
    const crash = page.locator('figure[data-figure=crash]');
    await crash.locator('[data-act=measured]').click();
    const table = crash.locator('[aria-label=Numbers] table');
    await table.waitFor();
    assert.deepEqual(await table.locator('[scope=rowgroup]').allInnerTexts(), ['sync, 8 × 1', 'gthread, 4 × 2', 'Two loops, supervised', 'One loop, alone']);
    for (const row of await table.locator('tbody tr', { hasText: 'Done after' }).all()) {
      assert.ok((await percent(row.locator('td').last())) <= 10, `${await row.innerText()}`);
    }
    const lost = table.locator('tbody tr', { hasText: 'Lost' });
    assert.equal(await lost.count(), 4);
    // The lone loop loses what comes from then on; what the others lose depends on the moment.
    assert.match(await lost.last().innerText(), /54\s+5\d, /);
    // At another moment nobody was killed.
    await set(page, 'crash', 'crash_at_ms', 4000);
    await page.waitForFunction(() => /No real server was measured/.test(document.querySelector('figure[data-figure=crash] [aria-label=Numbers]').innerText));
    assert.deepEqual(page.complaints, []);
  });

  test('is said to be missing where no server was measured so', async (t) => {
    const page = await open(t, { path: '?kind=gunicorn&workers=7&requests=123#lab' });
    const lab = page.locator('figure[data-figure=lab]');
    await lab.locator('[data-act=measured]').click();
    await settle(page);
    await page.waitForFunction(() => document.querySelector('figure[data-figure=lab] [aria-label=Numbers]').innerText.length > 20);
    assert.match(await lab.locator('[aria-label=Numbers]').innerText(), /No real server was measured/);
  });
});

describe('menus', () => {
  test('close on Escape, where the focus stays, and on a click elsewhere', async (t) => {
    const page = await open(t);
    const race = page.locator('figure[data-figure=race]');
    const [save, help] = [race.locator('.tools details').first(), race.locator('.tools details').last()];
    const isOpen = (menu) => menu.evaluate((el) => el.open);
    await save.locator('summary').click();
    await help.locator('summary').click();
    assert.deepEqual([await isOpen(save), await isOpen(help)], [false, true]);
    await save.locator('summary').click();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    assert.deepEqual([await isOpen(save), await isOpen(help)], [false, false]);
    assert.ok(await save.locator('summary').evaluate((el) => el === document.activeElement));
    await save.locator('summary').click();
    await race.locator('.figure-title').click();
    assert.equal(await isOpen(save), false);
    assert.deepEqual(page.complaints, []);
  });
});

describe('menus of a figure beside its text', () => {
  test('open within the figure', async (t) => {
    for (const width of [1300, 1440]) {
      const page = await open(t, { width });
      const figure = page.locator('figure[data-figure=pool]');
      for (const which of ['first', 'last']) {
        const menu = figure.locator('.tools details')[which]();
        await menu.locator('summary').click();
        const [inside, around] = [await menu.locator('div').boundingBox(), await figure.boundingBox()];
        assert.ok(inside.x >= around.x && inside.x + inside.width <= around.x + around.width, `${which} menu at ${width} px: ${JSON.stringify([inside, around])}`);
      }
    }
  });
});

describe('workers that bind early', () => {
  test('have lines of their own in the diagram, which together with the socket hold all that wait', async (t) => {
    const page = await open(t);
    const figure = page.locator('figure[data-figure=gunicorn]');
    const waiting = async () => {
      const words = await figure.locator('.diagram text').evaluateAll((all) => all.map((el) => el.textContent));
      const of = (pattern) => words.map((text) => Number(text.match(pattern)?.[1] ?? 0)).reduce((sum, count) => sum + count, 0);
      const all = Number((await figure.locator('figcaption strong').innerText()).match(/^(\d+) wait/)[1]);
      return { socket: of(/^(\d+) waiting$/), lines: of(/^(\d+) wait$/), all };
    };
    const whiteboard = await waiting();
    assert.ok(whiteboard.lines === 0 && whiteboard.socket === whiteboard.all && whiteboard.all > 0, JSON.stringify(whiteboard));
    await figure.locator('[data-act=calibrated]').check({ force: true });
    await settle(page);
    const bound = await waiting();
    assert.ok(bound.lines > 0 && bound.socket + bound.lines === bound.all, JSON.stringify(bound));
  });
});

describe('a repetition over seeds', () => {
  const POISSON = '?kind=gunicorn&workers=4&threads=2&arrivals=poisson&rate_per_s=60&fidelity=calibrated';
  const repeated = (page) => page.locator('figure[data-figure=lab] .repeated');

  test('shows medians and bands, until something else is to be run', async (t) => {
    const page = await open(t, { path: `${POISSON}&requests=400#lab` });
    await repeated(page).getByRole('button', { name: 'Repeat over 100 seeds' }).click();
    await repeated(page).getByText('of 100 runs').waitFor();
    const p95 = await repeated(page).getByRole('row', { name: /p95/i }).innerText();
    assert.match(p95, /[\d.]+.*\([\d.]+.* to [\d.]+/);
    await set(page, 'lab', 'rate_per_s', 30);
    assert.equal(await repeated(page).locator('table').count(), 0);
    assert.deepEqual(page.complaints, []);
  });

  test('gives way to another one, and to other settings', async (t) => {
    const page = await open(t, { path: `${POISSON}&requests=20000#lab` });
    const press = (name) => repeated(page).getByRole('button', { name }).click();
    await press('Repeat over 100 seeds');
    await repeated(page).getByText(/^[1-9]\d* of 100 seeds/).waitFor();
    // At once: one of them goes on.
    await page.evaluate(() => {
      const press = () => document.querySelector('figure[data-figure=lab] .repeated button').click();
      press();
      setTimeout(press);
    });
    await page.waitForTimeout(300);
    assert.match(await repeated(page).locator('span').innerText(), /of 100 seeds/);
    await set(page, 'lab', 'rate_per_s', 30);
    await repeated(page).getByRole('button', { name: 'Repeat over 100 seeds' }).waitFor();
    await page.waitForTimeout(300);
    assert.equal(await repeated(page).locator('table').count(), 0);
    assert.deepEqual(page.complaints, []);
  });

  test('says how far it is, and can be stopped with what it has', async (t) => {
    const page = await open(t, { path: `${POISSON}&requests=50000#lab` });
    await repeated(page).getByRole('button', { name: 'Repeat over 100 seeds' }).click();
    await repeated(page).getByText(/^[1-9]\d* of 100 seeds/).waitFor();
    await repeated(page).getByRole('button', { name: 'Stop' }).click({ delay: 200 });
    const head = await repeated(page).locator('thead td').innerText();
    const done = Number(/of (\d+) runs/.exec(head)?.[1]);
    assert.ok(done > 0 && done < 100, head);
    await repeated(page).getByRole('button', { name: 'Repeat over 100 seeds' }).waitFor();
    assert.deepEqual(page.complaints, []);
  });
});

test('the lab does not praise systems that answer little', async (t) => {
  const page = await open(t, { path: '?kind=gunicorn&workers=1&timeout_s=1&io_ms=3000&requests=20#lab' });
  const lab = page.locator('figure[data-figure=lab]');
  assert.match(await lab.locator('figcaption strong').innerText(), /answers 0 of 20 requests/);
  assert.equal(await lab.locator('.band-numbers .big').first().innerText(), '–');
});

test('captions hold where there is nothing to do, in both fidelities', async (t) => {
  const page = await open(t);
  for (const name of ['race', 'comparison', 'timeline', 'executor', 'migrate-fastapi']) {
    const figure = page.locator(`figure[data-figure=${name}]`);
    for (const fidelity of ['textbook', 'calibrated']) {
      await figure.locator(`[data-act=${fidelity}]`).check();
      for (const field of ['io_ms', 'cpu_ms']) await figure.locator(`input[type=range][name=${field}]`).fill('0');
      await settle(page);
      const caption = await figure.locator('figcaption').innerText();
      assert.doesNotMatch(caption, /\b0 (slots|need)|\b1 (threads|slots|rounds)|no time|NaN|Infinity/, `${name}, ${fidelity}`);
    }
  }
  // One request leads nobody, whoever serves it.
  const race = page.locator('figure[data-figure=race]');
  await race.locator('input[type=range][name=io_ms]').fill('100');
  await race.locator('input[type=number][name=requests]').fill('1');
  await settle(page);
  const caption = await race.locator('figcaption').innerText();
  assert.match(caption, /On 1 slot that takes 1 round of 10/);
  assert.doesNotMatch(caption, /lead shrink/);
  assert.deepEqual(page.complaints, []);
});

test('the stall says when its p95 is a hash, and when there is none', async (t) => {
  const page = await open(t);
  const figure = page.locator('figure[data-figure=stall]');
  const caption = async (every) => {
    await figure.locator('input[type=number][name=heavy_every]').fill(every);
    await figure.locator('input[type=number][name=heavy_every]').press('Tab');
    await settle(page);
    return figure.locator('figcaption').innerText();
  };
  assert.doesNotMatch(await caption('20'), /That is a hash/);
  assert.match(await caption('8'), /That is a hash/);
  assert.match(await caption('100'), /p95 is 2\d/);
  assert.match(await caption(''), /Nothing computes for long/);
  assert.deepEqual(page.complaints, []);
});

test('a line that is too long to draw is counted, and a view of cores says that nothing is computed', async (t) => {
  const page = await open(t);
  const loop = page.locator('figure[data-figure=event-loop]');
  const drawn = async () => (await loop.locator('.diagram text').allTextContents()).filter((words) => /^\+\d+$/.test(words));
  // 1000 requests of which more wait for I/O than the 40 squares hold.
  assert.ok((await drawn()).length > 0, 'no line counts what it does not show');
  await loop.locator('input[type=range][name=requests]').fill('30');
  await settle(page);
  assert.deepEqual(await drawn(), []);
  const race = page.locator('figure[data-figure=race]');
  await race.locator('select[name=aspect]').selectOption('Cores');
  await settle(page);
  assert.match(await race.locator('.legend').innerText(), /no computing/);
  assert.doesNotMatch(await race.locator('.legend').innerText(), /waiting for I\/O/);
});
