// What the cores did, on a canvas that pans and zooms over hundreds of thousands of intervals, and what was decided when,
// step by step.
'use strict';
(() => {
  const holder = document.getElementById('lanes');
  if (!holder) return;
  const runs = JSON.parse(document.getElementById('runs').textContent);
  const $ = (id) => document.getElementById(id);
  const canvas = $('canvas');
  const paint = canvas.getContext('2d', { alpha: false });

  // ---- Reading: numbers as variable-length bytes in base 64, least significant seven bits first.

  function numbers(text) {
    const raw = atob(text);
    let at = 0;
    return () => {
      let value = 0, factor = 1;
      for (;;) {
        const byte = raw.charCodeAt(at++);
        value += (byte & 127) * factor;
        if (byte < 128) return value;
        factor *= 128;
      }
    };
  }
  // Signed numbers alternate: 0, -1, 1, -2, …
  const signed = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);

  function readRun(run) {
    const cores = run.cores.length;
    const next = numbers(run.intervals);
    const total = run.count;
    const lane = {
      first: new Uint32Array(cores + 1), from: new Float64Array(total), to: new Float64Array(total),
      look: new Uint8Array(total), task: new Float64Array(total), job: new Uint8Array(total), match: new Uint8Array(total).fill(1),
    };
    let i = 0;
    for (let core = 0; core < cores; core++) {
      lane.first[core] = i;
      let count = next(), at = 0, number = 0;
      while (count-- > 0) {
        at += next();
        lane.from[i] = at;
        at += next();
        lane.to[i] = at;
        lane.look[i] = next();
        const job = next();
        lane.job[i] = job;
        if (job > 0) { number += signed(next()); lane.task[i] = number; }
        i++;
      }
    }
    lane.first[cores] = i;
    const step = numbers(run.steps), count = run.stepCount;
    const steps = { at: new Float64Array(count), phrase: new Uint16Array(count), core: new Int32Array(count), job: new Uint8Array(count), task: new Float64Array(count), more: new Float64Array(count), from: new Int32Array(count) };
    let at = 0, number = 0;
    for (let s = 0; s < count; s++) {
      at += step();
      steps.at[s] = at;
      steps.phrase[s] = step();
      steps.core[s] = step() - 1;
      steps.job[s] = step();
      number += signed(step());
      steps.task[s] = number;
      steps.more[s] = step();
      steps.from[s] = step() - 1;
    }
    // What went from core to core: when, from which, to which.
    const theft = numbers(run.arrows);
    const arrows = { at: new Float64Array(run.arrowCount), from: new Int32Array(run.arrowCount), to: new Int32Array(run.arrowCount) };
    for (let a = 0, at = 0; a < run.arrowCount; a++) {
      at += theft();
      [arrows.at[a], arrows.from[a], arrows.to[a]] = [at, theft(), theft()];
    }
    run.jobs.forEach((job) => {
      if (!job.chunks) return;
      const chunk = numbers(job.chunks);
      job.sizes = new Map();
      for (let number = 0, left = job.count; left > 0; left--) { number += chunk(); job.sizes.set(number, chunk()); }
    });
    return { ...run, lane, steps, arrows };
  }

  // ---- Words.

  const units = [[86400, 3 * 86400, 'd'], [3600, 3 * 3600, 'h'], [60, 300, 'min'], [1, 1, 's'], [1e-3, 1e-3, 'ms'], [1e-6, 1e-6, 'µs'], [1e-9, 1e-9, 'ns'], [1e-12, 0, 'ps']];
  const unitOf = (seconds) => units.find((unit) => Math.abs(seconds) >= unit[1] * 0.9999995) || units[3];
  const time = (ticks, digits = 4) => {
    const seconds = ticks * run.tick;
    if (seconds === 0) return '0 s';
    const [size, , name] = unitOf(seconds);
    return `${Number((seconds / size).toPrecision(digits))}\u00a0${name}`;
  };
  const taskName = (job, number) => {
    if (job === 0) return '';
    const names = run.jobs[job - 1];
    if (names.sizes) {
      const size = names.sizes.get(number), first = number % names.iterations;
      const which = size > 1 ? `iterations ${first} to ${first + size - 1}` : `iteration ${first}`;
      const step = names.steps > 1 ? ` of step ${Math.floor(number / names.iterations)}` : '';
      return size ? `${names.prefix}${which}${step}` : `${names.prefix}iterations from ${first}${step}`;
    }
    return names.tasks ? names.tasks[number] : `${names.prefix}${number}`;
  };
  // How many iterations a chunk of a loop is.
  const sizeOf = (job, number) => (job > 0 && run.jobs[job - 1].sizes ? run.jobs[job - 1].sizes.get(number) : undefined);
  const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, key) => values[key]);

  // ---- Colours: those of the printed charts; greys are turned over where the page is dark.

  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  let printing = false;
  const isDark = () => dark.matches && !printing;
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  let ink, quiet, line, paper, accent, bad, looks, plain, faint;
  const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const packed = ([r, g, b]) => (255 << 24 | b << 16 | g << 8 | r) >>> 0;
  const shown = (hex) => {
    const [r, g, b] = channels(hex);
    return isDark() && r === g && g === b ? [275 - r, 275 - r, 280 - r].map((c) => Math.min(255, c)) : [r, g, b];
  };
  const mixed = (colour, ground, part) => colour.map((c, i) => Math.round(c * part + ground[i] * (1 - part)));
  const hexOf = (colour) => `#${colour.map((c) => c.toString(16).padStart(2, '0')).join('')}`;

  function colours() {
    const page = isDark() ? [23, 24, 27] : [255, 255, 255];
    [ink, quiet, line, paper, accent, bad] = isDark()
      ? ['#ececf0', '#a9a9b2', '#3a3b41', '#17181b', '#7cc4f2', '#ff9a5c']
      : ['#1d1d1f', '#56565c', '#d4d4d8', '#ffffff', '#005a8f', '#d55e00'];
    plain = run.looks.map((look) => packed(shown(look.ground)));
    faint = run.looks.map((look) => packed(mixed(shown(look.ground), page, 0.13)));
    looks = run.looks.map((look) => {
      const ground = shown(look.ground), pen = shown(look.ink);
      const luma = 0.299 * ground[0] + 0.587 * ground[1] + 0.114 * ground[2];
      return { text: luma < 125 ? '#ffffff' : '#111111', ground: hexOf(ground), tile: tile(look.pattern, hexOf(pen)) };
    });
    background = packed(page);
  }
  let background;

  function tile(pattern, pen) {
    if (pattern === 'plain') return null;
    const size = 8, patch = document.createElement('canvas');
    patch.width = patch.height = size;
    const p = patch.getContext('2d');
    p.strokeStyle = p.fillStyle = pen;
    p.lineWidth = 1;
    const stroke = (...points) => { p.beginPath(); points.forEach(([x, y], i) => (i ? p.lineTo(x, y) : p.moveTo(x, y))); p.stroke(); };
    if (pattern === 'rising' || pattern === 'cross') { stroke([-1, size + 1], [size + 1, -1]); stroke([-1, 1], [1, -1]); stroke([size - 1, size + 1], [size + 1, size - 1]); }
    if (pattern === 'falling' || pattern === 'cross') { stroke([-1, -1], [size + 1, size + 1]); stroke([size - 1, -1], [size + 1, 1]); stroke([-1, size - 1], [1, size + 1]); }
    if (pattern === 'level') stroke([0, 4.5], [size, 4.5]);
    if (pattern === 'upright') stroke([4.5, 0], [4.5, size]);
    if (pattern === 'dots') { p.fillRect(1, 1, 1.6, 1.6); p.fillRect(5, 5, 1.6, 1.6); }
    return paint.createPattern(patch, 'repeat');
  }

  // ---- The view: which time from left to right, which cores from top to bottom.

  let run, view, step = 0, filtered = false, hover = -1, pending = false;
  const HEAD = 26, FOOT = 20, LEAST_ROW = 3;
  const side = () => Math.min(150, Math.max(60, holder.clientWidth * 0.13));

  function fit() {
    view = { from: 0, to: run.end * 1.01 || 1, top: 0, rows: Math.min(run.cores.length, Math.max(1, Math.floor((canvas.clientHeight - HEAD - FOOT) / LEAST_ROW))) };
    later();
  }

  function clampView() {
    const all = run.end * 1.01 || 1, cores = run.cores.length;
    const span = Math.min(Math.max(view.to - view.from, Math.min(all, 20)), all);
    view.from = Math.min(Math.max(view.from, 0), all - span);
    view.to = view.from + span;
    view.rows = Math.min(Math.max(view.rows, 1), cores);
    view.top = Math.min(Math.max(view.top, 0), cores - view.rows);
  }

  const xOf = (ticks) => left + (ticks - view.from) / (view.to - view.from) * (width - left);
  const ticksAt = (x) => view.from + (x - left) / (width - left) * (view.to - view.from);
  const rowAt = (y) => Math.floor(view.top + (y - HEAD) / (height - HEAD - FOOT) * view.rows);
  let width = 0, height = 0, left = 0, ratio = 1;

  function zoom(factor, at = (view.from + view.to) / 2, rows = 1) {
    view.from = at - (at - view.from) * factor;
    view.to = at + (view.to - at) * factor;
    view.rows *= rows;
    clampView();
    later();
  }
  function pan(share, rows = 0) {
    const by = share * (view.to - view.from);
    view.from += by;
    view.to += by;
    view.top += rows;
    clampView();
    later();
  }

  // The first interval of a core that ends after `ticks`.
  function firstAfter(core, ticks) {
    const { first, to } = run.lane;
    let low = first[core], high = first[core + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (to[middle] <= ticks) low = middle + 1; else high = middle;
    }
    return low;
  }

  // ---- Painting: colours point by point into an image, a scan line a row of cores; patterns and names over it where
  // there are few enough to be seen.

  let image, points;
  function draw() {
    pending = false;
    ratio = printing ? 2 : window.devicePixelRatio || 1;
    width = canvas.clientWidth;
    height = canvas.clientHeight;
    left = side();
    const w = Math.round(width * ratio), h = Math.round(height * ratio);
    if (w < 1 || h < 1) return;
    if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; image = null; }
    if (!image) { image = paint.createImageData(w, h); points = new Uint32Array(image.data.buffer); }
    points.fill(background);
    const { lane } = run;
    const x0 = Math.round(left * ratio), scale = (w - x0) / (view.to - view.from);
    const y0 = HEAD * ratio, bottom = Math.round((height - FOOT) * ratio), rowHeight = (bottom - y0) / view.rows;
    const gap = rowHeight >= 8 ? Math.max(1, Math.round(rowHeight * 0.08)) : 0;
    const firstRow = Math.floor(view.top), lastRow = Math.min(run.cores.length, Math.ceil(view.top + view.rows));
    const seen = [];
    let before = -1;
    for (let core = firstRow; core < lastRow; core++) {
      const from = Math.max(Math.round(y0), Math.round(y0 + (core - view.top) * rowHeight));
      const to = Math.min(bottom, Math.round(y0 + (core + 1 - view.top) * rowHeight) - gap);
      // Of cores thinner than a point, one in each point is shown.
      if (to <= from || from === before) continue;
      before = from;
      const row = from * w;
      const end = lane.first[core + 1];
      let painted = x0;
      for (let i = firstAfter(core, view.from); i < end && lane.from[i] < view.to; i++) {
        const a = Math.max(painted, x0 + Math.round((lane.from[i] - view.from) * scale));
        const b = Math.min(w, Math.max(a + 1, x0 + Math.round((lane.to[i] - view.from) * scale)));
        if (b <= painted) continue;
        const shades = lane.match[i] ? plain : faint;
        points.fill(shades[lane.look[i]], row + a, row + b);
        painted = b;
        if (b - a >= 6 && seen.length < 4000) seen.push([i, a, from, b, to]);
      }
      for (let y = from + 1; y < to; y++) points.copyWithin(y * w + x0, row + x0, row + w);
    }
    paint.putImageData(image, 0, 0);
    paint.save();
    paint.scale(ratio, ratio);
    if (seen.length < 4000) seen.forEach(([i, a, from, b, to]) => overlay(i, a / ratio, from / ratio, b / ratio, to / ratio));
    axis();
    names(firstRow, lastRow, rowHeight / ratio);
    marks();
    paint.restore();
  }

  function overlay(i, x, y, x2, y2) {
    const look = looks[run.lane.look[i]];
    if (look.tile && run.lane.match[i]) { paint.fillStyle = look.tile; paint.fillRect(x, y, x2 - x, y2 - y); }
    if (x2 - x > 4) { paint.fillStyle = paper; paint.fillRect(x, y, 1, y2 - y); }
    if (run.lane.job[i] === 0 || y2 - y < 12 || x2 - x < 16 || !run.looks[run.lane.look[i]].work) return;
    const name = taskName(run.lane.job[i], run.lane.task[i]);
    const size = sizeOf(run.lane.job[i], run.lane.task[i]);
    const short = size ? `${size}` : name.startsWith('task ') ? name.slice(5) : name;
    paint.font = '12px "Liberation Sans", Arial, sans-serif';
    const wide = paint.measureText(short).width;
    if (wide > x2 - x - 6) return;
    const middle = (x + x2) / 2, base = (y + y2) / 2 + 4;
    if (look.tile) { paint.fillStyle = look.ground; paint.fillRect(middle - wide / 2 - 2, base - 11, wide + 4, 14); }
    paint.fillStyle = look.text;
    paint.textAlign = 'center';
    paint.fillText(short, middle, base);
  }

  const round = (least) => { const power = 10 ** Math.floor(Math.log10(least)); return [1, 2, 5, 10].map((d) => d * power).find((v) => v >= least * 0.999); };

  function axis() {
    const seconds = (view.to - view.from) * run.tick;
    const [size, , name] = unitOf(view.to * run.tick);
    const gap = round(seconds / size / Math.max(2, (width - left) / 110));
    const decimals = Math.max(0, -Math.floor(Math.log10(gap) + 1e-9));
    paint.fillStyle = ink;
    paint.strokeStyle = line;
    paint.font = '12px "Liberation Sans", Arial, sans-serif';
    paint.textAlign = 'center';
    const first = Math.ceil(view.from * run.tick / size / gap - 1e-9);
    for (let k = first; k * gap * size <= view.to * run.tick * 1.0000001; k++) {
      const x = xOf(k * gap * size / run.tick);
      if (x < left - 1) continue;
      paint.beginPath();
      paint.moveTo(x + 0.5, HEAD - 6);
      paint.lineTo(x + 0.5, HEAD);
      paint.stroke();
      if (x < width - 20) paint.fillText((k * gap).toFixed(decimals), x, HEAD - 10);
    }
    paint.textAlign = 'left';
    paint.fillText(`Time (${name})`, 4, HEAD - 10);
  }

  function names(firstRow, lastRow, rowHeight) {
    paint.fillStyle = ink;
    paint.textAlign = 'right';
    paint.font = `${Math.min(12, Math.max(9, rowHeight))}px "Liberation Sans", Arial, sans-serif`;
    const every = Math.ceil(14 / rowHeight);
    for (let core = Math.ceil(firstRow / every) * every; core < lastRow; core += every) {
      const y = HEAD + (core - view.top + 0.5) * rowHeight + 4;
      if (y > HEAD + 6 && y < height - FOOT) paint.fillText(run.cores[core], left - 6, y, left - 8);
    }
  }

  function upright(ticks, colour, dash) {
    const x = Math.round(xOf(ticks)) + 0.5;
    const stroke = (width, style) => {
      paint.lineWidth = width;
      paint.strokeStyle = style;
      paint.beginPath();
      paint.moveTo(x, HEAD);
      paint.lineTo(x, height - FOOT);
      paint.stroke();
    };
    stroke(4, paper);
    paint.setLineDash(dash);
    stroke(2, colour);
    paint.setLineDash([]);
    paint.lineWidth = 1;
    return x;
  }

  // Bounds and the end, with their names below the lanes, apart from one another.
  function bounds() {
    paint.font = 'bold 12px "Liberation Sans", Arial, sans-serif';
    paint.textAlign = 'center';
    let free = width;
    const shown = run.bounds.filter(([ticks]) => ticks >= view.from && ticks <= view.to).sort((a, b) => b[0] - a[0]);
    shown.forEach(([ticks, name]) => {
      const colour = name === 'makespan' ? ink : bad;
      const x = upright(ticks, colour, name === 'makespan' ? [] : [6, 5]);
      const wide = paint.measureText(name).width, at = Math.min(x, free - wide / 2 - 4);
      if (at - wide / 2 < 4) return;
      paint.fillStyle = colour;
      paint.fillText(name, at, height - 6);
      free = at - wide / 2 - 6;
    });
  }

  // What went from core to core, where there are few enough in view to be told apart.
  const MOST_ARROWS = 400;
  function thefts(rowHeight) {
    const { at, from, to } = run.arrows;
    if (rowHeight < 6) return;
    let first = 0, high = at.length;
    while (first < high) {
      const middle = (first + high) >> 1;
      if (at[middle] < view.from) first = middle + 1; else high = middle;
    }
    let end = first;
    while (end < at.length && at[end] <= view.to) if (++end - first > MOST_ARROWS) return;
    const middleOf = (core) => Math.min(height - FOOT, Math.max(HEAD, HEAD + (core - view.top + 0.5) * rowHeight));
    for (let a = first; a < end; a++) {
      const x = xOf(at[a]), start = middleOf(from[a]), stop = middleOf(to[a]);
      const away = Math.sign(stop - start) * Math.min(8, Math.max(3, rowHeight * 0.25));
      if (start === stop) continue;
      const path = () => {
        paint.beginPath();
        paint.moveTo(x, start);
        paint.lineTo(x, stop);
        paint.moveTo(x - Math.abs(away) * 0.7, stop - away);
        paint.lineTo(x, stop);
        paint.lineTo(x + Math.abs(away) * 0.7, stop - away);
        paint.stroke();
      };
      paint.strokeStyle = paper;
      paint.lineWidth = 4;
      path();
      paint.strokeStyle = paint.fillStyle = ink;
      paint.lineWidth = 1.5;
      path();
      paint.beginPath();
      paint.arc(x, start, 2.5, 0, 7);
      paint.fill();
    }
    paint.lineWidth = 1;
  }

  function marks() {
    bounds();
    const rowHeight = (height - HEAD - FOOT) / view.rows;
    thefts(rowHeight);
    paint.strokeStyle = bad;
    run.faults.forEach(([ticks, first, end]) => {
      const x = xOf(ticks);
      if (x < left || x > width) return;
      paint.lineWidth = 2;
      for (let core = first; core < end; core += Math.max(1, Math.ceil(8 / rowHeight))) {
        const y = HEAD + (core - view.top + 0.5) * rowHeight, arm = Math.min(6, Math.max(3, rowHeight / 3));
        if (y < HEAD) continue;
        paint.beginPath();
        paint.moveTo(x - arm, y - arm); paint.lineTo(x + arm, y + arm);
        paint.moveTo(x - arm, y + arm); paint.lineTo(x + arm, y - arm);
        paint.stroke();
      }
      paint.lineWidth = 1;
    });
    if (run.stepCount > 0 && !printing) {
      const { at, core } = run.steps;
      if (at[step] >= view.from && at[step] <= view.to) {
        const x = upright(at[step], ink, []);
        const middle = HEAD + (core[step] - view.top + 0.5) * rowHeight;
        if (core[step] >= 0 && middle >= HEAD && middle <= height - FOOT) {
          // The arrow points at the core from the side where there is room.
          const from = x - 14 < left ? 14 : -14;
          paint.beginPath();
          paint.moveTo(x + from, middle - 7);
          paint.lineTo(x, middle);
          paint.lineTo(x + from, middle + 7);
          paint.closePath();
          paint.fillStyle = ink;
          paint.strokeStyle = paper;
          paint.stroke();
          paint.fill();
        }
      }
    }
    if (hover >= 0) outline(hover);
  }

  function outline(i) {
    const { from, to, first } = run.lane;
    let core = 0;
    while (first[core + 1] <= i) core++;
    const rowHeight = (height - HEAD - FOOT) / view.rows, y = HEAD + (core - view.top) * rowHeight;
    const x = Math.max(left, xOf(from[i])), x2 = Math.min(width, xOf(to[i]));
    paint.strokeStyle = ink;
    paint.lineWidth = 2;
    paint.strokeRect(x, Math.max(HEAD, y), Math.max(2, x2 - x), rowHeight);
    paint.lineWidth = 1;
  }

  const later = () => { if (!pending) { pending = true; requestAnimationFrame(draw); } };

  // ---- Steps.

  function sentence(s) {
    const { steps } = run, core = steps.core[s];
    const values = {
      core: core >= 0 ? run.cores[core] : '', from: steps.from[s] >= 0 ? run.cores[steps.from[s]] : '', task: taskName(steps.job[s], steps.task[s]), n: steps.more[s],
      others: steps.more[s] === 1 ? '1 other waits' : `${steps.more[s] || 'no'} others wait`,
    };
    const text = fill(run.phrases[steps.phrase[s]], values);
    return text.charAt(0).toUpperCase() + text.slice(1);
  }

  function show(s, follow = true) {
    if (run.stepCount === 0) return;
    step = Math.min(Math.max(s, 0), run.stepCount - 1);
    $('step').value = step;
    const at = run.steps.at[step];
    $('step').setAttribute('aria-valuetext', `step ${step + 1} of ${run.stepCount}, ${time(at)}`);
    $('sentence').textContent = '';
    const bold = document.createElement('b');
    bold.textContent = `${step + 1} of ${run.stepCount} · ${time(at, 6)}: `;
    $('sentence').append(bold, sentence(step));
    const core = run.steps.core[step];
    if (follow) {
      if (at < view.from || at > view.to) { const span = view.to - view.from; view.from = at - span / 3; view.to = view.from + span; }
      if (core >= 0 && (core < view.top || core >= view.top + view.rows)) view.top = core - view.rows / 2;
      clampView();
    }
    later();
  }

  let playing = 0;
  function play(on) {
    clearInterval(playing);
    playing = 0;
    $('play').textContent = on ? 'Pause' : 'Play';
    if (on) playing = setInterval(() => (step + 1 < run.stepCount ? show(step + 1) : play(false)), 700);
  }

  // ---- The filter, and the intervals in words.

  const describe = (i) => `${taskName(run.lane.job[i], run.lane.task[i])} ${run.looks[run.lane.look[i]].name}`;
  let rows = [], page = 0;
  const PAGE = 50;

  function filter() {
    const words = $('filter').value.trim().toLowerCase().split(/\s*,\s*/).filter(Boolean);
    const { match, first } = run.lane;
    filtered = words.length > 0;
    rows = [];
    for (let core = 0; core < run.cores.length; core++) {
      const name = run.cores[core].toLowerCase();
      for (let i = first[core]; i < first[core + 1]; i++) {
        let hit = 1;
        if (filtered) {
          const text = describe(i).toLowerCase();
          hit = words.every((word) => text.includes(word) || name === word) ? 1 : 0;
        }
        match[i] = hit;
        if (hit) rows.push(i);
      }
    }
    page = 0;
    $('found').textContent = filtered ? `${rows.length} of ${run.count} intervals` : `${run.count} intervals`;
    list();
    later();
  }

  function coreOf(i) {
    let low = 0, high = run.cores.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (run.lane.first[middle] <= i) low = middle; else high = middle - 1;
    }
    return low;
  }

  function list() {
    if (!$('intervals').open) return;
    const body = $('rows');
    body.textContent = '';
    rows.slice(page * PAGE, (page + 1) * PAGE).forEach((i) => {
      const row = document.createElement('tr');
      const cells = [run.cores[coreOf(i)], time(run.lane.from[i], 6), time(run.lane.to[i] - run.lane.from[i]), run.looks[run.lane.look[i]].name, taskName(run.lane.job[i], run.lane.task[i])];
      cells.forEach((text, column) => {
        const cell = document.createElement('td');
        cell.textContent = text;
        if (column > 2) cell.className = 'text';
        row.append(cell);
      });
      body.append(row);
    });
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    $('page').textContent = `page ${page + 1} of ${pages}`;
  }

  // ---- What a hand does.

  const tip = $('tip');
  function point(event) {
    const box = canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const core = rowAt(y);
    hover = -1;
    if (x > left && y > HEAD && y < height - FOOT && core >= 0 && core < run.cores.length) {
      const ticks = ticksAt(x), i = firstAfter(core, ticks);
      if (i < run.lane.first[core + 1] && run.lane.from[i] <= ticks) hover = i;
    }
    tip.hidden = hover < 0;
    if (hover >= 0) {
      const { from, to, job, task } = run.lane;
      const lines = [`${run.cores[core]}: ${run.looks[run.lane.look[hover]].name}`];
      if (job[hover]) lines.push(taskName(job[hover], task[hover]));
      const size = sizeOf(job[hover], task[hover]);
      if (size) lines.push(size > 1 ? `a chunk of ${size} iterations` : 'a chunk of 1 iteration');
      lines.push(`${time(from[hover], 6)} to ${time(to[hover], 6)}: ${time(to[hover] - from[hover])}`);
      tip.textContent = lines.join('\n');
      tip.style.left = `${Math.min(x + 14, width - 240)}px`;
      tip.style.top = `${y + 16}px`;
    }
    later();
  }

  let held = null;
  canvas.addEventListener('pointerdown', (event) => {
    held = { x: event.clientX, y: event.clientY, from: view.from, to: view.to, top: view.top };
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add('dragged');
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!held) return point(event);
    tip.hidden = true;
    const by = (held.x - event.clientX) / (width - left) * (held.to - held.from);
    view.from = held.from + by;
    view.to = held.to + by;
    view.top = held.top + (held.y - event.clientY) / (height - HEAD - FOOT) * view.rows;
    clampView();
    later();
  });
  const release = () => { held = null; canvas.classList.remove('dragged'); };
  canvas.addEventListener('pointerup', release);
  canvas.addEventListener('pointercancel', release);
  canvas.addEventListener('pointerleave', () => { hover = -1; tip.hidden = true; later(); });
  canvas.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.shiftKey && !event.metaKey) return;
    event.preventDefault();
    const x = event.clientX - canvas.getBoundingClientRect().left;
    zoom(1.0015 ** (event.deltaY || event.deltaX), ticksAt(Math.max(left, x)));
  }, { passive: false });
  const keys = {
    ArrowLeft: () => pan(-0.1), ArrowRight: () => pan(0.1), ArrowUp: () => pan(0, -Math.max(1, view.rows / 10)), ArrowDown: () => pan(0, Math.max(1, view.rows / 10)),
    '+': () => zoom(0.5), '=': () => zoom(0.5), '-': () => zoom(2), Home: fit, '[': () => zoom(1, undefined, 0.5), ']': () => zoom(1, undefined, 2),
    n: () => show(step + 1), p: () => show(step - 1), ' ': () => play(!playing),
  };
  canvas.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  const click = (id, act) => $(id).addEventListener('click', act);
  click('in', () => zoom(0.5));
  click('out', () => zoom(2));
  click('whole', fit);
  click('fewer', () => zoom(1, undefined, 0.5));
  click('more', () => zoom(1, undefined, 2));
  click('back', () => { play(false); show(step - 1); });
  click('next', () => { play(false); show(step + 1); });
  click('play', () => play(!playing));
  click('previous-page', () => { page = Math.max(0, page - 1); list(); });
  click('next-page', () => { page = Math.min(Math.max(0, Math.ceil(rows.length / PAGE) - 1), page + 1); list(); });
  $('step').addEventListener('input', () => { play(false); show(Number($('step').value)); });
  let typing = 0;
  $('filter').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(filter, 150); });
  $('intervals').addEventListener('toggle', list);

  function legend() {
    const items = $('looks');
    items.textContent = '';
    run.looks.forEach((look) => {
      const item = document.createElement('li'), sample = document.createElement('i');
      sample.style.background = hexOf(shown(look.ground));
      item.append(sample, look.name);
      items.append(item);
    });
    if (run.arrowCount > 0) {
      const item = document.createElement('li');
      item.append(`arrows: work that a core takes from another's deque, where there are at most ${MOST_ARROWS} in view`);
      items.append(item);
    }
  }

  function choose(number) {
    play(false);
    if (!runs[number].lane) runs[number] = readRun(runs[number]);
    run = runs[number];
    $('notice').textContent = run.notice;
    $('step').max = Math.max(0, run.stepCount - 1);
    canvas.setAttribute('aria-label', run.spoken);
    colours();
    legend();
    step = 0;
    hover = -1;
    const tall = Math.min(34, Math.max(9, HEAD / 16 + run.cores.length * 1.8));
    canvas.style.height = `${tall}rem`;
    fit();
    filter();
    show(0, false);
  }

  const recolour = () => { colours(); legend(); draw(); };
  $('run').addEventListener('change', () => choose(Number($('run').value)));
  dark.addEventListener('change', recolour);
  window.addEventListener('resize', later);
  // On paper the picture keeps the shape in which it was painted.
  let tall = '';
  window.addEventListener('beforeprint', () => { printing = true; fit(); recolour(); tall = canvas.style.height; canvas.style.height = 'auto'; });
  window.addEventListener('afterprint', () => { printing = false; canvas.style.height = tall; recolour(); });

  choose(0);
  document.documentElement.setAttribute('data-lanes', 'ready');
  // For tests: how long frames take.
  window.makespanLanes = { draw, pan, zoom, show, view: () => view, sentence: () => $('sentence').textContent, steps: () => run.stepCount };
})();
