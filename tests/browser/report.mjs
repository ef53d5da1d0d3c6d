// Opens reports in headless Chromium as a reader would, from the disk and without a network, and fails on what a reader
// would stumble over. Pictures of the pages go where the last argument says, to be looked at.
//
//   node report.mjs FOLDER-OF-A-RUN... SCREENSHOTS
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const folders = process.argv.slice(2, -1).map((folder) => resolve(folder));
const shots = resolve(process.argv.at(-1));
mkdirSync(shots, { recursive: true });

/// The longest that half of the frames, and 95 % of them, may take while a picture of 10⁵ tasks is moved, in milliseconds.
const HALF = 33, MOST = 66;

let failures = 0;
const expect = (what, holds) => {
  if (holds) return;
  failures += 1;
  console.error(`FAILED: ${what}`);
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function open(folder, colorScheme) {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 }, offline: true });
  const page = await context.newPage();
  const told = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && told.push(message.text()));
  page.on('pageerror', (error) => told.push(String(error)));
  page.on('request', (request) => /^(file|data|blob):/.test(request.url()) || told.push(`asks for ${request.url()}`));
  const began = Date.now();
  await page.goto(pathToFileURL(`${folder}/report.html`).href);
  await page.waitForSelector('html[data-charts]', { timeout: 60_000 });
  return { context, page, told, took: Date.now() - began };
}

async function check(folder) {
  const name = basename(folder);
  for (const scheme of ['light', 'dark']) {
    const { context, page, told, took } = await open(folder, scheme);
    if (scheme === 'light') {
      await structure(name, page);
      if (await page.$('#lanes')) await lanes(name, page);
    }
    await page.screenshot({ path: `${shots}/${name}-${scheme}.png`, fullPage: true });
    if (scheme === 'light') writeFileSync(`${shots}/${name}.pdf`, await page.pdf({ format: 'A4', printBackground: true }));
    expect(`${name}, ${scheme}: nothing on the console, but there is: ${told.join(' | ')}`, told.length === 0);
    console.log(`${name}, ${scheme}: open after ${took} ms`);
    await context.close();
  }
}

/// Landmarks, names, headings, and a drawing in every chart.
async function structure(name, page) {
  const found = await page.evaluate(() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const ids = all('[id]').map((element) => element.id);
    const named = (element) => element.getAttribute('aria-label') || element.textContent.trim() || element.labels?.length;
    const levels = all('h1, h2, h3').map((heading) => Number(heading.tagName[1]));
    return {
      landmarks: ['header', 'nav', 'main', 'footer'].filter((tag) => !document.querySelector(tag)),
      doubled: ids.filter((id, at) => ids.indexOf(id) !== at),
      unnamed: all('button, select, input, [role="img"]').filter((element) => !named(element)).map((element) => element.outerHTML.slice(0, 80)),
      jumps: levels.some((level, at) => at > 0 && level > levels[at - 1] + 1),
      empty: all('.chart').filter((chart) => !chart.querySelector('svg .mark-group, svg path')).map((chart) => chart.id),
      wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      answer: document.querySelector('.answer').textContent,
      dead: all('nav a').filter((link) => !document.querySelector(link.getAttribute('href'))).length,
    };
  });
  expect(`${name}: has its landmarks, lacks ${found.landmarks}`, found.landmarks.length === 0);
  expect(`${name}: no id twice: ${found.doubled}`, found.doubled.length === 0);
  expect(`${name}: everything that acts has a name: ${found.unnamed}`, found.unnamed.length === 0);
  expect(`${name}: headings go down step by step`, !found.jumps);
  expect(`${name}: every chart is drawn: ${found.empty}`, found.empty.length === 0);
  expect(`${name}: the page is no wider than the window`, !found.wide);
  expect(`${name}: it answers in a sentence: ${found.answer}`, /.{15,}\.$/.test(found.answer));
  expect(`${name}: every link of the navigation leads somewhere`, found.dead === 0);
}

/// The canvas: steps, keys, filter, table, and how fast it moves.
async function lanes(name, page) {
  await page.waitForSelector('html[data-lanes="ready"]');
  const sentence = () => page.textContent('#sentence');
  const steps = await page.evaluate(() => window.makespanLanes.steps());
  expect(`${name}: has steps`, steps > 0);
  const first = await sentence();
  expect(`${name}: the first step is told: ${first}`, /^1 of \d+ · \S+.*: .{10,}/.test(first));
  if (steps > 2) {
    await page.click('#next');
    const second = await sentence();
    expect(`${name}: a step further: ${second}`, second.startsWith('2 of ') && second !== first);
    await page.focus('#canvas');
    await page.keyboard.press('n');
    expect(`${name}: by key`, (await sentence()).startsWith('3 of '));
    await page.keyboard.press('p');
    await page.click('#back');
    expect(`${name}: and back`, (await sentence()) === first);
    await page.fill('#step', String(steps - 1));
    expect(`${name}: to the end`, (await sentence()).startsWith(`${steps} of `));
  }
  const whole = await page.evaluate(() => ({ ...window.makespanLanes.view() }));
  await page.focus('#canvas');
  await page.keyboard.press('+');
  const zoomed = await page.evaluate(() => ({ ...window.makespanLanes.view() }));
  expect(`${name}: zooms by key`, Math.abs((zoomed.to - zoomed.from) / (whole.to - whole.from) - 0.5) < 0.01);
  await page.keyboard.press('ArrowRight');
  const moved = await page.evaluate(() => ({ ...window.makespanLanes.view() }));
  expect(`${name}: moves by key`, moved.from > zoomed.from);
  await page.click('#intervals summary');
  await page.fill('#filter', 'idle');
  await page.waitForTimeout(400);
  const found = await page.textContent('#found');
  const states = await page.$$eval('#rows tr td:nth-child(4)', (cells) => cells.map((cell) => cell.textContent));
  expect(`${name}: the filter finds what it says: ${found}, ${states.slice(0, 3)}`, /^\d+ of \d+ intervals$/.test(found) && states.every((state) => state.includes('idle')));
  await page.fill('#filter', '');
  await page.waitForTimeout(400);
  expect(`${name}: and all again`, /^\d+ intervals$/.test(await page.textContent('#found')));
  await page.click('#intervals summary');
  const times = await page.evaluate(async () => {
    const { draw, pan, zoom } = window.makespanLanes;
    document.getElementById('whole').click();
    const times = [];
    const frame = async (move) => {
      move();
      const began = performance.now();
      draw();
      times.push(performance.now() - began);
      await new Promise(requestAnimationFrame);
    };
    for (let i = 0; i < 20; i++) await frame(() => zoom(0.8));
    for (let i = 0; i < 60; i++) await frame(() => pan(i < 30 ? 0.05 : -0.05));
    document.getElementById('whole').click();
    for (let i = 0; i < 20; i++) await frame(() => zoom(1));
    times.sort((a, b) => a - b);
    return { half: times[times.length >> 1], most: times[Math.floor(times.length * 0.95)], count: times.length };
  });
  console.log(`${name}: ${steps} steps; a frame takes ${times.half.toFixed(1)} ms, 95 % at most ${times.most.toFixed(1)} ms (${times.count} frames)`);
  expect(`${name}: frames come fast enough`, times.half <= HALF && times.most <= MOST);
  await page.evaluate(() => { document.getElementById('whole').click(); window.makespanLanes.show(Math.floor(window.makespanLanes.steps() / 3)); });
  await page.waitForTimeout(200);
  await (await page.$('#cores')).screenshot({ path: `${shots}/${name}-cores.png` });
}

for (const folder of folders) await check(folder);
await browser.close();
if (failures > 0) {
  console.error(`${failures} failures`);
  process.exit(1);
}
console.log(`${folders.length} reports open, without a network and with nothing on the console`);
