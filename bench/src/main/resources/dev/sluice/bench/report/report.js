"use strict";
// Draws the charts from the JSON that is in the page. What a chart holds is put beside it, as data-drawn.
(() => {
  const results = JSON.parse(document.getElementById("results").textContent);
  const datapaths = results.checks.map((c) => c.datapath);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let printing = false;

  // Told apart without colour too: by the order, and in curves by the line.
  const COLOURS = ["#0969da", "#d4660a", "#1a7f6b", "#8250df", "#bf3989", "#6e7781", "#9a6700"];
  const LINES = ["solid", "dashed", "dotted", [8, 3, 2, 3], "solid", "dashed", "dotted"];
  const names = results.candidates.map((c) => c.name);
  const colour = (name) => COLOURS[names.indexOf(name) % COLOURS.length];

  const ink = () => {
    const style = getComputedStyle(document.documentElement);
    const light = printing || !dark.matches;
    return {
      text: light ? "#1b1f24" : style.getPropertyValue("--ink").trim(),
      soft: light ? "#59636e" : style.getPropertyValue("--soft").trim(),
      line: light ? "#d1d9e0" : style.getPropertyValue("--line").trim(),
      band: light ? "rgba(110,119,129,0.16)" : "rgba(145,152,161,0.22)",
    };
  };

  const key = (r) => r.workload + ", " + r.mode;
  const distinct = (list) => [...new Set(list)];
  const sort = (r) => (r.unit !== "ns" ? "rates" : r.metric === "latency" ? "tails" : "times");
  const scaled = (r) => r.extras.rules !== undefined || r.extras.endpoints !== undefined;
  const SCALE = { "round-trip": [1e3, "µs"], latency: [1e3, "µs"], duration: [1e6, "ms"] };

  const base = () => {
    const c = ink();
    return {
      animation: false,
      textStyle: { color: c.text, fontFamily: "system-ui, sans-serif" },
      legend: { top: 0, textStyle: { color: c.text }, itemWidth: 18 },
      tooltip: { confine: true },
      grid: { left: 8, right: 40, top: 40, bottom: 8, containLabel: true },
    };
  };
  const axis = (more) => {
    const c = ink();
    return {
      axisLabel: { color: c.text },
      nameTextStyle: { color: c.soft },
      axisLine: { lineStyle: { color: c.line } },
      splitLine: { lineStyle: { color: c.line } },
      ...more,
    };
  };

  // So that 1 is among the marks.
  const roundStep = (span) => [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].find((s) => span / s <= 10) || 50;

  // Bars from 1 to the ratio with whiskers for the interval; the noise floor is a band round 1.
  function ratios(which) {
    const wanted = results.results.filter(
      (r) => r.mode !== "unpinned" && !scaled(r) && sort(r) === which && r.ratio && r.candidate !== "loopback");
    // One interval that reaches far would leave no room for all the others: what goes beyond has no end mark.
    const far = 3 * Math.max(0.05, ...wanted.map((r) => Math.abs(r.ratio.median - 1)));
    const cut = (value) => Math.min(Math.max(value, 1 - far), 1 + far);
    const rows = distinct(wanted.map(key));
    const shown = distinct(wanted.map((r) => r.candidate));
    const series = shown.map((name, index) => ({
      name,
      type: "custom",
      itemStyle: { color: colour(name) },
      encode: { x: [1, 2, 3], y: 0 },
      data: wanted.filter((r) => r.candidate === name).map((r) => {
        const i = r.ratio.interval || { low: r.ratio.median, high: r.ratio.median };
        return [rows.indexOf(key(r)), r.ratio.median, i.low, i.high];
      }),
      renderItem: (params, api) => {
        const row = api.value(0);
        const height = api.size([0, 1])[1] * 0.8 / shown.length;
        const at = (value) => api.coord([value, row]);
        const y = at(1)[1] + (index - (shown.length - 1) / 2) * height;
        const one = at(1)[0], end = at(api.value(1))[0], low = at(cut(api.value(2)))[0], high = at(cut(api.value(3)))[0];
        const stroke = { stroke: ink().text, lineWidth: 1.2 };
        const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: stroke });
        const mark = (x, index) => (cut(api.value(index)) === api.value(index) ? [line(x, y - 3, x, y + 3)] : []);
        return {
          type: "group",
          children: [
            { type: "rect",
              shape: { x: Math.min(one, end), y: y - height * 0.36, width: Math.max(1, Math.abs(end - one)), height: height * 0.72 },
              style: { fill: api.visual("color") } },
            line(low, y, high, y), ...mark(low, 2), ...mark(high, 3),
            { type: "text",
              style: { text: api.value(1).toFixed(3), x: Math.max(one, high, end) + 5, y, textVerticalAlign: "middle",
                fill: ink().soft, font: "11px system-ui, sans-serif" } },
          ],
        };
      },
      tooltip: { formatter: (p) => `${rows[p.value[0]]}<br>${name}: ${p.value[1].toFixed(3)} [${p.value[2].toFixed(3)}, ${p.value[3].toFixed(3)}]` },
    }));
    const floors = rows.map((row) => (wanted.find((r) => key(r) === row).noiseFloor || 0));
    series.unshift({
      name: "noise floor",
      type: "custom",
      silent: true,
      itemStyle: { color: ink().band },
      encode: { x: [1, 2], y: 0 },
      data: floors.map((f, i) => [i, 1 / (1 + f), 1 + f]),
      renderItem: (params, api) => {
        const a = api.coord([cut(api.value(1)), api.value(0)]), b = api.coord([cut(api.value(2)), api.value(0)]);
        const height = api.size([0, 1])[1];
        return { type: "rect", shape: { x: a[0], y: a[1] - height / 2, width: b[0] - a[0], height }, style: { fill: ink().band } };
      },
    });
    const ends = wanted.flatMap((r) => [r.ratio.median, ...(r.ratio.interval ? [cut(r.ratio.interval.low), cut(r.ratio.interval.high)] : [])]);
    const low = Math.min(1, ...ends), high = Math.max(1, ...ends), pad = Math.max(0.02, (high - low) * 0.1);
    const step = roundStep(high - low + pad);
    const down = Math.max(0, 1 - Math.ceil((1 - low + pad / 4) / step) * step);
    return {
      height: 70 + rows.length * Math.max(60, 20 * shown.length),
      option: {
        ...base(),
        xAxis: axis({
          type: "value",
          min: down,
          max: down + Math.ceil((high + pad - down) / step) * step,
          interval: step,
          axisLabel: { color: ink().text, formatter: (v) => String(Math.round(v * 100) / 100) },
        }),
        yAxis: axis({ type: "category", data: rows, inverse: true, axisTick: { show: false } }),
        series,
      },
    };
  }

  // From the middle outwards: each step to the right is a tenth of what is left above.
  const POSITION = (percent) => (percent >= 100 ? null : -Math.log10(1 - percent / 100));
  const MARKS = { 0: "p0", 1: "p90", 2: "p99", 3: "p99.9", 4: "p99.99" };

  function percentiles(workload, mode) {
    const wanted = results.results.filter((r) => r.workload === workload && r.mode === mode);
    if (!wanted.some((r) => r.percentiles.length)) return null;
    const [scale, unit] = SCALE[wanted[0].metric];
    const shown = wanted.filter((r) => datapaths.includes(r.candidate) || r.candidate === "veth");
    return {
      height: 320,
      option: {
        ...base(),
        tooltip: { trigger: "axis", confine: true, valueFormatter: (v) => v.toFixed(2) + " " + unit },
        xAxis: axis({ type: "value", min: 0, max: 4, interval: 1, axisLabel: { color: ink().text, formatter: (v) => MARKS[v] || "" } }),
        yAxis: axis({ type: "log", name: unit, min: (v) => 10 ** Math.floor(Math.log10(v.min)) }),
        series: shown.map((r) => ({
          name: r.candidate,
          type: "line",
          symbolSize: 5,
          itemStyle: { color: colour(r.candidate) },
          lineStyle: { color: colour(r.candidate), type: LINES[names.indexOf(r.candidate) % LINES.length], width: 2 },
          data: r.percentiles.filter((q) => q.percent < 100).map((q) => [POSITION(q.percent), q.value / scale]),
        })),
      },
    };
  }

  // One row for each workload and candidate; shares of a bar are user, system, softirq.
  function cost() {
    const wanted = results.results.filter((r) => r.cost && r.cost.per === "transaction" && !scaled(r));
    if (!wanted.length) return null;
    const rows = wanted.map((r) => key(r) + "  " + r.candidate);
    const parts = { user: "#54aeff", system: "#0969da", softirq: "#d4660a" };
    return {
      height: 70 + 17 * rows.length,
      option: {
        ...base(),
        tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, valueFormatter: (v) => v.toFixed(2) + " µs" },
        xAxis: axis({ type: "value", name: "µs", nameLocation: "end" }),
        yAxis: axis({ type: "category", data: rows, inverse: true, axisTick: { show: false }, axisLabel: { color: ink().text, fontSize: 11, interval: 0 } }),
        series: Object.keys(parts).map((part) => ({
          name: part,
          type: "bar",
          stack: "cpu",
          barWidth: "70%",
          itemStyle: { color: parts[part] },
          data: wanted.map((r) => r.cost[part] / 1e3),
        })),
      },
    };
  }

  function control() {
    const wanted = results.results.filter((r) => r.metric === "duration");
    const rows = distinct(wanted.map((r) => r.workload));
    const shown = distinct(wanted.map((r) => r.candidate));
    return {
      height: 70 + rows.length * Math.max(50, 18 * shown.length),
      option: {
        ...base(),
        tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, valueFormatter: (v) => (v == null ? "" : v.toFixed(2) + " ms") },
        xAxis: axis({ type: "value", name: "ms", nameLocation: "end" }),
        yAxis: axis({ type: "category", data: rows, inverse: true, axisTick: { show: false } }),
        series: shown.map((name) => ({
          name,
          type: "bar",
          itemStyle: { color: colour(name) },
          label: { show: true, position: "right", color: ink().soft, fontSize: 11, formatter: (p) => (p.value == null ? "" : p.value.toFixed(1)) },
          data: rows.map((row) => {
            const r = wanted.find((w) => w.workload === row && w.candidate === name);
            return r ? r.p50 / 1e6 : null;
          }),
        })),
      },
    };
  }

  const SORTS = { rules: ["policy rules", 10], endpoints: ["endpoints", 2] };

  // A line over the sizes for each datapath, with a whisker at each point; workload ends in what there is more of.
  function scale(workload, mode) {
    const sort = workload.slice(workload.lastIndexOf("-") + 1);
    const [words, logBase] = SORTS[sort];
    const wanted = results.results.filter((r) => r.ratio && r.mode === mode
      && r.workload === workload + "-" + r.extras[sort] && datapaths.includes(r.candidate));
    if (!wanted.length) return null;
    const sizes = distinct(wanted.map((r) => r.extras[sort]));
    const shown = distinct(wanted.map((r) => r.candidate));
    const points = (name) => wanted.filter((r) => r.candidate === name).map((r) => {
      const i = r.ratio.interval || { low: r.ratio.median, high: r.ratio.median };
      return [r.extras[sort], r.ratio.median, i.low, i.high];
    });
    const marks = (name, index) => ({
      name,
      type: "custom",
      itemStyle: { color: colour(name) },
      encode: { x: 0, y: [1, 2, 3] },
      data: points(name),
      renderItem: (params, api) => {
        // Beside each other where points would cover each other.
        const shift = (index - (shown.length - 1) / 2) * 5;
        const x = api.coord([api.value(0), 1])[0] + shift;
        const [middle, low, high] = [1, 2, 3].map((i) => api.coord([api.value(0), api.value(i)])[1]);
        const style = { stroke: api.visual("color"), lineWidth: 1.5 };
        const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
        return { type: "group", children: [
          line(x, low, x, high), line(x - 3, low, x + 3, low), line(x - 3, high, x + 3, high),
          { type: "circle", shape: { cx: x, cy: middle, r: 3 }, style: { fill: api.visual("color") } }] };
      },
    });
    const ends = wanted.flatMap((r) => [r.ratio.median, ...(r.ratio.interval ? [r.ratio.interval.low, r.ratio.interval.high] : [])]);
    const low = Math.min(1, ...ends), high = Math.max(...ends), pad = Math.max(0.02, (high - low) * 0.1);
    const step = roundStep(high - low + 2 * pad);
    const down = Math.max(0, 1 - Math.ceil((1 - low + pad) / step) * step);
    return {
      height: 340,
      option: {
        ...base(),
        legend: { ...base().legend, itemWidth: 28 },
        grid: { left: 8, right: 28, top: 60, bottom: 24, containLabel: true },
        tooltip: { confine: true, formatter: (p) => `${p.seriesName}, ${p.value[0].toLocaleString("en")} ${words}: ${p.value[1].toFixed(3)} [${p.value[2].toFixed(3)}, ${p.value[3].toFixed(3)}]` },
        xAxis: axis({ type: "log", logBase, name: words, nameLocation: "middle", nameGap: 26,
          min: Math.min(...sizes) / 2, max: Math.max(...sizes) * 2, minorTick: { show: false },
          axisLabel: { color: ink().text, formatter: (v) => (sizes.includes(Math.round(v)) ? Math.round(v).toLocaleString("en") : "") } }),
        yAxis: axis({ type: "value", name: "times veth", nameTextStyle: { color: ink().soft, align: "left" }, min: down, max: down + Math.ceil((high + pad - down) / step) * step, interval: step,
          axisLabel: { color: ink().text, formatter: (v) => String(Math.round(v * 100) / 100) } }),
        series: [
          ...shown.map((name) => ({
            name,
            type: "line",
            symbol: "none",
            itemStyle: { color: colour(name) },
            lineStyle: { color: colour(name), type: LINES[names.indexOf(name) % LINES.length], width: 2 },
            encode: { x: 0, y: 1 },
            data: points(name),
          })),
          ...shown.map(marks),
        ],
      },
    };
  }

  const KINDS = { ratios: (w, m) => ratios(m), percentiles, scale, cost, control };
  const charts = [];

  // Of a printed page, CSS pixels, about; whatever the window's is.
  const PAGE = 720;

  // For print: pages are not all as wide.
  function scalable(chart) {
    const svg = chart.getDom().querySelector("svg");
    svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  }

  function draw() {
    charts.splice(0).forEach((chart) => chart.dispose());
    for (const div of document.querySelectorAll(".chart")) {
      const made = KINDS[div.dataset.kind](div.dataset.workload, div.dataset.mode);
      if (made === null) {
        div.parentElement.hidden = true;
        continue;
      }
      div.style.height = made.height + "px";
      div.dataset.drawn = "";
      const chart = echarts.init(div, null, { renderer: "svg", width: printing ? PAGE : undefined });
      chart.setOption(made.option);
      scalable(chart);
      div.dataset.drawn = JSON.stringify(
        chart.getOption().series.map((s) => ({ name: s.name, data: s.data })));
      charts.push(chart);
    }
  }

  draw();
  addEventListener("resize", () => charts.forEach((chart) => { chart.resize(); scalable(chart); }));
  dark.addEventListener("change", draw);
  addEventListener("beforeprint", () => { printing = true; draw(); });
  addEventListener("afterprint", () => { printing = false; draw(); });
})();
