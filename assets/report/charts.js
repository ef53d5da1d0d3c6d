// The charts: Vega-Lite specifications that the page carries, drawn as SVG in the colours of the page.
'use strict';
(() => {
  const text = 'currentColor';
  const quiet = { labelColor: text, titleColor: text, domainColor: text, tickColor: text };
  const config = {
    background: 'transparent',
    font: '"Liberation Sans", Arial, Helvetica, sans-serif',
    // The figure has a label, and a table beside it: a voice for every mark would drown both.
    aria: false,
    view: { stroke: null },
    axis: { ...quiet, gridColor: text, gridOpacity: 0.15, labelFontSize: 12, titleFontSize: 12 },
    legend: { labelColor: text, titleColor: text, labelFontSize: 12, symbolStrokeWidth: 2 },
    title: { color: text },
    rule: { color: text },
    point: { color: text },
    text: { color: text },
  };
  const options = {
    renderer: 'svg',
    mode: 'vega-lite',
    config,
    tooltip: { theme: 'custom' },
    actions: { export: true, source: false, compiled: false, editor: false },
  };
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const drawn = charts.map(({ id, spec }) => vegaEmbed(`#${id}`, spec, options).then((chart) => chart.view));
  const all = Promise.all(drawn);
  all.then(() => document.documentElement.setAttribute('data-charts', charts.length));
  all.catch((error) => console.error(error));

  // On paper a chart is as wide as the paper, whatever the window was.
  const resize = () => all.then((views) => views.forEach((view) => view.resize().run()));
  window.addEventListener('beforeprint', resize);
  window.addEventListener('afterprint', resize);
})();
